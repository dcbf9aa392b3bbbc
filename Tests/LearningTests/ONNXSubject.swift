import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

/// Tables with every kind of feature that ONNX can express, and models of them.
enum ONNXSubject {
    private static let colours = ["red", "green", "bl\u{E9}", " two words "]

    /// - Parameter strange: unseen labels, more missing values, and values past every range.
    static func table(_ rows: Int, seed: UInt64, strange: Bool = false) -> DataTable {
        var random = RandomStream(seed: seed)
        var x: [Double?] = []
        var count: [Int64?] = []
        var flag: [Bool?] = []
        var colour: [String?] = []
        var city: [String?] = []
        var joined: [Int64?] = []
        var seen: [Int64?] = []
        let missing = strange ? 0.25 : 0.08
        func some<T>(_ value: T) -> T? { random.unit() < missing ? nil : value }
        for row in 0..<rows {
            x.append(some(random.normal() * 3))
            count.append(some(Int64(random.index(below: 40))))
            flag.append(some(random.index(below: 2) == 1))
            let shade = colours[random.index(below: colours.count)]
            // The same letter, composed of two characters.
            colour.append(some(strange && row % 5 == 1 ? "ble\u{301}" : strange && row % 7 == 2 ? "pink" : shade))
            let town = "city \(random.index(below: 60))"
            city.append(some(strange && row % 9 == 4 ? "elsewhere" : town))
            joined.append(some(Int64(random.index(below: 20_000)) - (strange ? 10_000 : 0)))
            seen.append(some(Int64(random.index(below: 1_700_000_000)) * 1_000_000 + 250_000))
        }
        if strange {
            let extremes: [Double] = [1e300, -1e300, 1e30, -1e30, 16_777_217, 0.1]
            for (row, value) in extremes.enumerated() { x[row] = value }
            for (row, days) in [Int64(-719_468), -719_469, -2_000_000, 11_016, 2_932_896, 0].enumerated() {
                joined[row] = days
            }
        }
        return DataTable(columns: [
            TableMaking.decimals("x", x), TableMaking.integers("count", count), booleans("flag", flag),
            TableMaking.texts("label", colour), TableMaking.texts("city", city), TableMaking.dates("joined", joined),
            TableMaking.column(
                "seen", .timestamp, .integers(seen.map { $0 ?? 0 }), nulls: seen.map { $0 == nil }),
        ])
    }

    private static func booleans(_ name: String, _ values: [Bool?]) -> TableColumn {
        TableMaking.column(
            name, .boolean, .booleans(values.map { $0 == true ? 1 : 0 }), nulls: values.map { $0 == nil })
    }

    /// A target that depends on numbers, categories, dates and what is missing.
    static func target(_ task: LearnerTask, _ table: PreparedTable) -> Target {
        var random = RandomStream(seed: 11)
        var scores = (0..<table.rows).map { _ in random.normal() * 0.3 }
        for column in table.columns {
            switch column {
            case .numbers(let values):
                for (row, value) in values.enumerated() { scores[row] += value.isNaN ? 0.7 : Double(value) / 10 }
            case .instants(let values):
                for (row, value) in values.enumerated() where !value.isNaN { scores[row] += value / 1e9 }
            case .labels(let codes):
                for (row, code) in codes.codes.enumerated() { scores[row] += code % 3 == 1 ? 1 : -0.3 }
            }
        }
        let sorted = scores.sorted()
        let (low, middle, high) = (sorted[scores.count / 3], sorted[scores.count / 2], sorted[scores.count * 2 / 3])
        return switch task {
        case .number: .regression(scores.map { 1e5 + 1e4 * $0 })
        case .twoClasses: .classes(scores.map { $0 > middle ? 1 : 0 }, count: 2)
        case .threeClasses: .classes(scores.map { $0 < low ? 0 : $0 < high ? 1 : 2 }, count: 3)
        }
    }

