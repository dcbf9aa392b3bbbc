import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    /// Pages for people. They read through the same use cases as the REST routes; what they change goes through REST.
    func addPages(to router: Router<CallContext>) {
        addAssets(to: router)
        addLogin(to: router)
        router.get("/") { request, _ in try await page(request) { try OverviewPage($0) } }
        router.get("/datasets/:dataset") { request, context in
            let name = try context.parameter("dataset")
            let offset = try request.queryCount("offset", in: 0...Int.max, default: 0)
            let rejects = try request.queryCount("rejects", in: 0...Int.max, default: 0)
            let version = try request.pageVersion()
            return try await page(request) {
                try DatasetPage($0, name: name, version: version, offset: offset, rejectsAfter: rejects)
            }
        }
        addDatasetForms(to: router)
        router.get("/datasets/:dataset/profile") { request, context in
            let name = try context.parameter("dataset")
            let from = try request.queryCount("from", in: 1...Int.max, default: 1)
            let version = try request.pageVersion()
            return try await page(request) { try ProfilePage($0, name: name, version: version, from: from) }
        }
        router.get("/datasets/:dataset/correlations") { request, context in
            let name = try context.parameter("dataset")
            let target = request.query("target")
            let version = try request.pageVersion()
            return try await page(request) { try CorrelationsPage($0, name: name, version: version, target: target) }
        }
        router.get("/datasets/:dataset/compare") { request, context in
            let name = try context.parameter("dataset")
            let with = request.query("with")
            let version = try request.pageVersion()
            return try await page(request) { try ComparisonPage($0, name: name, version: version, with: with) }
        }
        router.get("/datasets/:dataset/train") { request, context in
            let name = try context.parameter("dataset")
            return try await page(request) { try TrainPage($0, name: name) }
        }
        router.get("/models") { request, _ in try await page(request) { try ModelsPage($0) } }
        router.get("/models/:model") { request, context in
            let name = try context.parameter("model")
            return try await page(request) { try ModelPage($0, name: name) }
        }
        router.get("/incidents") { request, _ in
            let after = request.query("after")
            return try await page(request) { try IncidentsPage($0, after: after) }
        }
        router.get("/incidents/:number") { request, context in
            let number = try context.count("number")
            return try await page(request) { try IncidentPage($0, number: number) }
        }
        router.get("/alerts") { request, _ in try await page(request) { try AlertsPage($0) } }
    }

    private func addAssets(to router: Router<CallContext>) {
        router.get("/assets/style.css") { _, _ in Response.asset(PageStyle.text, type: "text/css; charset=utf-8") }
        router.get("/assets/app.js") { _, _ in Response.asset(PageScript.text, type: "text/javascript; charset=utf-8") }
        router.get("/assets/icon.svg") { _, _ in Response.asset(PageStyle.icon, type: "image/svg+xml") }
    }

    /// Gathers and renders a page off the event loop. A refusal is a page too, for a client that asks for HTML.
    private func page<View: PageView>(
        _ request: Request, _ work: @escaping @Sendable (Workspace) throws -> View
    ) async throws -> Response {
        try await forPeople(request) {
            .html(try await Offload.run { try PageTemplates.render(try work(workspace)) })
        }
    }

    /// Answers a refusal with a page, for a client that asks for HTML.
    func forPeople(_ request: Request, _ work: () async throws -> Response) async throws -> Response {
        do {
            return try await work()
        } catch {
            let problem = ErrorTranslation.problem(for: error)
            guard problem.status < 500, request.headers[.accept]?.contains("text/html") == true else { throw error }
            return .html(
                try PageTemplates.render(ProblemPage(problem)), status: HTTPResponse.Status(code: problem.status))
        }
    }
}

extension Response {
    /// A part of the binary that changes only with it.
    fileprivate static func asset(_ text: String, type: String) -> Response {
        var response = Response.text(text, type: type)
        response.headers[.cacheControl] = "max-age=60"
        return response
    }
}

extension Request {
    fileprivate func pageVersion() throws(Problem) -> Int? {
        guard query("version") != nil else { return nil }
        return try queryCount("version", in: 1...Int.max, default: 1)
    }
}
