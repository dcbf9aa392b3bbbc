import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    func addSQL(to router: Router<CallContext>) {
        router.post("/api/v1/sql") { request, context in
            let query = try await request.decoded(SQLRequest.self, limit: 1 << 20)
            let format = try SQLFormat(field: query.format, accept: request.headers[.accept])
            let peer = await context.peer()
            let hasLeft: @Sendable () -> Bool = { peer?.hasLeft ?? false }
            guard format != .json else {
                return Response.bytes(try await workspace.query(query, hasLeft: hasLeft), type: format.contentType)
            }
            let stream = try await workspace.stream(query, as: format, hasLeft: hasLeft)
            return Self.streamed(stream, type: format.contentType)
        }
    }

    /// Sends rows as they are computed and as fast as the client reads them: the next batch is computed when the last one is written.
    private static func streamed(_ stream: SQLStream, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody { writer in
                while let bytes = try await stream.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
                // A form without a line for it says so in a trailer.
                try await writer.finish(stream.truncated ? [.truncated: "true"] : nil)
            })
    }
}

extension HTTPField.Name {
    /// Trailer of a streamed answer that a limit cut off.
    static let truncated = HTTPField.Name("X-Truncated") ?? .trailer
}
