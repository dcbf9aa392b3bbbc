import Hummingbird
import Operations
import Shared

extension Routes {
    func addSQL(to router: Router<CallContext>) {
        router.post("/api/v1/sql") { request, _ in
            let query = try await request.decoded(SQLRequest.self, limit: 1 << 20)
            return try Response.json(try await workspace.query(query))
        }
    }
}
