import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import Operations
import ServiceLifecycle

/// Serves HTTP/1.1 on a socket that is bound already, which Hummingbird's own server cannot do.
struct SocketServer<Responder: HTTPResponder>: Service where Responder.Context == CallContext {
    let socket: ListeningSocket
    let responder: Responder
    let maxConnections: Int
    let timeouts: ConnectionTimeouts
    let logger: Logger
    let onListening: @Sendable () async -> Void

    func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let http = HTTP1Channel(
            responder: { request, writer, channel in try await answer(request, writer, channel) },
            configuration: .init(
                additionalChannelHandlers: [RequestEdges(), ExpectContinueHandler()],
                idleTimeout: timeouts.idle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)))
        let quiescing = ServerQuiescingHelper(group: group)
        let limit = ConnectionLimit(maxConnections)
        let server = try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AvailableConnectionsChannelHandler(delegate: limit))
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(socket.descriptor, serverBackPressureStrategy: nil) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PeerWatch())
                    try channel.pipeline.syncOperations.addHandler(
                        SlowClientGuard(headTimeout: timeouts.head, bodyTimeout: timeouts.body))
                }.flatMap { http.setup(channel: channel, logger: logger) }
            }
        try await withGracefulShutdownHandler {
            await onListening()
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        let executor = EventLoopExecutor(connection.channel.eventLoop)
                        group.addTask(executorPreference: executor) {
                            await http.handle(value: connection, logger: logger)
                        }
                    }
                }
            }
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
    }

    private func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let id = RequestIDs.next()
        var callLogger = logger
        callLogger[metadataKey: "request_id"] = "\(id)"
        let origin = socket.kind == .tcp ? CallContext.Origin.tcp : await PeerCredentials.origin(of: channel)
        let context = CallContext(
            source: CallSource(logger: callLogger, origin: origin, requestID: id, channel: channel))
        let response = try await responder.respond(to: request, context: context)
        try await writer.write(response: response.head, body: response.body)
    }
}

/// How long a client may take.
struct ConnectionTimeouts: Sendable {
    let idle: TimeAmount
    let head: TimeAmount
    let body: TimeAmount

    init(_ settings: Settings.HTTP) {
        idle = .milliseconds(Int64(settings.idleTimeoutSeconds * 1000))
        head = .milliseconds(Int64(settings.headerTimeoutSeconds * 1000))
        body = .milliseconds(Int64(settings.bodyTimeoutSeconds * 1000))
    }
}

/// Lets no more than so many connections be open at once; the others wait in the listen queue.
private struct ConnectionLimit: AvailableConnectionsDelegate {
    private let most: Int
    private var open = 0

    init(_ most: Int) { self.most = most }

    mutating func connectionOpened() { open += 1 }
    mutating func connectionClosed() { open -= 1 }
    func isAcceptingNewConnections() -> Bool { open < most }
}

/// Asks the kernel who is at the other end of a Unix socket.
private enum PeerCredentials {
    /// `struct ucred` of Linux.
    private struct Credentials {
        var processID: Int32 = 0
        var userID: UInt32 = .max
        var groupID: UInt32 = .max
    }

    static func origin(of channel: any Channel) async -> CallContext.Origin {
        guard let provider = channel as? any SocketOptionProvider else { return .control(userID: .max, processID: 0) }
        // Safety: SO_PEERCRED fills in exactly this struct.
        let credentials: Credentials? = try? await provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        guard let credentials else { return .control(userID: .max, processID: 0) }
        return .control(userID: credentials.userID, processID: credentials.processID)
    }
}
