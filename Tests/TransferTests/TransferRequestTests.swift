import Foundation
import Synchronization
import Testing

@testable import Transfer

@Suite struct TransferRequestTests {
    private func request(
        _ method: TransferRequest.Method, _ server: LoopbackServer, _ path: String
    ) -> TransferRequest {
        var request = TransferRequest(method, SecretURL("http://127.0.0.1:\(server.port)\(path)"))
        request.schemes = .httpAndHTTPS
        return request
    }

    @Test func getsAReplyWithStatusHeadersAndBody() throws {
        let server = try LoopbackServer { _ in .reply(404, headers: ["X-Request-ID": "r1"], body: "no\n") }
        defer { server.stop() }
        let reply = try request(.get, server, "/a?b=c").perform()
        #expect(reply.status == 404)
        #expect(reply.headers["x-request-id"] == "r1")
        #expect(reply.text == "no\n")
        #expect(server.received.first?.target == "/a?b=c")
        #expect(server.received.first?.headers["user-agent"] == "csvand")
    }

    @Test(arguments: [TransferRequest.Method.post, .put, .patch, .delete])
    func sendsBytesWithTheirLength(method: TransferRequest.Method) throws {
        let server = try LoopbackServer { .reply(200, body: $0.text) }
        defer { server.stop() }
        var sent = request(method, server, "/")
        sent.headers = [("Content-Type", "application/json")]
        sent.body = .bytes(Array(#"{"a":1}"#.utf8))
        #expect(try sent.perform().text == #"{"a":1}"#)
        let got = try #require(server.received.first)
        #expect(got.method == method.rawValue)
        #expect(got.headers["content-type"] == "application/json")
        #expect(got.headers["content-length"] == "7")
        #expect(got.headers["expect"] == nil)
    }

    @Test(arguments: [TransferRequest.Method.get, .head, .delete, .post])
    func sendsNoBodyWhenThereIsNone(method: TransferRequest.Method) throws {
        let server = try LoopbackServer { _ in .reply(200, body: "x") }
        defer { server.stop() }
        let reply = try request(method, server, "/").perform()
        #expect(reply.body.count == (method == .head ? 0 : 1))
        #expect(server.received.first?.method == method.rawValue)
        #expect(server.received.first?.headers["content-length"] == (method == .post ? "0" : nil))
    }

    @Test func sendsAStreamOfUnknownLengthInChunks() throws {
        let server = try LoopbackServer { .reply(201, body: String($0.body.count)) }
        defer { server.stop() }
        let left = Mutex(1_000_000)
        var sent = request(.post, server, "/")
        sent.body = .stream(byteCount: nil) { buffer in
            left.withLock { left in
                let count = min(left, buffer.count)
                buffer.prefix(count).initializeMemory(as: UInt8.self, repeating: 65)
                left -= count
                return count
            }
        }
        #expect(try sent.perform().text == "1000000")
        #expect(server.received.first?.headers["transfer-encoding"] == "chunked")
    }

    @Test func sendsAnOpenFileAndReportsProgress() throws {
        let server = try LoopbackServer { .reply(200, body: String($0.body.count)) }
        defer { server.stop() }
        let path = NSTemporaryDirectory() + "transfer-\(UUID().uuidString)"
        try Data(repeating: 66, count: 300_000).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let most = Mutex(TransferRequest.Progress(sentBytes: 0, toSendBytes: 0, receivedBytes: 0, toReceiveBytes: 0))
        var sent = request(.post, server, "/")
        sent.body = .file(descriptor: descriptor, byteCount: 300_000)
        sent.onProgress = { progress in most.withLock { $0 = progress } }
        #expect(try sent.perform().text == "300000")
        #expect(most.withLock { $0.sentBytes } == 300_000)
        #expect(most.withLock { $0.toSendBytes } == 300_000)
    }

    @Test func speaksOverAUnixSocket() throws {
        let path = NSTemporaryDirectory() + "t-\(UUID().uuidString.prefix(8)).sock"
        let server = try LoopbackServer(unixSocket: path) { .reply(200, body: $0.headers["host"] ?? "") }
        defer {
            server.stop()
            unlink(path)
        }
        let reply = try TransferRequest(.get, unixSocket: path, path: "/healthz?x=1").perform()
        #expect(reply.text == "localhost")
        #expect(server.received.first?.target == "/healthz?x=1")
    }

    @Test func streamsTheBodyOfASuccessAndCollectsThatOfARefusal() throws {
        let server = try LoopbackServer { $0.target == "/good" ? .reply(200, body: "data") : .reply(422, body: "why") }
        defer { server.stop() }
        let got = Mutex<[UInt8]>([])
        var good = request(.get, server, "/good")
        good.destination = .stream { piece in
            got.withLock { $0 += Array(piece) }
            return true
        }
        #expect(try good.perform().body.isEmpty)
        #expect(got.withLock { $0 } == Array("data".utf8))
        var bad = request(.get, server, "/bad")
        bad.destination = good.destination
        #expect(try bad.perform().text == "why")
        #expect(got.withLock { $0.count } == 4)
    }

    @Test func givesPiecesOfASlowStreamAsTheyCome() throws {
        let server = try LoopbackServer { _ in
            .slow(
                ["HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", "data: 1\n\n", "data: 2\n\n"],
                pauseSeconds: 0.05)
        }
        defer { server.stop() }
        let pieces = Mutex<[String]>([])
        var events = request(.get, server, "/")
        events.timeoutSeconds = nil
        events.destination = .stream { piece in
            pieces.withLock { pieces in
                pieces.append(String(decoding: piece, as: UTF8.self))
                return pieces.count < 2
            }
        }
        #expect(throws: TransferError.cancelled) { try events.perform() }
        #expect(pieces.withLock { $0 } == ["data: 1\n\n", "data: 2\n\n"])
    }

    @Test func doesNotFollowARedirectUnlessAsked() throws {
        let server = try LoopbackServer {
            $0.target == "/old" ? .reply(302, headers: ["Location": "/new"]) : .reply(200, body: "new")
        }
        defer { server.stop() }
        var old = request(.get, server, "/old")
        #expect(try old.perform().status == 302)
        old.followRedirects = true
        #expect(try old.perform().text == "new")
    }

    @Test func worksOnItsOwnThreadForAnAsyncCaller() async throws {
        let server = try LoopbackServer { _ in .reply(204) }
        defer { server.stop() }
        #expect(try await request(.get, server, "/").performOnOwnThread().status == 204)
    }

    @Test func stopsWhenTheTaskIsCancelled() async throws {
        let server = try LoopbackServer { _ in .slow(["", ""], pauseSeconds: 5) }
        defer { server.stop() }
        let slow = request(.get, server, "/")
        let task = Task { () -> TransferError? in
            do throws(TransferError) {
                _ = try await slow.performOnOwnThread()
                return nil
            } catch { return error }
        }
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}
