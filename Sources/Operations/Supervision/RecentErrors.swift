import Shared

/// The last errors of the application, newest first: evidence for incidents.
package struct RecentErrors: Sendable {
    private let most: Int
    private var errors: [Evidence.RecordedError] = []

    package init(most: Int = 200) { self.most = most }

    package mutating func append(_ error: Evidence.RecordedError) {
        if errors.count == most { errors.removeFirst() }
        errors.append(error)
    }

    package func newest(_ count: Int) -> [Evidence.RecordedError] { errors.suffix(count).reversed() }
}
