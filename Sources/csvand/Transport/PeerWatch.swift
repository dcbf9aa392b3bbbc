import NIOCore
import Shared

/// Notices that the other end of a connection has gone, while the request that it sent is still at work.
///
/// A client that ends its side counts as gone, as it does for nginx: the two cannot be told apart before something is written.
final class PeerWatch: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let left = Locked(false)

    var hasLeft: Bool { left.current }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { left.withLock { $0 = true } }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        left.withLock { $0 = true }
        context.fireChannelInactive()
    }
}

extension CallContext {
    /// The watch over the connection that the call came by; nil for calls without one.
    func peer() async -> PeerWatch? { try? await channel?.pipeline.handler(type: PeerWatch.self).get() }
}
