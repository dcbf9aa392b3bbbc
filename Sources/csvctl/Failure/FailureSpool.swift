import Foundation
import Shared

/// The file by which a failure waits for the daemon: written whole or not at all, and on the disk before anything else is done.
struct FailureSpool {
    private let path: String

    /// - Throws: `POSIXError` or `CocoaError` when the file cannot be written.
    init(stateDirectory: String, _ report: FailureReport) throws {
        let directory = stateDirectory + "/" + FailureReport.directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let milliseconds = Int64(report.at.timeIntervalSince1970 * 1000)
        path = "\(directory)/\(milliseconds)-\(getpid()).json"
        try replace(report)
    }

    func replace(_ report: FailureReport) throws {
        let data = Array(try WireJSON.encode(report))
        let unfinished = path + ".new"
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure() }
        defer { close(descriptor) }
        guard write(descriptor, data, data.count) == data.count, fsync(descriptor) == 0,
            rename(unfinished, path) == 0
        else { throw Self.failure() }
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.failure() }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw Self.failure() }
    }

    private static func failure() -> any Error { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
