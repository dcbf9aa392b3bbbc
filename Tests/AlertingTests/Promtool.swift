import Foundation
import Testing

/// Runs the real promtool.
enum Promtool {
    static let absent: Comment = "promtool is not installed: `make test` installs it (Debian package prometheus)"

    static var path: String? {
        ["/usr/bin/promtool", "/usr/local/bin/promtool"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs promtool over files in a directory of their own.
    ///
    /// - Returns: exit status and all output.
    static func run(_ arguments: [String], files: [String: String], input: String? = nil) throws -> (Int32, String) {
        let path = try #require(path, absent)
        let directory = FileManager.default.temporaryDirectory.appending(path: "promtool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let output = directory.appending(path: "output")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        if let input {
            let source = directory.appending(path: "input")
            try Data(input.utf8).write(to: source)
            process.standardInput = try FileHandle(forReadingFrom: source)
        }
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }
}
