import Foundation
import Transfer

/// Sends messages to a Discord webhook.
///
/// Only what `DiscordWebhook` allows is called. Redirects are not followed. No reason holds the webhook's path.
package struct DiscordSender: Sendable {
    /// For tests: also http to 127.0.0.1, ::1 and localhost.
    package var allowInsecureLoopback: Bool
    package var timeoutSeconds: Double
    package var userAgent: String

    package init(
        allowInsecureLoopback: Bool = false, timeoutSeconds: Double = 5, userAgent: String = "csvand (incident notices)"
    ) {
        self.allowInsecureLoopback = allowInsecureLoopback
        self.timeoutSeconds = timeoutSeconds
        self.userAgent = userAgent
    }

    /// Why a webhook cannot be used; nil when it can. For settings checks too.
    package func objection(to webhook: SecretURL) -> String? {
        DiscordWebhook.objection(to: webhook, allowInsecureLoopback: allowInsecureLoopback)
    }

    /// Posts the message, or edits the one that has the id; waits for the answer on the calling thread.
    ///
    /// - Parameter payload: `DiscordMessage.json`.
    package func send(_ payload: String, messageId: String? = nil, to webhook: SecretURL) -> DeliveryResult {
        let request: TransferRequest
        switch make(payload, messageId, webhook) {
        case .success(let made): request = made
        case .failure(let refusal): return .refused(reason: refusal.reason)
        }
        do throws(TransferError) {
            return read(try request.perform(), editing: messageId != nil)
        } catch {
            return result(of: error)
        }
    }

    /// As `send`, on a thread of its own.
    package func sendOnOwnThread(
        _ payload: String, messageId: String? = nil, to webhook: SecretURL
    ) async -> DeliveryResult {
        switch make(payload, messageId, webhook) {
        case .failure(let refusal): return .refused(reason: refusal.reason)
        case .success(let request):
            do throws(TransferError) {
                return read(try await request.performOnOwnThread(), editing: messageId != nil)
            } catch {
                return result(of: error)
            }
        }
    }

    private struct Refusal: Error { var reason: String }

    private func make(_ payload: String, _ messageId: String?, _ webhook: SecretURL) -> Result<TransferRequest, Refusal>
    {
        if let objection = objection(to: webhook) { return .failure(Refusal(reason: objection)) }
        var url = webhook
        var body = payload
        if let messageId {
            guard !messageId.isEmpty, messageId.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return .failure(Refusal(reason: "the stored message id is not a number"))
            }
            url = webhook.appending(path: "messages", messageId)
            body = Self.withoutNonce(payload)
        } else {
            // Without it Discord answers 204 and the message could never be edited.
            url = webhook.appending(query: "wait", "true")
        }
        var request = TransferRequest(messageId == nil ? .post : .patch, url)
        request.schemes = allowInsecureLoopback ? .httpAndHTTPS : .httpsOnly
        request.headers = [("Content-Type", "application/json")]
        request.body = .bytes(Array(body.utf8))
        request.destination = .memory(limitBytes: 256 << 10)
        request.timeoutSeconds = timeoutSeconds
        request.connectTimeoutSeconds = timeoutSeconds
        request.userAgent = userAgent
        return .success(request)
    }

    /// An edit has no nonce.
    private static func withoutNonce(_ payload: String) -> String {
        guard var message = try? JSONDecoder().decode(DiscordMessage.self, from: Data(payload.utf8)) else {
            return payload
        }
        message.nonce = nil
        return message.json
    }

    private func result(of error: TransferError) -> DeliveryResult {
        switch error {
        case .badRequest, .schemeNotAllowed: .refused(reason: "\(error)")
        default: .failed(reason: "\(error)")
        }
    }

    private func read(_ reply: TransferReply, editing: Bool) -> DeliveryResult {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(reply.body))
        switch reply.status {
        case 200..<300: return .delivered(messageId: answer?.id)
        case 429:
            let header = reply.headers["Retry-After"].flatMap { Double($0) }
            // The body is exact to the millisecond, the header to the second; Discord names seconds in both.
            let seconds = answer?.retryAfter ?? header ?? 5
            return .rateLimited(retryAfterSeconds: seconds.isFinite ? min(max(seconds, 0), 3_600) : 5)
        // 10008 is "Unknown Message"; a 404 with another code is the webhook itself.
        case 404 where editing && answer?.code == 10_008: return .messageGone
        case 300..<400: return .refused(reason: "the receiver answered \(reply.status), and redirects are not followed")
        case 400, 401, 403, 404: return .refused(reason: reason(reply, answer))
        default: return .failed(reason: reason(reply, answer))
        }
    }

    private func reason(_ reply: TransferReply, _ answer: Answer?) -> String {
        let told = answer?.message ?? ""
        let fields = answer?.errors.map { " at " + $0.places.prefix(3).joined(separator: ", ") } ?? ""
        let text = "the receiver answered \(reply.status)" + (told.isEmpty ? "" : ": \(told)") + fields
        return String(text.prefix(300).filter { !$0.isNewline })
    }
}

/// What is read of an answer of Discord's.
private struct Answer: Decodable {
    var id: String?
    var message: String?
    var code: Int?
    var retryAfter: Double?
    var errors: FieldErrors?

    private enum CodingKeys: String, CodingKey {
        case id, message, code, errors
        case retryAfter = "retry_after"
    }
}
