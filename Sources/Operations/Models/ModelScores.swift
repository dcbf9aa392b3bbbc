import Storage
import Telemetry

/// `csvand_model_score`: of several versions of a name the newest one counts; a score that is not defined has no series.
struct ModelScores: Sendable {
    let catalogue: Catalogue
    let registry: MetricRegistry

    /// Makes the metric show what is stored under a name. The names of models that are gone end.
    func publish(_ name: String) throws {
        let newest: ModelRecord?
        do { newest = try catalogue.model(name) } catch StorageError.modelNotFound { newest = nil }
        registry.remove(.modelScore, where: "model", is: name)
        if let model = newest?.reply, let score = model.score {
            registry.set(.modelScore, model.name, model.metric, to: score)
        }
    }
}
