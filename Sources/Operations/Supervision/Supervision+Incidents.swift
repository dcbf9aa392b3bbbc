import Alerting
import Foundation
import Logging
import Shared
import Storage
import Telemetry

extension Supervision {
    /// Runs a step of the pipeline on a copy, stores what it changed, and only then puts it in force.
    ///
    /// - Throws: what the step or the store throws; the pipeline is then as before.
    @discardableResult
    func step(_ body: (inout AlertPipeline, State) throws -> [Alerting.IncidentChange]) throws -> [Alerting
        .IncidentChange]
    {
        let changes = try state.withLock { state in
            var pipeline = state.pipeline
            let changes = try body(&pipeline, state)
            for change in changes { try store(change) }
            state.pipeline = pipeline
            return changes
        }
        if !changes.isEmpty { outbox.wake() }
        for change in changes { tell(change) }
        return changes
    }

    /// Stores an incident's step and its messages in one transaction.
    private func store(_ change: Alerting.IncidentChange) throws {
        let record = change.incident.record
        var messages: [MessageRecord] = []
        if outbox.hasReceiver {
            let status = try catalogue.message(
                of: record.number, receiver: OutboxSender.receiver, kind: OutboxMessage.Kind.status.rawValue)
            messages = OutboxMessage.messages(
                for: change, to: OutboxSender.receiver, status: status.flatMap { OutboxMessage($0) }, at: Date()
            ).map(\.record)
        }
        try catalogue.putIncident(
            record, acknowledgedUntil: change.incident.acknowledgedUntil, isNew: change.isNew, entries: change.entries,
            messages: messages)
    }

    /// Counts and logs a step.
    private func tell(_ change: Alerting.IncidentChange) {
        let record = change.incident.record
        var fields: Logger.Metadata = [
            "incident": "\(record.number)", "rule": "\(record.rule)", "severity": "\(record.severity.rawValue)",
        ]
        // What a drill took says nothing about people.
        let isDrill = record.labels[DrillMark.label] != nil
        let delays =
            isDrill
            ? IncidentDelays(detectSeconds: nil, acknowledgeSeconds: nil, resolveSeconds: nil) : IncidentDelays(record)
        for entry in change.entries {
            switch TimelineKind(rawValue: entry.kind) {
            case .opened:
                if let seconds = delays.detectSeconds { registry.observe(.incidentDetect, value: seconds) }
                fields["message_id"] = "\(LogMessage.incidentOpened.id)"
                logger.warning("Incident \(record.number) opened: \(record.title)", metadata: fields)
            case .acknowledged:
                if let seconds = delays.acknowledgeSeconds { registry.observe(.incidentAcknowledge, value: seconds) }
                fields["message_id"] = "\(LogMessage.incidentAcknowledged.id)"
                logger.notice("Incident \(record.number) acknowledged by \(entry.by)", metadata: fields)
            case .resolved:
                if let seconds = delays.resolveSeconds { registry.observe(.incidentResolve, value: seconds) }
                fields["message_id"] = "\(LogMessage.incidentResolved.id)"
                logger.notice("Incident \(record.number) resolved by \(entry.by)", metadata: fields)
            default: break
            }
        }
    }

    /// What time alone brings about.
    func tick() {
        let now = Date()
        do {
            try step { pipeline, _ in pipeline.tick(at: now) }
        } catch {
            logger.error("Incidents could not be stored: \(ErrorTranslation.problem(for: error).detail)")
        }
    }

    // MARK: What people do

    func acknowledge(_ number: Int, _ request: AcknowledgeRequest) throws -> IncidentReply {
        try act(on: number) { try $0.acknowledge(number, request, by: request.by ?? "unknown", at: $1) }
    }

    func annotate(_ number: Int, _ request: NoteRequest) throws -> IncidentReply {
        let by = request.by ?? "unknown"
        return try act(on: number) {
            try $0.note(number, request, by: by, at: $1)
        } onResolved: {
            try IncidentJournal.note($0, request, by: by, at: $1)
        }
    }

    func resolve(_ number: Int, _ request: ResolveRequest) throws -> IncidentReply {
        try act(on: number) { try $0.resolve(number, request, by: request.by ?? "unknown", at: $1) }
    }

    private func act(
        on number: Int, _ body: (inout AlertPipeline, Date) throws -> Alerting.IncidentChange,
        onResolved: ((Incident, Date) throws -> Alerting.IncidentChange)? = nil
    ) throws -> IncidentReply {
        let now = Date()
        do {
            try step { pipeline, _ in [try body(&pipeline, now)] }
        } catch IncidentError.unknownNumber(number) {
            // The pipeline holds unresolved incidents only: tell a resolved one from one that never was.
            let resolved = try catalogue.incident(number)
            guard let onResolved else { throw IncidentError.alreadyResolved(number: number) }
            try store(onResolved(Incident(resolved), now))
        }
        return try catalogue.incident(number)
    }

    // MARK: Silences

    func silences() -> [SilenceReply] {
        let now = Date()
        return state.withLock { $0.pipeline.silences.map { $0.reply(at: now) } }
    }

    func addSilence(_ request: SilenceRequest) throws -> SilenceReply {
        let now = Date()
        let wanted = try Silence(request, id: "", by: request.by ?? "unknown", at: now).reply(at: now)
        let stored = try catalogue.createSilence(wanted)
        let silence = try Silence(stored)
        state.withLock { $0.pipeline.add(silence) }
        return silence.reply(at: now)
    }

    func expireSilence(_ id: String) throws {
        let now = Date()
        try catalogue.expireSilence(id, at: now)
        // One that has expired by itself is not among the pipeline's any more.
        state.withLock { _ = try? $0.pipeline.expireSilence(id: id, at: now) }
        attention.raise()
    }
}
