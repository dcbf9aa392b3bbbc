/// Why an exchange has no reply. An answer of 400 or 500 is a reply, not an error.
///
/// `reason` is libcurl's own text with the URL's path, query and user taken out.
package enum TransferError: Error, Sendable, Equatable {
    /// The request cannot be sent: a broken URL, a line break in a header, a socket path too long.
    case badRequest(reason: String)
    /// The URL, or the one that it leads to, is of a scheme that `schemes` leaves out.
    case schemeNotAllowed(scheme: String)
    case couldNotResolve(host: String, reason: String)
    /// Nobody listens, or the way there is closed. `errno` is the system's number, 0 when unknown: `EACCES` for a socket
    /// that this user may not open.
    case couldNotConnect(to: String, errno: Int32, reason: String)
    case timedOut(reason: String)
    case tls(reason: String)
    /// The connection was made and ended before the reply did.
    case brokenOff(reason: String)
    /// The other side does not speak HTTP.
    case notHTTP(reason: String)
    case tooManyRedirects
    case replyTooLong(limitBytes: Int)
    /// The body of the request could not be read.
    case bodyUnreadable(reason: String)
    /// By `TransferCancellation`, by the task, or by the closure that takes the reply.
    case cancelled
    /// Anything else that libcurl reports, with its number.
    case failed(code: Int, reason: String)
}

extension TransferError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badRequest(let reason): "the request cannot be sent: \(reason)"
        case .schemeNotAllowed(let scheme): "\(scheme.isEmpty ? "a URL without scheme" : scheme) is not allowed here"
        case .couldNotResolve(let host, _): "the host \(host) is not known"
        case .couldNotConnect(let to, _, let reason): "no connection to \(to): \(reason)"
        case .timedOut(let reason): "timed out: \(reason)"
        case .tls(let reason): "the encrypted connection was refused: \(reason)"
        case .brokenOff(let reason): "the connection broke off: \(reason)"
        case .notHTTP(let reason): "the answer is not HTTP: \(reason)"
        case .tooManyRedirects: "too many redirects"
        case .replyTooLong(let limit): "the answer is longer than \(limit) bytes"
        case .bodyUnreadable(let reason): "the body could not be read: \(reason)"
        case .cancelled: "cancelled"
        case .failed(let code, let reason): "curl error \(code): \(reason)"
        }
    }
}
