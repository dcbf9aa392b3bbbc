import NIOCore
import NIOHTTPTypes

/// Closes connections whose client is too slow on purpose, so that a few of them cannot hold all connections (slowloris).
///
/// A head must be complete within its time. A body may take as long as it moves: the time that the daemon waits for bytes is counted,
/// not the time that it takes to work on them, and each KiB that arrives earns a second more.
///
/// Stands first in the pipeline, where bytes arrive; `RequestEdges` behind the decoder tells it where requests begin and end. One timer looks
/// after a connection while it has requests, rather than one for each: they would be a twentieth of the work of a short answer.
final class SlowClientGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case between, head, body }

    private let headTimeout: TimeAmount
    private let bodyTimeout: TimeAmount
    /// How often a connection is looked at.
    private let interval: TimeAmount
    private var phase = Phase.between
    private var timer: Scheduled<Void>?
    private var headSince = NIODeadline.uptimeNanoseconds(0)
    private var receivedBytes = 0
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?

    init(headTimeout: TimeAmount, bodyTimeout: TimeAmount) {
        self.headTimeout = headTimeout
        self.bodyTimeout = bodyTimeout
        interval = min(headTimeout, .nanoseconds(bodyTimeout.nanoseconds / 2))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receivedBytes += unwrapInboundIn(data).readableBytes
        if phase == .between {
            phase = .head
            headSince = .now()
            if timer == nil { lookAgain(context, after: interval) }
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
        switch edge {
        case .head:
            phase = .body
            (receivedBytes, waited, waitingSince) = (0, .zero, nil)
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

    private func lookAgain(_ context: ChannelHandlerContext, after delay: TimeAmount) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in look(context, at: .now()) }
    }

    /// Closes the connection of a client that is too slow; looks again later while there is a request under way.
    private func look(_ context: ChannelHandlerContext, at now: NIODeadline) {
        timer = nil
        switch phase {
        case .between: break
        case .head:
            let left = headSince + headTimeout - now
            if left <= .zero { context.close(promise: nil) } else { lookAgain(context, after: min(interval, left)) }
        case .body:
            if isBodyTooSlow(at: now) { context.close(promise: nil) } else { lookAgain(context, after: interval) }
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
