import Foundation
import Learning
import Shared
import Storage
import Tabular

extension Workspace {
    /// How far the rows that a model predicts have moved away from those it was trained on.
    package func drift(of reference: String) throws -> DriftReply {
        let model = try catalogue.model(reference)
        let bins = try models.predictor(for: model).drift
        var counts = drift.current(model, bins) ?? bins.emptyCounts(at: Date())
        counts.age(to: Date())
        var reply = DriftReply(
            model: model.reply.name, version: model.reply.version, rows: Int(counts.rows.rounded()),
            minimumRows: DriftReference.leastRows)
        guard counts.isEnough else { return reply }
        reply.prediction = bins.answerShift(counts).map(DriftReply.Shift.init)
        reply.features = bins.shifts(counts).map(DriftReply.Shift.init)
        let most = (reply.features + [reply.prediction].compactMap(\.self)).map(\.psi).max()
        reply.verdict = most.map(ComparisonReply.Verdict.init(psi:))
        return reply
    }

    /// Forgets what a model was asked, such as after a source has been repaired.
    package func resetDrift(of reference: String) throws {
        let model = try catalogue.model(reference)
        try drift.reset(model, try models.predictor(for: model).drift)
        drift.publish(to: supervision.registry)
    }
}

extension DriftReply.Shift {
    fileprivate init(_ shift: DriftReference.Shift) {
        self.init(
            feature: shift.feature, psi: shift.psi, verdict: ComparisonReply.Verdict(psi: shift.psi),
            bins: zip(shift.labels, zip(shift.expected, shift.found)).map {
                ComparisonReply.Bin(label: $0, before: $1.0, after: $1.1)
            })
    }
}

extension ComparisonReply.Verdict {
    /// The verdict on an index of population stability.
    init(psi: Double) {
        self = psi >= StabilityIndex.marked ? .marked : psi >= StabilityIndex.moderate ? .moderate : .stable
    }
}
