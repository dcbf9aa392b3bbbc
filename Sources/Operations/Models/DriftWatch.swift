import Foundation
import Learning
import Logging
import Shared
import Storage
import Telemetry

/// Counts what models are asked, and holds it against what they were trained on.
///
/// The models that were asked last are watched. Counts are stored every half minute and at the end of the process; a kill costs
/// what was counted since.
final class DriftWatch: Sendable {
    /// The caps of the metric's labels.
    private static let mostModels = 20
    private static let mostFeatures = 100
    /// The most moved features of a model; with the models, the most series that a metric may have.
    private static let mostSeries = 50
    private static let storeSeconds = 30.0
    private static let document = "drift_counts"

    private struct Watched: Sendable {
        let id: String
        var name: String
        let number: Int
        let reference: DriftReference
        let counts: Locked<DriftCounts>
        var lastUse: UInt64
        /// `seen` of the counts that are stored.
        var stored: Int
    }

    private struct State: Sendable {
        var models: [String: Watched] = [:]
        var uses: UInt64 = 0
        var storedAt = Date()
    }

    private let catalogue: Catalogue
    private let logger: Logger
    private let state = Locked(State())

    init(catalogue: Catalogue, logger: Logger) {
        self.catalogue = catalogue
        self.logger = logger
    }

    /// Where the rows of a model are counted.
    func counts(for model: ModelRecord, _ reference: DriftReference) -> Locked<DriftCounts> {
        if let known = use(model) { return known }
        let counts = storedCounts(of: model, reference) ?? reference.emptyCounts(at: Date())
        let gone = state.withLock { enter(model, reference, counts, &$0) }
        if let gone { store([gone]) }
        return use(model) ?? Locked(counts)
    }

    /// Takes up what an earlier process counted.
    func restore(_ model: ModelRecord, _ artifact: ModelArtifact) {
        guard state.withLock({ $0.models.count < Self.mostModels }) else { return }
        let reference = DriftReference(artifact.profile, features: artifact.pipeline.features)
        guard let counts = storedCounts(of: model, reference) else { return }
        state.withLock { _ = enter(model, reference, counts, &$0) }
    }

    /// What has been counted of a model; nil when nothing has.
    func current(_ model: ModelRecord, _ reference: DriftReference) -> DriftCounts? {
        state.withLock { $0.models[model.id] }?.counts.current ?? storedCounts(of: model, reference)
    }

    func rename(_ old: String, to new: String) {
        state.withLock { state in
            for (id, model) in state.models where model.name == old { state.models[id]?.name = new }
        }
    }

    func forget(_ id: String) { state.withLock { $0.models[id] = nil } }

    /// Begins to count anew.
    func reset(_ model: ModelRecord, _ reference: DriftReference) throws {
        try catalogue.removeModelDocument(Self.document, of: model.id)
        // The counts are emptied in place: whoever predicts at the moment holds them.
        guard let watched = state.withLock({ $0.models[model.id] }) else { return }
        watched.counts.withLock { $0 = reference.emptyCounts(at: Date()) }
        state.withLock { $0.models[model.id]?.stored = 0 }
    }

    /// Sets the gauges of all models that have seen enough rows. Of several versions of a name, the newest one counts.
    func publish(to registry: MetricRegistry, now: Date = Date()) {
        let watched = state.withLock { Array($0.models.values) }.sorted { $0.number < $1.number }
        var ofName: [String: [(feature: String, psi: Double)]] = [:]
        for model in watched {
            let counts = model.counts.withLock { counts in
                counts.age(to: now)
                return counts
            }
            ofName[model.name] = counts.isEnough ? Self.series(model.reference, counts) : []
        }
        registry.replace(.modelDrift, with: Self.capped(ofName))
    }

    /// The series that fit under the caps: the answers of every model, then whatever has moved most.
    private static func capped(
        _ ofName: [String: [(feature: String, psi: Double)]]
    ) -> [(labelValues: [String], value: Double)] {
        var features: Set = [DriftReference.answersName]
        return ofName.flatMap { name, series in series.map { (model: name, feature: $0.feature, psi: $0.psi) } }
            .sorted { ($1.psi, $0.model, $0.feature) < ($0.psi, $1.model, $1.feature) }
            .filter {
                features.contains($0.feature) || (features.count < mostFeatures && features.insert($0.feature).inserted)
            }
            .map { ([$0.model, $0.feature], $0.psi) }
    }

    private static func series(
        _ reference: DriftReference, _ counts: DriftCounts
    ) -> [(feature: String, psi: Double)] {
        let answers = reference.answerShift(counts).map { [($0.feature, $0.psi)] } ?? []
        let features = reference.shifts(counts).map { (feature: $0.feature, psi: $0.psi) }
            .sorted { ($1.psi, $0.feature) < ($0.psi, $1.feature) }
        return answers + features.prefix(mostSeries - answers.count)
    }

    /// Stores what has been counted since the last time, if that is half a minute ago.
    func storeWhenDue(now: Date = Date()) {
        let isDue = state.withLock { state in
            let passed = now.timeIntervalSince(state.storedAt)
            guard passed >= Self.storeSeconds || passed < 0 else { return false }
            state.storedAt = now
            return true
        }
        if isDue { store() }
    }

    /// Stores what has been counted since the last time.
    func store() { store(state.withLock { Array($0.models.values) }) }

    private func store(_ models: [Watched]) {
        for model in models {
            let counts = model.counts.current
            guard counts.seen != model.stored else { continue }
            do {
                let body = String(decoding: try WireJSON.encode(counts), as: UTF8.self)
                try catalogue.putModelDocument(Self.document, of: model.id, body: body)
                state.withLock { $0.models[model.id]?.stored = counts.seen }
            } catch {
                let problem = ErrorTranslation.problem(for: error)
                logger.error("Drift of model \(model.name) could not be stored: \(problem.detail)")
            }
        }
    }

    private func storedCounts(of model: ModelRecord, _ reference: DriftReference) -> DriftCounts? {
        guard let body = try? catalogue.modelDocument(Self.document, of: model.id),
            let counts = try? WireJSON.decode(DriftCounts.self, from: Data(body.utf8)), reference.fits(counts)
        else { return nil }
        return counts
    }

    private func use(_ model: ModelRecord) -> Locked<DriftCounts>? {
        state.withLock { state in
            state.uses += 1
            guard var watched = state.models[model.id] else { return nil }
            watched.lastUse = state.uses
            watched.name = model.reply.name
            state.models[model.id] = watched
            return watched.counts
        }
    }

    /// - Returns: the model that is no longer watched for it.
    private func enter(
        _ model: ModelRecord, _ reference: DriftReference, _ counts: DriftCounts, _ state: inout State
    ) -> Watched? {
        guard state.models[model.id] == nil else { return nil }
        state.models[model.id] = Watched(
            id: model.id, name: model.reply.name, number: model.number, reference: reference, counts: Locked(counts),
            lastUse: state.uses, stored: counts.seen)
        guard state.models.count > Self.mostModels,
            let oldest = state.models.values.filter({ $0.id != model.id }).min(by: { $0.lastUse < $1.lastUse })
        else { return nil }
        state.models[oldest.id] = nil
        return oldest
    }
}

extension DriftCounts {
    /// Whether there are rows enough to speak of drift.
    var isEnough: Bool { rows >= Double(DriftReference.leastRows) }
}
