import Shared

/// Why a command ended without doing what it was asked.
enum CsvctlError: Error, Sendable, Equatable {
    /// The daemon answered with a problem.
    case refused(Problem)
    /// The daemon answered an error that is not a problem document.
    case unexpectedAnswer(status: Int, text: String)
    /// The answer was no JSON of the expected shape.
    case unreadableAnswer(what: String, detail: String)
    case unreachable(socket: String, detail: String)
    /// The operating system refuses the socket to this user.
    case socketForbidden(socket: String)
    /// The connection ended before the answer did.
    case interrupted(detail: String)
    case usage(String, remedy: String)
    case file(path: String, detail: String)
    /// A job that was followed ended badly.
    case jobEnded(id: String, state: JobState, problem: Problem?)
    case answeredNo
    /// A fire drill did not reach this hop.
    case drillFailed(hop: DrillHop?)
    /// A unit's failure could neither be told nor kept.
    case failureNotKept(detail: String)
}

extension CsvctlError {
    /// The exit status of the process.
    var exitStatus: Int32 {
        switch self {
        case .refused(let problem): problem.status == 403 || problem.status == 401 ? 77 : 1
        case .unexpectedAnswer(let status, _): status == 403 || status == 401 ? 77 : 1
        case .usage: 64
        case .unreachable: 69
        case .socketForbidden: 77
        case .unreadableAnswer, .interrupted, .file, .jobEnded, .answeredNo, .drillFailed, .failureNotKept: 1
        }
    }
}
