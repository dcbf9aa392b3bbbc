import Dispatch

/// Runs blocking work (SQLite, files, kernels) on threads of its own, so that the few threads of Swift's concurrency and the event
/// loops stay free to answer.
package enum Offload {
    private static let queue = DispatchQueue(label: "csvand.blocking", qos: .userInitiated, attributes: .concurrent)

    package static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
