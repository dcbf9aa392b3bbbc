import Foundation
import Shared
import Transfer

/// Headless Chromium, driven by its WebDriver: it opens pages, fills forms, and tells what it has to complain about.
final class PagesBrowser: Sendable {
    private let directory: TemporaryDirectory
    private let driver: ChildProcess
    private let driverAddress: String
    private let session: String

    private struct Answer<Value: Decodable>: Decodable { let value: Value }
    private struct Session: Decodable { let sessionId: String }
    private struct Message: Decodable {
        let level: String
        let message: String
    }

    private init(
        directory: TemporaryDirectory, driver: ChildProcess, driverAddress: String, session: String
    ) {
        self.directory = directory
        self.driver = driver
        self.driverAddress = driverAddress
        self.session = session
    }

    /// Runs a test with a browser that is ended after it, however it ends.
    static func with(_ body: (PagesBrowser) async throws -> Void) async throws {
        let directory = try TemporaryDirectory("browser")
        defer { directory.remove() }
        let log = directory.path + "/log"
        let driver = try ChildProcess(
            "chromedriver", ["--port=0"], environment: ["HOME": directory.path], output: log, error: log)
        defer { driver.kill9() }
        let port = try await eventually("chromedriver names its port") { () -> String? in
            let text = try String(contentsOfFile: log, encoding: .utf8)
            return text.firstMatch(of: /started successfully on port (\d+)/).map { String($0.1) }
        }
        let address = "http://127.0.0.1:\(port)"
        let capabilities = """
            {"capabilities":{"alwaysMatch":{"browserName":"chrome","goog:loggingPrefs":{"browser":"ALL"},
            "goog:chromeOptions":{"binary":"/usr/bin/chromium","args":["--headless=new","--no-sandbox",
            "--disable-dev-shm-usage","--disable-gpu","--window-size=1200,1600",
            "--user-data-dir=\(directory.path)/profile"]}}}}
            """
        let opened: Answer<Session> = try await call(.post, address + "/session", capabilities)
        let browser = PagesBrowser(
            directory: directory, driver: driver, driverAddress: address, session: opened.value.sessionId)
        do {
            try await body(browser)
        } catch {
            try? await browser.close()
            throw error
        }
        try await browser.close()
    }

    func open(_ address: String) async throws {
        let _: Answer<JSONValue> = try await command(.post, "/url", #"{"url":"\#(address)"}"#)
    }

    /// The document as it stands, after its script has run.
    func document() async throws -> String { try await run("return document.documentElement.outerHTML").plainText }

    func title() async throws -> String { try await run("return document.title").plainText }

    /// Runs a script in the page and answers what it returns.
    @discardableResult
    func run(_ script: String) async throws -> JSONValue {
        let body = try WireJSON.encode(["script": JSONValue.string(script), "args": .array([])])
        let answer: Answer<JSONValue> = try await command(
            .post, "/execute/sync", String(decoding: body, as: UTF8.self))
        return answer.value
    }

    /// What the console got since the last call: refusals by the content security policy, script errors, parts that did not load.
    func complaints() async throws -> [String] {
        let messages: Answer<[Message]> = try await command(.post, "/se/log", #"{"type":"browser"}"#)
        return messages.value.filter { $0.level != "INFO" && $0.level != "DEBUG" }.map(\.message)
    }

    /// Writes a picture of the page.
    func picture(_ path: String) async throws {
        let answer: Answer<String> = try await command(.get, "/screenshot", nil)
        try Data(base64Encoded: answer.value)?.write(to: URL(fileURLWithPath: path))
    }

    private func close() async throws {
        let _: Answer<JSONValue> = try await command(.delete, "", nil)
        driver.kill9()
    }

    private func command<Value: Decodable>(
        _ method: TransferRequest.Method, _ path: String, _ body: String?
    ) async throws -> Value {
        try await Self.call(method, "\(driverAddress)/session/\(session)\(path)", body)
    }

    private static func call<Value: Decodable>(
        _ method: TransferRequest.Method, _ address: String, _ body: String?
    ) async throws -> Value {
        var request = TransferRequest(method, SecretURL(address))
        request.schemes = .httpAndHTTPS
        request.timeoutSeconds = 60
        if let body {
            request.headers = [(name: "Content-Type", value: "application/json")]
            request.body = .bytes(Array(body.utf8))
        }
        let reply = try await request.performOnOwnThread()
        guard reply.status == 200 else { throw TestFailure("chromedriver answers \(reply.status): \(reply.text)") }
        return try JSONDecoder().decode(Value.self, from: Data(reply.body))
    }
}
