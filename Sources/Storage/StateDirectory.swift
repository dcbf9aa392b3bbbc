import Foundation

/// The directory of everything that outlives the process, held by one daemon at a time.
///
/// `csvand.db` is the catalogue, `segments/` holds the immutable segment files, `spool/` what an upload or a job needs only while it
/// runs (emptied at start), `lock` is held with `flock` while the daemon runs and has its process id.
package final class StateDirectory: Sendable {
    package let path: String
    private let lock: Int32

    package var databasePath: String { path + "/csvand.db" }
    package var segmentsPath: String { path + "/segments" }
    package var spoolPath: String { path + "/spool" }

    /// Makes the directory with mode 0700 if it is missing and takes its lock.
    ///
    /// Throws: `locked` if another process has it, `io` or `full` if it cannot be made or written.
    package init(_ path: String) throws(StorageError) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        try Self.make(path)
        try Self.make(path + "/segments")
        try Self.make(path + "/spool")
        lock = try Self.takeLock(path)
        self.path = path
        Self.empty(path + "/spool")
    }

    deinit { close(lock) }

    private static func make(_ path: String) throws(StorageError) {
        var built = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            built += built.isEmpty && part.isEmpty ? "/" : (built.isEmpty || built.hasSuffix("/") ? "" : "/") + part
            if mkdir(built, 0o700) != 0, errno != EEXIST, errno != EROFS, errno != EACCES, errno != EISDIR {
                throw StorageError(errno: errno, doing: "making \(built)")
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError(errno: errno, doing: "opening \(path)") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw StorageError(errno: ENOTDIR, doing: "opening \(path)") }
        guard access(path, W_OK | X_OK) == 0 else { throw StorageError(errno: errno, doing: "writing in \(path)") }
    }

    private static func takeLock(_ path: String) throws(StorageError) -> Int32 {
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, doing: "opening \(path)/lock") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            var text = [UInt8](repeating: 0, count: 16)
            let count = pread(descriptor, &text, text.count, 0)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw StorageError(errno: code, doing: "locking \(path)/lock") }
            let digits = String(decoding: text.prefix(max(0, count)), as: UTF8.self)
            throw .locked(directory: path, pid: Int32(digits.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        // The process id is a courtesy to whoever finds the directory locked; without space for it the lock still holds.
        let pid = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, pid, pid.utf8.count, 0)
        return descriptor
    }

    private static func empty(_ path: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }
}

extension StorageError {
    /// Translates an errno.
    init(errno code: Int32, doing: String) {
        self =
            code == ENOSPC || code == EDQUOT
            ? .full(doing: doing) : .io(doing: doing, code: code, message: String(cString: strerror(code)))
    }
}
