import Foundation
import Shared
import Transfer

/// The message that a unit has failed. The daemon edits it once it has made an incident of the failure.
struct FailureMessage {
    struct Refusal: Error { let reason: String }

    private struct Body: Encodable {
        struct Embed: Encodable {
            let title: String
            let description: String
            let color: Int
            let timestamp: String
        }
        struct Mentions: Encodable { let parse: [String] = [] }

        enum CodingKeys: String, CodingKey {
            case content, embeds, nonce
            case mentions = "allowed_mentions"
        }

        let content = ""
        let embeds: [Embed]
        let mentions = Mentions()
        let nonce: String
    }

    private struct Taken: Decodable { let id: String? }
    private struct Wait: Decodable {
        let seconds: Double?
        enum CodingKeys: String, CodingKey { case seconds = "retry_after" }
    }

    /// Tries, and the seconds before each but the first.
    private static let waits = [1.0, 2, 4, 8]
    private static let longestWaitSeconds = 20.0

    private let body: [UInt8]

    init(_ report: FailureReport) {
        // Names of units and results of systemd's hold no markup; anything else is not worth a message that could be misread.
        let plain = { (text: String) in String(text.filter { $0.isASCII && !"`*_~|<>@[]\\".contains($0) }.prefix(200)) }
        let embed = Body.Embed(
            title: "[FAILED] \(plain(report.unit)) has failed",
            description: "Result: \(plain(report.reason))\nLook with `systemctl status \(plain(report.unit))` and "
                + "`journalctl -u \(plain(report.unit)) -n 50`.",
            color: 10_038_562, timestamp: WireTime.text(report.at))
        let moment = Int64(max(0, min(report.at.timeIntervalSince1970, 4e9)) * 1000)
        let message = Body(embeds: [embed], nonce: "f\(String(moment, radix: 36))-\(getpid())")
        // Strings and numbers only: there is nothing that could fail to be encoded.
        body = (try? JSONEncoder().encode(message)).map(Array.init) ?? []
    }

    /// Posts it, some times if need be; gives the receiver's id of the message.
    func post(to webhook: SecretURL, allowInsecureLoopback: Bool) -> Result<String?, Refusal> {
        if let objection = DiscordWebhook.objection(to: webhook, allowInsecureLoopback: allowInsecureLoopback) {
            return .failure(Refusal(reason: objection))
        }
        var request = TransferRequest(.post, webhook.appending(query: "wait", "true"))
        request.schemes = allowInsecureLoopback ? .httpAndHTTPS : .httpsOnly
        request.headers = [("Content-Type", "application/json")]
        request.body = .bytes(body)
        request.destination = .memory(limitBytes: 256 << 10)
        request.timeoutSeconds = 5
        request.connectTimeoutSeconds = 5
        var reason = "discord was not reached"
        for wait in Self.waits + [nil] {
            var pause = wait
            do throws(TransferError) {
                let reply = try request.perform()
                let data = Data(reply.body)
                if (200..<300).contains(reply.status) {
                    return .success((try? JSONDecoder().decode(Taken.self, from: data))?.id)
                }
                reason = "discord answered \(reply.status)"
                guard reply.status == 429 || reply.status >= 500 else { return .failure(Refusal(reason: reason)) }
                let told = (try? JSONDecoder().decode(Wait.self, from: data))?.seconds
                if let told, told.isFinite, pause != nil { pause = min(max(told, 0), Self.longestWaitSeconds) }
            } catch {
                reason = "discord was not reached: \(error)"
            }
            guard let pause else { break }
            Thread.sleep(forTimeInterval: pause)
        }
        return .failure(Refusal(reason: reason))
    }
}
