import Foundation
import Learning
import Logging
import Shared
import Storage
import Telemetry

/// Models that are ready to predict, decoded once and kept while they are used.
final class ModelShelf: Sendable {
    private static let most = 16
    private static let mostRecords = 256

    private struct Entry: Sendable {
        let predictor: Predictor
        var lastUse: UInt64
    }

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        var uses: UInt64 = 0
        /// What references stood for when the models of the catalogue were in `recordsState`.
        var records: [String: ModelRecord] = [:]
        var recordsState = 0
    }

    private let catalogue: Catalogue
    private let state = Locked(State())

    init(catalogue: Catalogue) { self.catalogue = catalogue }

    /// What a reference stands for, without a look into the database for as long as no model changes.
    ///
    /// - Throws: `model.not_found`.
    func record(_ reference: String) throws -> ModelRecord {
        if let known = knownRecord(reference) { return known }
        let now = catalogue.modelState
        let record = try catalogue.model(reference)
        state.withLock { state in
            if state.recordsState != now || state.records.count >= Self.mostRecords { state.records = [:] }
            state.recordsState = now
            state.records[reference] = record
        }
        return record
    }

    private func knownRecord(_ reference: String) -> ModelRecord? {
        let now = catalogue.modelState
        return state.withLock { $0.recordsState == now ? $0.records[reference] : nil }
    }

    /// What predicts without a look into the database; nil when that is needed.
    func ready(_ reference: String) -> Predictor? {
        guard let record = knownRecord(reference) else { return nil }
        return state.withLock { $0.entries[record.id]?.predictor }
    }

    /// - Throws: `model.damaged` for an artifact that is not what was written.
    func predictor(for model: ModelRecord) throws -> Predictor {
        let known = state.withLock { state -> Predictor? in
            state.uses += 1
            guard var entry = state.entries[model.id] else { return nil }
            entry.lastUse = state.uses
            state.entries[model.id] = entry
            return entry.predictor
        }
        if let known { return known }
        let predictor = Predictor(try ModelArtifact.decode(try catalogue.artifact(of: model.id)))
        state.withLock { state in
            state.entries[model.id] = Entry(predictor: predictor, lastUse: state.uses)
            if state.entries.count > Self.most,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
            }
        }
        return predictor
    }

    func forget(_ id: String) { state.withLock { $0.entries[id] = nil } }

    /// Re-checks the test vectors of every stored model, oldest last. A damaged model is reported, not removed.
    ///
    /// - Parameter onModel: called with each model that is sound.
    func verifyAll(
        logger: Logger, registry: MetricRegistry, onModel: (ModelRecord, ModelArtifact) -> Void
    ) throws {
        let scores = ModelScores(catalogue: catalogue, registry: registry)
        var named = Set<String>()
        var before: Int?
        while true {
            let page = try catalogue.models(before: before, limit: 100)
            for model in page {
                // Newest first: the older versions of a name change nothing.
                if named.insert(model.reply.name).inserted { try scores.publish(model.reply.name) }
                do {
                    let artifact = try ModelArtifact.decode(try catalogue.artifact(of: model.id))
                    try artifact.verify()
                    onModel(model, artifact)
                } catch {
                    let problem = ErrorTranslation.problem(for: error)
                    registry.increment(.appErrors, "prediction_error")
                    logger.error(
                        "Model \(model.reply.name) does not reproduce its test vectors: \(problem.detail)",
                        metadata: ["model": "\(model.id)", "code": "\(problem.code)"])
                }
            }
            guard page.count == 100 else { return }
            before = page.last?.number
        }
    }
}
