import Foundation

/// The project's loopback receiver that answers as Discord does (`scripts/discord-receiver.py`), ended with the value.
final class DiscordReceiver: Sendable {
    let directory: TemporaryDirectory
    private let child: ChildProcess
    let url: String

    init() throws {
        let directory = try TemporaryDirectory("discord")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "scripts/discord-receiver.py")
        try Data().write(to: URL(fileURLWithPath: directory.path + "/calls"))
        child = try ChildProcess(
            "/usr/bin/env", ["python3", script.path, directory.path + "/calls"], environment: [:],
            output: directory.path + "/port", error: directory.path + "/errors")
        self.directory = directory
        let deadline = ContinuousClock.now + .seconds(20)
        var port: Int?
        while port == nil, ContinuousClock.now < deadline {
            port = (try? String(contentsOfFile: directory.path + "/port", encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            if port == nil { usleep(20_000) }
        }
        guard let port else { throw TestFailure("the receiver did not start") }
        url = "http://127.0.0.1:\(port)/api/webhooks/1/token"
    }

    deinit {
        child.kill9()
        directory.remove()
    }

    /// Each call as `METHOD TITLE`.
    func calls() throws -> [String] {
        struct Call: Decodable {
            struct Body: Decodable {
                struct Embed: Decodable { var title: String }
                var embeds: [Embed]?
            }
            var method: String
            var body: Body
        }
        let text = try String(contentsOfFile: directory.path + "/calls", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let call = try JSONDecoder().decode(Call.self, from: Data(line.utf8))
            return "\(call.method) \(call.body.embeds?.first?.title ?? "")"
        }
    }

    func wait(forCalls count: Int, seconds: Double) async throws { try await wait(seconds) { $0.count >= count } }

    func wait(forPosts count: Int, seconds: Double) async throws {
        try await wait(seconds) { $0.filter { $0.hasPrefix("POST") }.count >= count }
    }

    private func wait(_ seconds: Double, until isEnough: ([String]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let calls = try calls()
            if isEnough(calls) { return }
            guard ContinuousClock.now < deadline else { throw TestFailure("only these calls came: \(calls)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
