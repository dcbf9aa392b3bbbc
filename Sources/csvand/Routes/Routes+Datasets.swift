import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    /// Bytes of a CSV that a sniff looks at.
    private static let mostSniffBytes = 4 << 20
    private static let mostPage = 1_000
    /// Corrected rows of one request.
    private static let mostRepairBytes = 32 << 20

    func addDatasets(to router: Router<CallContext>) {
        router.post("/api/v1/datasets") { request, _ in try await upload(request) }
        router.get("/api/v1/datasets") { request, _ in try await listDatasets(request) }
        router.post("/api/v1/sniff") { request, _ in try await sniff(request) }
        router.get("/api/v1/datasets/:dataset") { request, context in
            try await answer(request, context) { try $0.dataset($1, version: $2) }
        }
        router.patch("/api/v1/datasets/:dataset") { request, context in
            let change = try await request.decoded(DatasetChange.self)
            return try await answer(request, context) { workspace, name, _ in try workspace.change(name, change) }
        }
        router.delete("/api/v1/datasets/:dataset") { _, context in
            let name = try context.parameter("dataset")
            try await Offload.run { try workspace.deleteDataset(name) }
            return Response(status: .noContent)
        }
        router.get("/api/v1/datasets/:dataset/versions") { request, context in
            try await answer(request, context) { workspace, name, _ in Page(items: try workspace.versions(of: name)) }
        }
        router.get("/api/v1/datasets/:dataset/profile") { request, context in
            try await answer(request, context) { try $0.profile(of: $1, version: $2) }
        }
        router.get("/api/v1/datasets/:dataset/profile/:column") { request, context in
            let column = try context.parameter("column")
            return try await answer(request, context) { try $0.profile(of: $1, column: column, version: $2) }
        }
        router.get("/api/v1/datasets/:dataset/correlations") { request, context in
            let columns = request.queryNames("columns")
            let target = request.query("target")
            return try await answer(request, context) {
                try $0.associations(of: $1, version: $2, columns: columns, target: target)
            }
        }
        router.get("/api/v1/datasets/:dataset/duplicates") { request, context in
            let columns = request.queryNames("columns")
            return try await answer(request, context) { try $0.duplicates(of: $1, version: $2, columns: columns) }
        }
        router.get("/api/v1/datasets/:dataset/compare") { request, context in
            let with = request.query("with")
            return try await answer(request, context) { try $0.compare($1, version: $2, with: with) }
        }
        router.get("/api/v1/datasets/:dataset/rejects") { request, context in
            let after = try request.queryCount("after", in: 0...Int.max, default: 0)
            let limit = try request.queryCount("limit", in: 1...Self.mostPage, default: 100)
            return try await answer(request, context) {
                try $0.rejects(of: $1, version: $2, after: after, limit: limit)
            }
        }
        router.post("/api/v1/datasets/:dataset/rejects") { request, context in
            let repairs = try await request.decoded(RejectRepairs.self, limit: Self.mostRepairBytes)
            return try await answer(request, context) { workspace, name, _ in
                try workspace.readmit(repairs, of: name)
            }
        }
        router.post("/api/v1/datasets/:dataset/rejects/:number") { request, context in
            let number = try context.count("number")
            let repair = try await request.decoded(RejectRepair.self)
            return try await answer(request, context) { workspace, name, _ in
                try workspace.readmit(number, of: name, repair: repair)
            }
        }
    }

    /// Runs a use case for the dataset of the path and its `?version=`, off the event loop.
    func answer(
        _ request: Request, _ context: CallContext,
        _ work: @escaping @Sendable (Workspace, String, Int?) throws -> some Encodable & Sendable
    ) async throws -> Response {
        let name = try context.parameter("dataset")
        let version = try request.query("version").map { _ in
            try request.queryCount("version", in: 1...Int.max, default: 1)
        }
        return try Response.json(try await Offload.run { try work(workspace, name, version) })
    }

    private func listDatasets(_ request: Request) async throws -> Response {
        let limit = try request.queryCount("limit", in: 1...Self.mostPage, default: 100)
        let after = request.query("after")
        return try Response.json(try await Offload.run { try workspace.datasets(after: after, limit: limit) })
    }

    private func sniff(_ request: Request) async throws -> Response {
        let options = try UploadParameters(request.queryValues).options
        var sample = [UInt8]()
        for try await buffer in request.body {
            guard sample.count < Self.mostSniffBytes else { break }
            sample.append(contentsOf: buffer.readableBytesView.prefix(Self.mostSniffBytes - sample.count))
        }
        let bytes = sample
        return try Response.json(
            try await Offload.run {
                try workspace.sniff(bytes, options: options, isWhole: bytes.count < Self.mostSniffBytes)
            })
    }

    /// Takes an upload while it arrives: a raw body, a gzip body or a browser's form.
    private func upload(_ request: Request) async throws -> Response {
        let parameters = try UploadParameters(request.queryValues)
        let upload = try await receive(request, parameters)
        let dataset = try await upload.finish()
        var response = try Response.json(dataset, status: .created)
        response.headers[.location] = "/api/v1/datasets/\(dataset.id)"
        return response
    }

    private func receive(_ request: Request, _ parameters: UploadParameters) async throws -> Upload {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) {
            try workspace.admitUpload(bytes: length)
        }
        let contentType = request.headers[.contentType] ?? "text/csv"
        if var form = MultipartReader(contentType: contentType) {
            return try await receive(form: &form, request, parameters)
        }
        let upload = try workspace.beginUpload(parameters.request, isGzip: try Self.isGzip(request))
        do {
            for try await buffer in request.body {
                try buffer.withUnsafeReadableBytes { try upload.append($0) }
            }
        } catch {
            await upload.abandon(error)
            throw error
        }
        return upload
    }

    private func receive(
        form: inout MultipartReader, _ request: Request, _ parameters: UploadParameters
    ) async throws -> Upload {
        var upload: Upload?
        do {
            for try await buffer in request.body {
                let piece = try form.feed(buffer.readableBytesView)
                guard !piece.isEmpty else { continue }
                if upload == nil {
                    let named = try parameters.completed(by: form.fields, fileName: form.fileName)
                    upload = try workspace.beginUpload(named.request, isGzip: false)
                }
                try piece.withUnsafeBytes { try upload?.append($0) }
            }
            try form.finish()
        } catch {
            await upload?.abandon(error)
            throw error
        }
        if let upload { return upload }
        let named = try parameters.completed(by: form.fields, fileName: form.fileName)
        return try workspace.beginUpload(named.request, isGzip: false)
    }

    private static func isGzip(_ request: Request) throws(Problem) -> Bool {
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": return false
        case "gzip", "x-gzip": return true
        case .some(let other):
            throw Problem(
                .requestUnsupportedMedia, "The Content-Encoding \(other.quotedForMessage) is not supported.",
                remedy: "Send the CSV plain or with Content-Encoding: gzip.")
        }
    }
}

extension CallContext {
    /// A path parameter that counts from 1.
    func count(_ name: String) throws(Problem) -> Int {
        let text = try parameter(name)
        guard let value = Int(text), value > 0 else {
            throw .badParameter(name, text, expected: "a whole number from 1")
        }
        return value
    }
}
