import Foundation

/// The project's loopback receiver that answers as Discord does (`scripts/discord-receiver.py`), ended with the value.
final class DiscordReceiver: Sendable {
    let directory: TemporaryDirectory
    private let child: ChildProcess
    let url: String

    /// - Parameter host: the name in a certificate of its own making, for TLS; nil for none.
    init(certificateOf host: String? = nil) throws {
        let directory = try TemporaryDirectory("discord")
        let certificate = try host.map { try Self.certificate(of: $0, in: directory.path) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "scripts/discord-receiver.py")
        try Data().write(to: URL(fileURLWithPath: directory.path + "/calls"))
        child = try ChildProcess(
            "/usr/bin/env", ["python3", script.path, directory.path + "/calls"] + (certificate.map { [$0] } ?? []),
            environment: [:],
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
        url = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)/api/webhooks/1/token"
    }

    deinit {
        child.kill9()
        directory.remove()
    }

    struct Call: Decodable {
        struct Body: Decodable {
            struct Embed: Decodable { var title: String }
            var embeds: [Embed]?
            var nonce: String?
        }
        var method: String
        var status: Int
        var at: Double
        var body: Body
        var title: String { body.embeds?.first?.title ?? "" }
    }

    /// A file with a key and a certificate that is signed by itself.
    private static func certificate(of host: String, in directory: String) throws -> String {
        let paths = [directory + "/key.pem", directory + "/own.pem"]
        let names = ["-subj", "/CN=\(host)"] + (host == "127.0.0.1" ? ["-addext", "subjectAltName=IP:\(host)"] : [])
        let making = try ChildProcess(
            "openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", paths[0], "-out", paths[1]] + names,
            environment: [:], output: directory + "/openssl", error: directory + "/openssl")
        guard making.wait(seconds: 20)?.code == 0 else { throw TestFailure("openssl made no certificate") }
        let text = try paths.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        try text.write(toFile: directory + "/certificate.pem", atomically: true, encoding: .utf8)
        return directory + "/certificate.pem"
    }

    /// How calls are answered from now on: `429 SECONDS`, `503`, `drop`; nil for as Discord does.
    func be(_ mood: String?) throws {
        let path = directory.path + "/calls.mood"
        if let mood {
            try mood.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    func received() throws -> [Call] {
        try String(contentsOfFile: directory.path + "/calls", encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Call.self, from: Data($0.utf8))
        }
    }

    /// The settings by which a daemon tells this receiver.
    func settings() throws -> String {
        let hook = directory.path + "/hook"
        try url.write(toFile: hook, atomically: true, encoding: .utf8)
        return "alerting:\n  discord:\n    webhook_url_file: \(hook)\n    allow_insecure_loopback: true\n"
    }

    /// Each call as `METHOD TITLE`.
    func calls() throws -> [String] { try received().map { "\($0.method) \($0.title)" } }

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
