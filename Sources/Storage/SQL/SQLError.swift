import Shared

/// Why a query has no answer.
package enum SQLError: Error, Sendable, Equatable {
    /// SQLite does not understand it; `offset` is in UTF-8 bytes of the query.
    case syntax(message: String, offset: Int?, remedy: String)
    /// It does something other than read datasets.
    case notAllowed(String)
    case timeout(seconds: Double)
    case cancelled
    /// It failed while running, such as an integer overflow.
    case failed(String)
    case parameter(String)
    case storage(StorageError)
}

extension SQLError {
    /// The error as clients see it.
    package var problem: Problem {
        switch self {
        case .syntax(let message, let offset, let remedy):
            Problem(
                .sqlSyntax, message.prefix(1).uppercased() + message.dropFirst() + ".", remedy: remedy,
                places: offset.map { [.init(byte: $0)] })
        case .notAllowed(let what):
            Problem(
                .sqlNotAllowed, "The query is refused: \(what).",
                remedy: "Write one SELECT over datasets; change data with uploads and transformations.")
        case .timeout(let seconds):
            Problem(
                .sqlTimeout, "The query was stopped after \(seconds) s.",
                remedy: "Filter or aggregate more, or pass a larger timeout_seconds up to sql.timeout_seconds.")
        case .cancelled: Problem(.sqlFailed, "The query was cancelled.", remedy: "Send it again if it is still needed.")
        case .failed(let message):
            Problem(
                .sqlFailed, "The query failed: \(message).", remedy: "Change the expression that the message names.")
        case .parameter(let message):
            Problem(.sqlParameter, message + ".", remedy: "Pass one value for each ? of the query.")
        case .storage(let error): error.problem
        }
    }
}
