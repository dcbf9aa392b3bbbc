import Foundation
import Synchronization

@testable import Alerting
@testable import Transfer

/// A receiver on loopback that answers as Discord's documentation says of webhooks.
final class DiscordReceiver: Sendable {
    enum Mood: Sendable {
        case normal, drop, slow, gone, serverError
        case rateLimit(seconds: Double)
        case rateLimitByHeader(seconds: Int)
        case redirect
    }

    private struct State {
        var moods: [Mood] = []
        /// Bodies by message id, in their last form.
        var messages: [String: String] = [:]
        var nextId = 1_000_000_000_000_000_001
    }

    private final class Box: Sendable { let state = Mutex(State()) }

    private let box: Box
    let server: LoopbackServer

    init() throws {
        let box = Box()
        self.box = box
        server = try LoopbackServer { Self.answer($0, box) }
    }

    var webhook: SecretURL { SecretURL("http://127.0.0.1:\(server.port)/api/webhooks/1/t0ken") }
    var messages: [String: String] { box.state.withLock { $0.messages } }

    /// How the next requests are answered, one each; normally after them.
    func next(_ moods: Mood...) { box.state.withLock { $0.moods += moods } }

    private static func answer(_ request: LoopbackServer.Received, _ box: Box) -> LoopbackServer.Answer {
        let mood = box.state.withLock { $0.moods.isEmpty ? Mood.normal : $0.moods.removeFirst() }
        let json = ["Content-Type": "application/json"]
        switch mood {
        case .normal: break
        case .drop: return .drop
        case .slow: return .slow(["HTTP/1.1 204 No Content\r\n\r\n"], pauseSeconds: 2)
        case .redirect: return .reply(302, headers: ["Location": "http://127.0.0.1:1/"])
        case .serverError: return .reply(502, body: "<html>")
        case .gone: return .reply(404, headers: json, body: #"{"message":"Unknown Webhook","code":10015}"#)
        case .rateLimit(let seconds):
            let body = #"{"message":"You are being rate limited.","retry_after":\#(seconds),"global":false}"#
            return .reply(429, headers: ["Retry-After": "9"].merging(json) { $1 }, body: body)
        case .rateLimitByHeader(let seconds): return .reply(429, headers: ["Retry-After": "\(seconds)"])
        }
        guard request.target.hasPrefix("/api/webhooks/1/t0ken") else {
            return .reply(401, headers: json, body: #"{"message":"Invalid Webhook Token","code":50027}"#)
        }
        guard request.headers["content-type"] == "application/json",
            let message = try? JSONDecoder().decode(DiscordMessage.self, from: Data(request.body))
        else { return .reply(400, headers: json, body: #"{"message":"Cannot send an empty message","code":50006}"#) }
        if let title = message.embeds.first?.title, title.utf16.count > 256 {
            return .reply(
                400, headers: json,
                body:
                    #"{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}}}}"#
            )
        }
        return box.state.withLock { state in
            if request.method == "PATCH" {
                let id = request.target.split(separator: "/").last.map(String.init) ?? ""
                guard state.messages[id] != nil else {
                    return .reply(404, headers: json, body: #"{"message":"Unknown Message","code":10008}"#)
                }
                state.messages[id] = request.text
                return .reply(200, headers: json, body: #"{"id":"\#(id)"}"#)
            }
            let id = String(state.nextId)
            state.nextId += 1
            state.messages[id] = request.text
            guard request.target.hasSuffix("?wait=true") else { return .reply(204) }
            return .reply(200, headers: json, body: #"{"id":"\#(id)","type":0}"#)
        }
    }
}
