import Foundation
import Learning
import Shared
import Storage

/// `predict` and `predict_proba` in SQL: the answers that REST gives, row by row.
///
/// The features of a row are the values of `features` in the model's order, or one JSON object by name.
struct PredictFunctions: Sendable {
    private let catalogue: Catalogue
    private let models: ModelShelf
    private let drift: DriftWatch
    private let onRow: @Sendable (_ model: String) -> Void
    private let resolved = Locked<[String: Resolved]>([:])

    private struct Resolved: Sendable {
        let name: String
        let predictor: Predictor
        let counts: Locked<DriftCounts>
        let until: ContinuousClock.Instant
    }

    /// How long a name stands for the same model without another look at the catalogue, which takes longer than a prediction.
    private static let lifetime = Duration.seconds(1)
    private static let mostNames = 16

    init(
        catalogue: Catalogue, models: ModelShelf, drift: DriftWatch,
        onRow: @escaping @Sendable (_ model: String) -> Void
    ) {
        self.catalogue = catalogue
        self.models = models
        self.drift = drift
        self.onRow = onRow
    }

    func register(in sandbox: SQLSandbox) {
        sandbox.register(
            SQLFunction(name: "predict") { arguments in
                try answer("predict", arguments).prediction
            })
        sandbox.register(
            SQLFunction(name: "predict_proba") { arguments in
                guard let shares = try answer("predict_proba", arguments).probabilities else {
                    throw Problem(
                        .sqlFailed, "predict_proba: the model predicts a number, which has no probabilities.",
                        remedy: "Use predict.")
                }
                return .object(shares.mapValues { .number($0) })
            })
    }

    private func answer(_ function: String, _ arguments: [JSONValue]) throws -> PredictReply.Prediction {
        do {
            guard case .string(let reference)? = arguments.first else {
                throw Problem(
                    .sqlFailed, "\(function): the first argument is not the name of a model.",
                    remedy: "Write \(function)('model', ...).")
            }
            let model = try resolve(reference)
            let row = try row(function, Array(arguments.dropFirst()), of: model)
            let predictions = try model.predictor.predict(rows: [row], counting: model.counts)
            onRow(model.name)
            return predictions[0]
        } catch {
            throw ErrorTranslation.problem(for: error)
        }
    }

    private func resolve(_ reference: String) throws -> Resolved {
        let now = ContinuousClock.now
        if let known = resolved.withLock({ $0[reference] }), known.until > now { return known }
        let record = try catalogue.model(reference)
        let predictor = try models.predictor(for: record)
        let found = Resolved(
            name: record.reply.name, predictor: predictor, counts: drift.counts(for: record, predictor.drift),
            until: now + Self.lifetime)
        resolved.withLock { resolved in
            if resolved.count >= Self.mostNames { resolved = [:] }
            resolved[reference] = found
        }
        return found
    }

    private func row(_ function: String, _ values: [JSONValue], of model: Resolved) throws -> [String: JSONValue] {
        let names = model.predictor.artifact.pipeline.features.map(\.name)
        if values.count == 1, case .string(let text) = values[0], text.hasPrefix("{"),
            let object = try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
        {
            return object
        }
        guard values.count == names.count else {
            let wanted = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
            throw Problem(
                .sqlFailed,
                "\(function): the call has \(values.count) values, but model \(model.name) has \(names.count) features: \(wanted).",
                remedy: "Give the values in this order, or one json_object('feature', value, ...).")
        }
        return Dictionary(zip(names, values)) { first, _ in first }
    }
}
