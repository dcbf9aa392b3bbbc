/// The body of `POST /api/v1/datasets/{d}/transform`.
package struct TransformRequest: Codable, Sendable, Hashable {
    /// Each an object with `op` and what the operation takes.
    package var steps: [JSONValue]
    package var dryRun: Bool?
    package var onError: OnError?

    package enum OnError: String, Codable, Sendable, CaseIterable {
        case stop, skip
    }

    package init(steps: [JSONValue], dryRun: Bool? = nil, onError: OnError? = nil) {
        self.steps = steps
        self.dryRun = dryRun
        self.onError = onError
    }
}
