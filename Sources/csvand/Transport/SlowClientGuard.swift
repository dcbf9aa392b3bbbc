import NIOCore
import NIOHTTPTypes

/// Closes connections whose client is too slow on purpose, so that a few of them cannot hold all connections (slowloris).
///
/// A head must be complete within its time. A body may take as long as it moves: the time that the daemon waits for bytes is counted,
/// not the time that it takes to work on them, and each KiB that arrives earns a second more.
///
/// Stands first in the pipeline, where bytes arrive; `RequestEdges` behind the decoder tells it where requests begin and end.
final class SlowClientGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case between, head, body }

    private let headTimeout: TimeAmount
    private let bodyTimeout: TimeAmount
    private var phase = Phase.between
    private var timer: Scheduled<Void>?
    private var receivedBytes = 0
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?

    init(headTimeout: TimeAmount, bodyTimeout: TimeAmount) {
        self.headTimeout = headTimeout
        self.bodyTimeout = bodyTimeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receivedBytes += unwrapInboundIn(data).readableBytes
        if phase == .between {
            phase = .head
            schedule(context, after: headTimeout) { _, _ in true }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let since = waitingSince { waited = waited + (.now() - since) }
        waitingSince = nil
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if waitingSince == nil { waitingSince = .now() }
        context.read()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let edge = event as? RequestEdge else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        timer?.cancel()
        timer = nil
        switch edge {
        case .head:
            phase = .body
            (receivedBytes, waited, waitingSince) = (0, .zero, nil)
            schedule(context, after: .nanoseconds(bodyTimeout.nanoseconds / 2)) { guardian, now in
                guardian.isBodyTooSlow(at: now)
            }
        case .end: phase = .between
        }
        promise?.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func isBodyTooSlow(at now: NIODeadline) -> Bool {
        let waiting = waited + (waitingSince.map { now - $0 } ?? .zero)
        return waiting > bodyTimeout + .seconds(Int64(receivedBytes / 1024))
    }

    /// Looks after a time, and again and again, until the client is too slow or the timer is cancelled.
    private func schedule(
        _ context: ChannelHandlerContext, after delay: TimeAmount,
        isTooSlow: @escaping (SlowClientGuard, NIODeadline) -> Bool
    ) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            if isTooSlow(self, .now()) {
                context.close(promise: nil)
            } else {
                schedule(context, after: delay, isTooSlow: isTooSlow)
            }
        }
    }
}

/// Where a request is.
enum RequestEdge { case head, end }

/// Tells `SlowClientGuard`, before the decoder, what has been decoded.
final class RequestEdges: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: context.triggerUserOutboundEvent(RequestEdge.head, promise: nil)
        case .body: break
        case .end: context.triggerUserOutboundEvent(RequestEdge.end, promise: nil)
        }
        context.fireChannelRead(data)
    }
}
