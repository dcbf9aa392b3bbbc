import Foundation

/// A program run to its end within a time limit, with what it wrote.
struct ProgramRun: Sendable {
    /// The exit status; 128 plus the number for a signal.
    var status: Int32
    var output: String
    var error: String

    /// Runs a program on a thread of its own; after the limit it is killed.
    ///
    /// - Throws: `TestFailure` when it could not be started or did not end in time.
    static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String? = nil,
        within seconds: Double = 60
    ) async throws -> ProgramRun {
        try await onThread {
            let place = try TemporaryDirectory("run")
            defer { place.remove() }
            let paths = (place.path + "/in", place.path + "/out", place.path + "/err")
            if let input { try input.write(toFile: paths.0, atomically: false, encoding: .utf8) }
            let child = try ChildProcess(
                program, arguments, environment: environment, input: input == nil ? nil : paths.0, output: paths.1,
                error: paths.2)
            guard let end = child.wait(seconds: seconds) else {
                child.kill9()
                let written = text(paths.2)
                throw TestFailure(
                    "\(program) \(arguments.joined(separator: " ")) did not end in \(seconds) s: \(written)")
            }
            return ProgramRun(status: end.code, output: text(paths.1), error: text(paths.2))
        }
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// Why a test could not do what it set out to do.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A directory below the system's temporary one, with a short path, so that a socket's address fits in.
struct TemporaryDirectory: Sendable {
    let path: String

    init(_ name: String) throws {
        var template = Array("/tmp/csvand-\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(String(cString: strerror(errno)))") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs blocking work on a thread of its own, so that no thread of the tests' pool waits.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}

/// Looks again and again until something is there.
///
/// - Throws: `TestFailure` when it is not there in time; what `look` throws last is told.
func eventually<Value>(
    _ what: String, within seconds: Double = 20, every interval: Duration = .milliseconds(50),
    _ look: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var last: (any Error)?
    repeat {
        do {
            if let value = try await look() { return value }
            last = nil
        } catch {
            last = error
        }
        try await Task.sleep(for: interval)
    } while ContinuousClock.now < deadline
    throw TestFailure("not within \(seconds) s: \(what)\(last.map { " (\($0))" } ?? "")")
}
