import Foundation
import Testing

@testable import Transfer

@Suite struct TransferErrorTests {
    private func failure(_ request: TransferRequest) -> TransferError? {
        do throws(TransferError) {
            _ = try request.perform()
            return nil
        } catch { return error }
    }

    private func plain(_ url: String) -> TransferRequest {
        var request = TransferRequest(.get, SecretURL(url))
        request.schemes = .httpAndHTTPS
        return request
    }

    @Test func refusesPlainHTTPUnlessAllowed() {
        #expect(
            failure(TransferRequest(.get, SecretURL("http://127.0.0.1:1/"))) == .schemeNotAllowed(scheme: "http"))
        #expect(failure(plain("file:///etc/passwd")) == .schemeNotAllowed(scheme: "file"))
        #expect(failure(plain("no scheme")) == .badRequest(reason: "the URL holds a space or a control character"))
    }

    @Test func tellsAClosedPortFromAMissingSocketAndAnUnknownHost() throws {
        let server = try LoopbackServer { _ in .drop }
        let port = server.port
        server.stop()
        guard case .couldNotConnect("127.0.0.1", ECONNREFUSED, _) = failure(plain("http://127.0.0.1:\(port)/")) else {
            Issue.record("a closed port is not told as one")
            return
        }
        let missing = TransferRequest(.get, unixSocket: "/nonexistent/csvand.sock", path: "/")
        guard case .couldNotConnect("/nonexistent/csvand.sock", ENOENT, _) = failure(missing) else {
            Issue.record("a missing socket is not told as one: \(String(describing: failure(missing)))")
            return
        }
        guard case .couldNotResolve("no-such-host.invalid", _) = failure(plain("http://no-such-host.invalid/")) else {
            Issue.record("an unknown host is not told as one")
            return
        }
    }

    @Test func tellsASlowServerADroppedConnectionAndOneThatDoesNotSpeakHTTP() throws {
        let server = try LoopbackServer {
            switch $0.target {
            case "/slow": .slow(["HTTP/1.1 200 OK\r\n\r\n"], pauseSeconds: 3)
            case "/drop": .drop
            case "/half": .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            default: .raw("SSH-2.0-x\r\n")
            }
        }
        defer { server.stop() }
        var slow = plain("http://127.0.0.1:\(server.port)/slow")
        slow.timeoutSeconds = 0.2
        guard case .timedOut = failure(slow) else {
            Issue.record("a time-out is not told as one")
            return
        }
        #expect(
            failure(plain("http://127.0.0.1:\(server.port)/drop")) == .brokenOff(reason: "Empty reply from server"))
        guard case .brokenOff = failure(plain("http://127.0.0.1:\(server.port)/half")) else {
            Issue.record("half a body is not told as one")
            return
        }
        #expect(failure(plain("http://127.0.0.1:\(server.port)/ssh")) != nil)
    }

    @Test func stopsAtTheLimitOfAReply() throws {
        let server = try LoopbackServer { _ in .reply(200, body: String(repeating: "x", count: 2_000)) }
        defer { server.stop() }
        var request = plain("http://127.0.0.1:\(server.port)/")
        request.destination = .memory(limitBytes: 1_000)
        #expect(failure(request) == .replyTooLong(limitBytes: 1_000))
    }

    @Test func refusesALineBreakInAHeader() {
        var request = plain("http://127.0.0.1:1/")
        request.headers = [("X-A", "1\r\nX-B: 2")]
        #expect(failure(request) == .badRequest(reason: "the header X-A holds a line break"))
    }

    @Test func namesABodyThatCannotBeRead() throws {
        let server = try LoopbackServer { _ in .reply(200) }
        defer { server.stop() }
        var request = plain("http://127.0.0.1:\(server.port)/")
        request.method = .post
        request.body = .file(descriptor: -1, byteCount: nil)
        #expect(failure(request) == .bodyUnreadable(reason: "Bad file descriptor"))
    }

    @Test func refusesASocketPathThatTheSystemCannotTake() {
        let request = TransferRequest(.get, unixSocket: "/" + String(repeating: "s", count: 120), path: "/")
        #expect(
            failure(request)
                == .badRequest(reason: "the socket path is longer than the 107 bytes that the system allows"))
    }
}
