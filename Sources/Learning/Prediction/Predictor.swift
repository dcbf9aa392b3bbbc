import Foundation
import Shared
import Tabular

/// Predicts rows with a stored model: the same numbers for REST, CSV, csvctl and SQL.
package struct Predictor: Sendable {
    package let artifact: ModelArtifact
    /// Labels that training saw, by feature; absent where flags make no sense.
    private let knownLabels: [Set<String>?]
    /// What the rows that are predicted are held against.
    package let drift: DriftReference

    /// What a row of a batch took when the model was trained.
    package var secondsPerRow: Double { (artifact.leaderboard.items.first?.predictSecondsPer1000 ?? 0) / 1000 }

    /// Contributions that are answered at most.
    private static let mostContributions = 10
    /// Threads for batches.
    private static let threads = min(8, ProcessInfo.processInfo.activeProcessorCount)

    package init(_ artifact: ModelArtifact) {
        self.artifact = artifact
        knownLabels = artifact.profile.features.map { $0.knowsAllLabels ? Set($0.labels) : nil }
        drift = DriftReference(artifact.profile, features: artifact.pipeline.features)
    }

    /// Predicts every row of a table.
    ///
    /// - Parameter counting: where the rows and their answers are counted for drift, made by `drift`; nowhere without it.
    /// - Throws: `.missingFeature` for a column that is absent, `.noRows`.
    package func predict(
        _ table: DataTable, explain: Bool = false, counting: Locked<DriftCounts>? = nil
    ) throws(LearningError) -> [PredictReply.Prediction] {
        let prepared = try PreparedTable(table, features: artifact.pipeline.features)
        guard prepared.rows > 0 else { throw .noRows }
        let matrix = artifact.pipeline.transform(prepared)
        let outputs = artifact.calibrated(artifact.model.predict(matrix, threads: Self.threads))
        counting?.withLock { drift.count(prepared, answers: artifact.answers(outputs), into: &$0) }
        let width = max(1, artifact.model.outputs)
        return (0..<prepared.rows).map { row in
            var prediction = answer(outputs[row * width..<(row + 1) * width])
            prediction.flags = flags(prepared, row: row)
            if explain {
                prediction.contributions = contributions(
                    table, matrix: matrix, row: row, outputs: outputs[row * width..<(row + 1) * width])
            }
            return prediction
        }
    }

    /// Predicts rows of JSON.
    ///
    /// - Throws: `.missingFeature`, `.badValue`, `.noRows`.
    package func predict(
        rows: [[String: JSONValue]], explain: Bool = false, counting: Locked<DriftCounts>? = nil
    ) throws(LearningError) -> [PredictReply.Prediction] {
        try predict(try table(from: rows), explain: explain, counting: counting)
    }

    /// The reply to a request, without what only the store knows.
    package func reply(
        to request: PredictRequest, model: String, version: Int, counting: Locked<DriftCounts>? = nil
    ) throws(LearningError) -> PredictReply {
        let start = ContinuousClock.now
        let predictions = try predict(rows: request.rows, explain: request.explain ?? false, counting: counting)
        return PredictReply(
            model: model, version: version, threshold: artifact.threshold,
            latencyMs: (ContinuousClock.now - start).seconds * 1000, predictions: predictions,
            datasetVersion: artifact.summary.datasetVersion)
    }

    /// Calibrated outputs of a table, row-major: one number for regression, else one probability a class.
    ///
    /// Columns that are absent count as missing values here; `predict` refuses them.
    package func outputs(_ table: DataTable) -> [Double] {
        guard let prepared = try? PreparedTable(table, features: artifact.pipeline.features) else { return [] }
        return outputs(prepared)
    }

    func outputs(_ table: PreparedTable) -> [Double] {
        artifact.calibrated(artifact.model.predict(artifact.pipeline.transform(table), threads: Self.threads))
    }

    /// The index of the class that is answered for probabilities.
    package func decide(_ probabilities: ArraySlice<Double>) -> Int {
        ClassMetrics.decide(probabilities, threshold: artifact.threshold ?? 0.5)
    }

    private func answer(_ outputs: ArraySlice<Double>) -> PredictReply.Prediction {
        let first = outputs.first ?? 0
        if artifact.summary.task == .regression {
            return PredictReply.Prediction(prediction: .number(first), interval: artifact.interval?.bounds(first))
        }
        let classes = artifact.summary.classes
        var probabilities: [String: Double] = [:]
        for (label, share) in zip(classes, outputs) { probabilities[label] = share }
        return PredictReply.Prediction(
            prediction: .string(classes[decide(outputs)]), probabilities: probabilities)
    }

    private func flags(_ table: PreparedTable, row: Int) -> [PredictReply.Flag] {
        var flags: [PredictReply.Flag] = []
        for (index, profile) in artifact.profile.features.enumerated() {
            guard let kind = flag(table.columns[index], row: row, profile: profile, known: knownLabels[index]) else {
                continue
            }
            flags.append(PredictReply.Flag(feature: profile.name, kind: kind))
        }
        return flags
    }

    private func flag(
        _ column: PreparedTable.Column, row: Int, profile: TrainingProfile.Feature, known: Set<String>?
    ) -> PredictReply.Flag.Kind? {
        let value: Double
        switch column {
        case .labels(let codes):
            if codes.codes[row] < 0 { return .missing }
            guard let known else { return nil }
            return known.contains(codes.labels[Int(codes.codes[row])]) ? nil : .unseenCategory
        case .numbers(let values): value = Double(values[row])
        case .instants(let values): value = values[row]
        }
        if value.isNaN { return .missing }
        guard let minimum = profile.minimum, let maximum = profile.maximum else { return nil }
        return value < minimum || value > maximum ? .outOfRange : nil
    }

    private func contributions(
        _ table: DataTable, matrix: FeatureMatrix, row: Int, outputs: ArraySlice<Double>
    ) -> [PredictReply.Contribution]? {
        let answered = artifact.summary.task == .regression ? 0 : decide(outputs)
        guard let values = Contributions.of(artifact.model, matrix: matrix, row: row, output: answered) else {
            return nil
        }
        let byFeature = artifact.pipeline.byRawFeature(values)
        let order = byFeature.indices.sorted {
            (abs(byFeature[$1]), $0) < (abs(byFeature[$0]), $1)
        }
        return order.prefix(Self.mostContributions).filter { byFeature[$0].isFinite && byFeature[$0] != 0 }.map {
            let name = artifact.pipeline.features[$0].name
            return PredictReply.Contribution(
                feature: name, value: table.column(named: name)?.json(row) ?? .null, contribution: byFeature[$0])
        }
    }
}
