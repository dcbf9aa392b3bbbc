import Foundation
import Shared

extension ModelArtifact {
    /// The model as JSON for people and other programs: what it is, how it was judged, what it expects of a row, what was fitted.
    ///
    /// It is for reading: `onnx` gives a file that predicts. Trees of more than 20,000 nodes and kept rows of neighbours are only counted, and
    /// of the topics of texts only the strongest words are shown.
    package func json() throws(LearningError) -> [UInt8] {
        let document = ModelDocument(
            format: "csvand-model", version: Int(Self.version), summary: summary,
            features: zip(pipeline.features, pipeline.encoders).map {
                ModelDocument.Feature(
                    name: $0.name, type: $0.type, columns: $1.columnNames(of: $0.name), encoding: $1.kind,
                    topics: $1.topics(of: $0.name))
            }, model: model.fields(pipeline.matrixColumns), threshold: threshold, calibration: calibration.fields,
            interval: interval.map(ModelDocument.Interval.init),
            evaluation: evaluation, leaderboard: leaderboard, explanation: explanation, profile: profile,
            testVectors: testVectors.rows.enumerated().map { row, cells in
                ModelDocument.Vector(
                    row: cells,
                    outputs: Array(testVectors.outputs.dropFirst(row * model.outputs).prefix(model.outputs)))
            })
        do { return try [UInt8](WireJSON.encode(document, pretty: true)) } catch {
            throw .artifactDamaged(reason: "the model cannot be written as JSON", offset: 0)
        }
    }
}

/// The JSON export of a model.
struct ModelDocument: Encodable {
    var format: String
    var version: Int
    var summary: ModelSummary
    var features: [Feature]
    /// See `FittedModel.fields`.
    var model: [String: JSONValue]
    var threshold: Double?
    /// See `Calibration.fields`.
    var calibration: [String: JSONValue]
    var interval: Interval?
    var evaluation: EvaluationReply
    var leaderboard: LeaderboardReply
    var explanation: ExplainReply
    var profile: TrainingProfile
    var testVectors: [Vector]

    struct Feature: Encodable {
        var name: String
        var type: ColumnType
        /// Columns of the matrix made from it.
        var columns: [String]
        var encoding: String
        /// Of a free text.
        var topics: [Topic]?
    }

    struct Topic: Encodable {
        var column: String
        /// Words and pairs that weigh most in it.
        var terms: [Term]

        struct Term: Encodable {
            var term: String
            var loading: Double
        }
    }

    struct Interval: Encodable {
        var cuts: [Double]
        var low: [Double]
        var high: [Double]

        init(_ interval: PredictionInterval) { (cuts, low, high) = (interval.cuts, interval.low, interval.high) }
    }

    struct Vector: Encodable {
        var row: [String: JSONValue]
        var outputs: [Double]
    }
}

extension FeatureEncoder {
    /// One word for the kind of encoding.
    var kind: String {
        switch self {
        case .number: "number"
        case .category: "category"
        case .manyCategories: "category_and_target_mean"
        case .calendar: "calendar"
        case .text(let terms): terms.topics == nil ? "terms" : "terms_and_topics"
        }
    }

    /// The topics of a text with their strongest terms; nil for other features.
    func topics(of name: String) -> [ModelDocument.Topic]? {
        guard case .text(let terms) = self, let topics = terms.topics else { return nil }
        return terms.topicNames(of: name).enumerated().map { index, column in
            ModelDocument.Topic(
                column: column,
                terms: topics.shown(topic: index).map { .init(term: $0.term, loading: Double($0.loading)) })
        }
    }
}

extension Calibration {
    /// One word for the kind of calibration.
    package var description: String {
        switch self {
        case .none: "none"
        case .platt: "platt"
        case .isotonic: "isotonic"
        case .temperature: "temperature"
        }
    }

    /// Its kind, and the numbers that `apply` uses.
    var fields: [String: JSONValue] {
        let kind = ["kind": JSONValue.string(description)]
        let numbers: [String: JSONValue] =
            switch self {
            case .none: [:]
            case .platt(let slope, let intercept): ["slope": .number(slope), "intercept": .number(intercept)]
            case .isotonic(let from, let to): ["from": .numbers(from), "to": .numbers(to)]
            case .temperature(let temperature): ["temperature": .number(temperature)]
            }
        return kind.merging(numbers) { $1 }
    }
}
