import Hummingbird
import Operations
import Shared

extension Routes {
    func addDataRules(to router: Router<CallContext>) {
        router.get("/api/v1/datasets/:dataset/rules") { request, context in
            try await answer(request, context) { try $0.dataRules(of: $1, version: $2) }
        }
        router.put("/api/v1/datasets/:dataset/rules") { request, context in
            let document = try await request.decoded(JSONValue.self)
            return try await answer(request, context) { workspace, name, _ in
                try workspace.putDataRules(document, of: name)
            }
        }
    }
}
