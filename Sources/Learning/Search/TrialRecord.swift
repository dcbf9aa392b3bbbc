import Foundation
import Shared

/// A finished trial: one configuration fitted and scored on every fold. Enough to go on from after a restart.
package struct TrialRecord: Codable, Sendable, Equatable {
    /// Place in the sequence of proposals, from 0. A later trial is a function of the seed, its number and the earlier trials.
    package var number: Int
    package var learner: LearnerName
    package var parameters: [String: JSONValue]
    /// The metric in its own orientation, one a fold; NaN does not occur (folds it is undefined on are left out).
    package var foldScores: [Double]
    /// Mean seconds of a fit.
    package var fitSeconds: Double
    package var predictSecondsPer1000: Double
    /// Rows that the folds were cut from.
    package var rows: Int
    /// Mean number of boosting rounds over the folds; nil for other learners.
    package var rounds: Int?
    /// Predictions for the test rows of every fold, one fold after the other, row-major; empty when they were too many to keep.
    package var outOfFold: [Float]

    package var score: Double {
        foldScores.isEmpty ? .nan : foldScores.reduce(0, +) / Double(foldScores.count)
    }

    /// Deviation of the folds' scores.
    package var scoreDeviation: Double {
        guard foldScores.count > 1 else { return 0 }
        let mean = score
        let squares = foldScores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(foldScores.count - 1)).squareRoot()
    }

    private enum CodingKeys: String, CodingKey {
        case number, learner, parameters, foldScores, fitSeconds, predictSecondsPer1000, rows, rounds, outOfFold
    }

    package init(
        number: Int, learner: LearnerName, parameters: [String: JSONValue], foldScores: [Double], fitSeconds: Double,
        predictSecondsPer1000: Double, rows: Int, rounds: Int?, outOfFold: [Float]
    ) {
        self.number = number
        self.learner = learner
        self.parameters = parameters
        self.foldScores = foldScores
        self.fitSeconds = fitSeconds
        self.predictSecondsPer1000 = predictSecondsPer1000
        self.rows = rows
        self.rounds = rounds
        self.outOfFold = outOfFold
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        number = try container.decode(Int.self, forKey: .number)
        learner = try container.decode(LearnerName.self, forKey: .learner)
        parameters = try container.decode([String: JSONValue].self, forKey: .parameters)
        foldScores = try container.decode([Double].self, forKey: .foldScores)
        fitSeconds = try container.decode(Double.self, forKey: .fitSeconds)
        predictSecondsPer1000 = try container.decode(Double.self, forKey: .predictSecondsPer1000)
        rows = try container.decode(Int.self, forKey: .rows)
        rounds = try container.decodeIfPresent(Int.self, forKey: .rounds)
        // Base64 of little-endian floats: a fifth of what decimal text takes, and exact.
        let bytes = try [UInt8](container.decode(Data.self, forKey: .outOfFold))
        outOfFold = (0..<bytes.count / 4).map { index in
            let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index * 4 + $1]) << UInt32($1 * 8) }
            return Float(bitPattern: word)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(learner, forKey: .learner)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(foldScores, forKey: .foldScores)
        try container.encode(fitSeconds, forKey: .fitSeconds)
        try container.encode(predictSecondsPer1000, forKey: .predictSecondsPer1000)
        try container.encode(rows, forKey: .rows)
        try container.encodeIfPresent(rounds, forKey: .rounds)
        var writer = ArtifactWriter()
        for value in outOfFold { writer.write(value) }
        try container.encode(Data(writer.bytes), forKey: .outOfFold)
    }
}

/// A learner and its settings, to be tried.
package struct TrialConfiguration: Sendable, Equatable {
    package var learner: LearnerName
    package var parameters: [String: LearnerParameter]

    package init(_ learner: LearnerName, _ parameters: [String: LearnerParameter] = [:]) {
        self.learner = learner
        self.parameters = parameters
    }

    /// Whether every setting has the same value, whole numbers in either form.
    func isSame(as other: TrialConfiguration) -> Bool {
        learner == other.learner && parameters.mapValues(\.json) == other.parameters.mapValues(\.json)
    }

    /// The configuration of a finished trial.
    init(_ record: TrialRecord) {
        learner = record.learner
        parameters = record.parameters.compactMapValues(LearnerParameter.init(json:))
    }
}
