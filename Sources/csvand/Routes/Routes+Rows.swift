import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostRows = 100_000

    func addRows(to router: Router<CallContext>) {
        router.get("/api/v1/datasets/:dataset/rows") { request, context in try await rows(request, context) }
        router.get("/api/v1/datasets/:dataset/export") { request, context in try await export(request, context) }
    }

    private func rows(_ request: Request, _ context: CallContext) async throws -> Response {
        let name = try context.parameter("dataset")
        let query = RowsRequest(
            version: try version(request), limit: try request.queryCount("limit", in: 1...Self.mostRows, default: 100),
            offset: try request.queryCount("offset", in: 0...Int.max, default: 0), after: request.query("after"),
            columns: request.queryNames("columns"), filter: request.query("where"),
            sort: request.query("sort"), asText: try RowsRequest.isText(request.query("values")),
            format: try RowsRequest.Format(parameter: request.query("format")))
        let page = try await Offload.run { try workspace.rows(of: name, query) }
        return Response.bytes(page.body, type: query.format.contentType)
    }

    private func export(_ request: Request, _ context: CallContext) async throws -> Response {
        let name = try context.parameter("dataset")
        let query = ExportRequest(
            version: try version(request), format: try ExportFormat(parameter: request.query("format")),
            isRaw: try request.queryFlag("raw") ?? false,
            columns: request.query("columns")?.split(separator: ",").map(String.init), filter: request.query("where"))
        let export = try await Offload.run { try workspace.export(name, query) }
        var response = Response(
            status: .ok, headers: [.contentType: query.format.contentType],
            body: ResponseBody { writer in
                while let block = try await Offload.run({ try export.next() }) {
                    try await writer.write(ByteBuffer(bytes: block))
                }
                try await writer.finish(nil)
            })
        if let bytes = export.bytes { response.headers[.contentLength] = String(bytes) }
        response.headers[.contentDisposition] = Self.attachment(export.fileName)
        return response
    }

    func version(_ request: Request) throws -> Int? {
        guard request.query("version") != nil else { return nil }
        return try request.queryCount("version", in: 1...Int.max, default: 1)
    }

    /// RFC 6266, with an ASCII name and the true one.
    static func attachment(_ name: String) -> String {
        let ascii = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? String($0) : "_" }
            .joined()
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ascii
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(encoded)"
    }
}
