import Foundation
import Shared
import Synchronization
import Transfer

/// A csvand of the tests' own: the real executable on a free port of loopback, with files of its own that are removed at the end.
final class DaemonProcess: Sendable {
    /// Holds everything below.
    let directory: TemporaryDirectory
    var stateDirectory: String { directory.path + "/state" }
    var socketPath: String { directory.path + "/csvand.sock" }
    var configurationPath: String { directory.path + "/csvand.yaml" }
    var logPath: String { directory.path + "/log" }

    private struct Running {
        var child: ChildProcess?
        var port = 0
    }

    private let wrapper: [String]
    private let environment: [String: String]
    private let running = Mutex(Running())
    /// Starts are bounded by this; a busy machine takes its time.
    private static let startSeconds = 60.0

    /// Prepares the files; nothing runs yet.
    ///
    /// - Parameters:
    ///   - configuration: the settings file's YAML.
    ///   - wrapper: a program and its arguments that run csvand in their place, such as `strace -D`.
    init(configuration: String = "log:\n  level: info\n", wrapper: [String] = [], environment: [String: String] = [:])
        throws
    {
        directory = try TemporaryDirectory("test")
        self.wrapper = wrapper
        self.environment = environment
        try configure(configuration)
    }

    deinit {
        kill9()
        directory.remove()
    }

    /// The programs that were built beside the tests.
    static func program(_ name: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (tests as NSString).deletingLastPathComponent + "/" + name
    }

    /// Replaces the settings file.
    func configure(_ yaml: String) throws {
        try yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
    }

    // MARK: Life

    /// The port of the running daemon.
    var port: Int { running.withLock { $0.port } }
    var processID: pid_t? { running.withLock { $0.child?.processID } }

    /// Starts the daemon and returns once it answers.
    func start() async throws {
        let command =
            wrapper + [
                Self.program("csvand"), "--config", configurationPath, "--state-dir", stateDirectory, "--listen",
                "127.0.0.1:0", "--socket", socketPath,
            ]
        let child = try ChildProcess(
            command[0], Array(command.dropFirst()), environment: environment, output: logPath, error: logPath)
        running.withLock { $0.child = child }
        let deadline = ContinuousClock.now + .seconds(Self.startSeconds)
        while true {
            if let status = try? await status() {
                let port = status.listen.split(separator: ":").last.flatMap { Int($0) }
                running.withLock { $0.port = port ?? 0 }
                return
            }
            guard child.isRunning else { throw TestFailure("csvand ended at its start:\n\(log)") }
            guard ContinuousClock.now < deadline else {
                child.kill9()
                throw TestFailure("csvand is not ready after \(Self.startSeconds) s:\n\(log)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Stops it as the service manager does and answers how it ended.
    @discardableResult
    func terminate(within seconds: Double = 30) async throws -> ChildProcess.End {
        guard let child = running.withLock({ $0.child }) else { throw TestFailure("csvand does not run") }
        child.send(SIGTERM)
        let end = try await onThread { child.wait(seconds: seconds) }
        guard let end else {
            child.kill9()
            throw TestFailure("csvand did not end within \(seconds) s of SIGTERM:\n\(log)")
        }
        return end
    }

    func kill9() { running.withLock { $0.child }?.kill9() }

    /// Ends it by SIGTERM if it runs, and starts it again on the same files.
    func restart() async throws {
        if running.withLock({ $0.child?.isRunning ?? false }) { try await terminate() }
        try await start()
    }

    /// What it wrote to its standard error.
    var log: String { String(decoding: FileManager.default.contents(atPath: logPath) ?? Data(), as: UTF8.self) }

    // MARK: Calls

    enum Way { case tcp, control }

    /// Makes one call; any status is a reply.
    func call(
        _ method: TransferRequest.Method, _ path: String, by way: Way = .tcp, type: String? = nil, body: [UInt8]? = nil,
        headers: [(String, String)] = [], within seconds: Double = 60
    ) async throws -> TransferReply {
        var request =
            way == .control
            ? TransferRequest(method, unixSocket: socketPath, path: path)
            : TransferRequest(method, SecretURL("http://127.0.0.1:\(port)\(path)"))
        request.schemes = .httpAndHTTPS
        request.timeoutSeconds = seconds
        request.headers = headers.map { (name: $0.0, value: $0.1) }
        if let type { request.headers.append((name: "Content-Type", value: type)) }
        if let body { request.body = .bytes(body) }
        return try await request.performOnOwnThread()
    }

    func get(_ path: String, by way: Way = .tcp) async throws -> TransferReply { try await call(.get, path, by: way) }

    func post(_ path: String, json: String, by way: Way = .tcp) async throws -> TransferReply {
        try await call(.post, path, by: way, type: "application/json", body: Array(json.utf8))
    }

    /// Uploads a CSV under a name.
    func upload(_ name: String, _ csv: String, query: String = "", by way: Way = .tcp) async throws -> TransferReply {
        try await call(
            .post, "/api/v1/datasets?name=\(name)\(query)", by: way, type: "text/csv", body: Array(csv.utf8))
    }

    func status() async throws -> StatusReply {
        let reply = try await call(.get, "/admin/v1/status", by: .control, within: 10)
        guard reply.status == 200 else { throw TestFailure("status answers \(reply.status): \(reply.text)") }
        return try WireJSON.decode(StatusReply.self, from: Data(reply.body))
    }

    /// The value of a series in `/metrics`, written as there: `app_errors_total{type="simulated"}`.
    func metric(_ series: String) async throws -> Double? {
        let lines = try await get("/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// Runs csvctl against this daemon.
    func csvctl(_ arguments: String..., input: String? = nil) async throws -> ProgramRun {
        try await ProgramRun.run(
            Self.program("csvctl"), ["--socket", socketPath] + arguments, environment: ["LANG": "C.UTF-8"], input: input
        )
    }
}

extension TransferReply {
    /// The body as one of the wire types.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: Data(body))
    }
}

/// Runs a test with a daemon that is started before it and ended after it, however it ends.
func withDaemon<Value>(
    configuration: String = "log:\n  level: info\n", _ body: (DaemonProcess) async throws -> Value
) async throws -> Value {
    let daemon = try DaemonProcess(configuration: configuration)
    defer { daemon.kill9() }
    try await daemon.start()
    return try await body(daemon)
}