    /// A model of one learner, or of several as an ensemble or a stack.
    static func artifact(
        _ learners: [any Learner], task: LearnerTask, calibration: Calibration = .none, threshold: Double? = nil,
        isStack: Bool = false
    ) throws -> ModelArtifact {
        let table = table(400, seed: 3)
        let features = table.columns.map { RawFeature($0) }
        let prepared = try PreparedTable(table, features: features)
        let target = target(task, prepared)
        let rows = Array(0..<Int32(prepared.rows))
        let (pipeline, matrix) = FeaturePipeline(features: features)
            .fitTransform(prepared, target: target, rows: rows, seed: 1)
        let models = try learners.map {
            try $0.fit(matrix, target: target, rows: rows, weights: nil, context: FitContext(seed: 1))
        }
        let members = models.enumerated().map {
            EnsembleModel.Member(weight: isStack ? 0.3 + 0.4 * Double($0) : Double($0 + 1), model: $1, learner: .linear)
        }
        let intercepts = (0..<LinearStack.scores(outputs: target.outputs)).map { 0.25 - 0.4 * Double($0) }
        let model: any FittedModel =
            models.count == 1
            ? models[0]
            : isStack ? EnsembleModel(stacking: members, intercepts: intercepts) : EnsembleModel(members: members)
        var artifact = try TableMaking.trained(target: task == .number ? "price" : "kind")
        artifact.pipeline = pipeline
        artifact.model = model
        artifact.calibration = calibration
        artifact.threshold = task == .twoClasses ? threshold ?? 0.5 : nil
        artifact.summary.target = "outcome"
        artifact.summary.task = task == .number ? .regression : task == .twoClasses ? .binary : .multiclass
        artifact.summary.learner = models.count == 1 ? type(of: learners[0]).name : LearnerName.ensemble.rawValue
        artifact.summary.classes =
            task == .number ? [] : Array(["no", "yes", "n\u{FC}"].prefix(target.outputs))
        artifact.interval = nil
        if case .regression(let values) = target {
            artifact.interval = PredictionInterval(values: values, predictions: model.predict(matrix, rows: nil))
        }
        artifact.profile = TrainingProfile(prepared, features: features)
        return artifact
    }
}

/// Inputs and expected outputs of an ONNX file, as `scripts/check-onnx.py` reads them.
struct ONNXCase: Encodable {
    enum Cells: Encodable {
        case numbers([Double?])
        case texts([String])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .numbers(let values): try container.encode(values)
            case .texts(let values): try container.encode(values)
            }
        }
    }

    enum Outputs: Encodable {
        case texts([String])
        case numbers([[Double]])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .numbers(let values): try container.encode(values)
            case .texts(let values): try container.encode(values)
            }
        }
    }

    var inputs: [String: Cells] = [:]
    var outputs: [String: Outputs] = [:]

    /// What the predictor answers for a table.
    init(_ artifact: ModelArtifact, _ table: DataTable) throws {
        for (feature, column) in zip(
            artifact.pipeline.features,
            try artifact.pipeline.features.map { try #require(table.column(named: $0.name)) }
        ) {
            switch feature.type {
            case .text:
                let codes = column.categories()
                inputs[feature.name] = .texts(codes.codes.map { $0 < 0 ? "" : codes.labels[Int($0)] })
            case .date: inputs[feature.name] = .numbers(column.numbers().map { $0.isNaN ? nil : $0 * 86_400 })
            default: inputs[feature.name] = .numbers(column.numbers().map { $0.isNaN ? nil : $0 })
            }
        }
        let predictions = try Predictor(artifact).predict(table)
        if artifact.summary.task == .regression {
            outputs["value"] = .numbers(
                predictions.map { if case .number(let value) = $0.prediction { [value] } else { [.nan] } })
            outputs["interval"] = .numbers(predictions.compactMap(\.interval))
            return
        }
        // A feature has the name that the output would have.
        let label = artifact.pipeline.features.contains { $0.name == "label" } ? "label_" : "label"
        outputs[label] = .texts(
            predictions.map { if case .string(let text) = $0.prediction { text } else { "" } })
        outputs["probabilities"] = .numbers(
            predictions.map { row in artifact.summary.classes.map { row.probabilities?[$0] ?? .nan } })
    }
}
