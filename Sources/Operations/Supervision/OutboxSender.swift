import Alerting
import Crypto
import Foundation
import Logging
import Shared
import Storage
import Telemetry
import Transfer

/// Sends what the outbox holds, on a thread of its own: at least once, at most one try a second.
final class OutboxSender: Sendable {
    static let receiver = "discord"

    private struct Target: Sendable {
        var webhook: SecretURL?
        var sender = DiscordSender()
    }

    private let catalogue: Catalogue
    private let registry: MetricRegistry
    private let logger: Logger
    private let target = Locked(Target())
    private let attention = Signal()
    private let stopping = Locked(false)
    private let stopped = Signal()
    private let schedule = OutboxSchedule()

    init(catalogue: Catalogue, registry: MetricRegistry, logger: Logger) {
        self.catalogue = catalogue
        self.registry = registry
        self.logger = logger
    }

    /// Whether messages have somewhere to go.
    var hasReceiver: Bool { target.withLock { $0.webhook != nil } }

    /// Reads the webhook's URL.
    ///
    /// - Throws: `settings.invalid` for a file that cannot be read or a URL that may not be used; its text is never told.
    func configure(settings: Settings, webhookURLFile: String?) throws(Problem) {
        var next = Target()
        next.sender.allowInsecureLoopback = settings.alerting.discordAllowInsecureLoopback
        if let webhookURLFile { next.webhook = try Self.webhook(in: webhookURLFile, next.sender) }
        let target = next
        self.target.withLock { $0 = target }
        if let webhook = target.webhook { retryDeadMessages(at: webhook) }
        attention.raise()
    }

    /// A webhook that was not the last one may take what the last one refused. Only a hash of it is stored.
    private func retryDeadMessages(at webhook: SecretURL) {
        let hash = Data(SHA256.hash(data: Data(webhook.revealed.utf8))).base64EncodedString()
        do {
            guard try catalogue.setting(Self.webhookKey) != hash else { return }
            let count = try catalogue.requeueDeadMessages(to: Self.receiver, at: Date())
            try catalogue.setSetting(Self.webhookKey, to: hash)
            if count > 0 { logger.notice("\(count) messages are tried again at the new webhook") }
        } catch {
            logger.error("Dead messages could not be queued again: \(ErrorTranslation.problem(for: error).detail)")
        }
    }

    private static let webhookKey = "discord_webhook_hash"

    private static func webhook(in file: String, _ sender: DiscordSender) throws(Problem) -> SecretURL? {
        guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8)
        else {
            throw Problem(
                .settingsInvalid, "The webhook file \(file) cannot be read.",
                remedy: "Put the webhook URL into it, or leave alerting.discord.webhook_url_file out.",
                places: [.init(column: "alerting.discord.webhook_url_file")])
        }
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // An empty credential switches messages off.
        if line.isEmpty { return nil }
        let url = SecretURL(line)
        if let objection = sender.objection(to: url) {
            throw Problem(
                .settingsInvalid, "The webhook in \(file) cannot be used: \(objection).",
                remedy: "Copy the URL from Discord: channel settings, Integrations, Webhooks.",
                places: [.init(column: "alerting.discord.webhook_url_file")])
        }
        return url
    }

    func wake() { attention.raise() }

    func start() {
        let thread = Thread { [self] in
            run()
            stopped.raise()
        }
        thread.name = "outbox"
        thread.start()
    }

    /// Waits for a try that is under way; what is queued stays queued.
    func stop() {
        let seen = stopped.count
        let wasRunning = stopping.withLock { stopping in
            defer { stopping = true }
            return !stopping
        }
        attention.raise()
        if wasRunning { _ = stopped.wait(after: seen, timeoutSeconds: 2) }
    }

    private func run() {
        var pace = OutboxSchedule.Pace()
        while !stopping.current {
            let seen = attention.count
            let wait: Double
            do {
                let messages = try catalogue.queuedMessages().compactMap(OutboxMessage.init)
                if hasReceiver, let message = schedule.due(messages, pace: pace, at: Date()) {
                    pace = try attempt(message, pace)
                    continue
                }
                let next = hasReceiver ? schedule.nextDue(messages, pace: pace) : nil
                wait = min(60, max(0.01, next.map { $0.timeIntervalSinceNow } ?? 60))
            } catch {
                logger.error("The outbox cannot be read: \(ErrorTranslation.problem(for: error).detail)")
                wait = 5
            }
            _ = attention.wait(after: seen, timeoutSeconds: wait)
        }
    }

    private func attempt(_ message: OutboxMessage, _ pace: OutboxSchedule.Pace) throws -> OutboxSchedule.Pace {
        let target = target.current
        guard let webhook = target.webhook else { return pace }
        let editing = message.kind == .status ? message.messageId : nil
        let result = target.sender.send(message.payload, messageId: editing, to: webhook)
        let now = Date()
        var isDead = false
        try catalogue.settleMessage(Int(message.number)) { stored in
            guard let current = OutboxMessage(stored) else { return nil }
            let after = schedule.after(
                result, current: current, attempted: message, jitter: .random(in: 0...1), at: now)
            isDead = after.state == .dead
            return (after.record, OutboxSchedule.entry(after, after: result, at: now))
        }
        count(result, message, isDead: isDead)
        return schedule.pace(pace, after: result, at: now)
    }

    private func count(_ result: DeliveryResult, _ message: OutboxMessage, isDead: Bool) {
        let fields: Logger.Metadata = ["incident": "\(message.incident)", "receiver": "\(message.receiver)"]
        switch result {
        case .delivered:
            registry.increment(.notifications, "sent")
            logger.info(
                "Incident \(message.incident) was told to \(message.receiver)",
                metadata: fields.merging(["message_id": "\(LogMessage.notificationSent.id)"]) { $1 })
        case .rateLimited, .messageGone: registry.increment(.notifications, "retried")
        case .failed(let reason):
            registry.increment(.notifications, isDead ? "dropped" : "failed")
            registry.increment(.appErrors, "notification_failure")
            logger.warning(
                "Incident \(message.incident) could not be told to \(message.receiver), \(isDead ? "it is given up" : "it is tried again"): \(reason)",
                metadata: fields.merging(["message_id": "\(LogMessage.notificationFailed.id)"]) { $1 })
        case .refused(let reason):
            registry.increment(.notifications, "dropped")
            registry.increment(.appErrors, "notification_failure")
            logger.error(
                "Incident \(message.incident) will not be told to \(message.receiver): \(reason)",
                metadata: fields.merging(["message_id": "\(LogMessage.notificationFailed.id)"]) { $1 })
        }
    }
}

extension OutboxMessage {
    /// A stored message of an incident; nil for one of a kind or state that is not known.
    init?(_ stored: MessageRecord) {
        guard let incident = stored.incident, let kind = Kind(rawValue: stored.kind),
            let state = State(rawValue: stored.state.rawValue)
        else { return nil }
        self.init(
            number: Int64(stored.number), incident: incident, receiver: stored.receiver, kind: kind,
            payload: stored.payload,
            nonce: stored.nonce, state: state, attempts: stored.attempts, nextAttemptAt: stored.nextAttemptAt,
            lastError: stored.lastError, messageId: stored.messageId, createdAt: stored.createdAt)
    }

    var record: MessageRecord {
        MessageRecord(
            number: Int(number), incident: incident, receiver: receiver, kind: kind.rawValue, payload: payload,
            nonce: nonce,
            state: MessageState(rawValue: state.rawValue) ?? .queued, attempts: attempts, nextAttemptAt: nextAttemptAt,
            lastError: lastError, messageId: messageId, createdAt: createdAt)
    }
}
