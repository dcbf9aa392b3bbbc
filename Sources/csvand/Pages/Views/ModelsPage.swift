import Operations
import Shared

/// All models, and the trainings that make them.
struct ModelsPage: PageView {
    static let template = "models"

    struct Job: Sendable {
        let id: String
        let kind: String
        let state: String
        let progress: String
        let trials: Int
        let best: String
        let elapsed: String
        let failure: String
    }

    let frame = PageFrame("Models", area: .models)
    let models: [ModelLine]
    let jobs: [Job]
    let datasets: [DatasetLine]

    init(_ workspace: Workspace) throws {
        models = try workspace.models(after: nil, limit: 200).items.map { ModelLine($0) }
        datasets = try workspace.datasets(after: nil, limit: 20).items.map { DatasetLine($0) }
        jobs = try workspace.jobs(after: nil, limit: 20).items.map { job in
            Job(
                id: job.id, kind: job.kind, state: job.state.rawValue,
                progress: PageText.percent(job.progress, of: 1), trials: job.trials,
                best: job.best.map { "\($0.learner) \(PageText.number($0.score))" } ?? "–",
                elapsed: PageText.span(job.elapsedSeconds), failure: job.error?.detail ?? "")
        }
    }
}

/// A model in a list.
struct ModelLine: Sendable {
    let name: String
    let segment: String
    let version: Int
    let dataset: String
    let datasetSegment: String
    let target: String
    let task: String
    let metric: String
    let score: String
    let learner: String
    let created: String

    init(_ model: ModelReply) {
        name = model.name
        segment = PageText.segment(model.name)
        version = model.version
        dataset = model.dataset
        datasetSegment = PageText.segment(model.dataset)
        target = model.target
        task = model.task.rawValue
        metric = model.metric
        score = PageText.number(model.score)
        learner = model.learner
        created = PageText.time(model.createdAt)
    }
}
