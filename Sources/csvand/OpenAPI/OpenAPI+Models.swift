import Operations
import Shared

extension OpenAPI {
    static let modelRoutes: [OpenAPIRoute] = [
        .init(
            method: "post", path: "/api/v1/models", tag: "models", summary: "Starts a training",
            body: [.json(TrainRequest.self)], status: 202, answers: [.json(JobAccepted.self)],
            problems: [400, 404, 409, 422, 503]),
        .init(
            method: "get", path: "/api/v1/models", tag: "models", summary: "Models, newest first",
            query: [.limit, .after], answers: [.json(Page<ModelReply>.self)], problems: [400]),
        .init(
            method: "get", path: "/api/v1/models/{model}", tag: "models", summary: "A model",
            answers: [.json(ModelReply.self)], problems: [404]),
        .init(
            method: "patch", path: "/api/v1/models/{model}", tag: "models", summary: "Renames a model",
            body: [.json(ModelChange.self)], answers: [.json(ModelReply.self)], problems: [400, 404, 409, 422]),
        .init(
            method: "delete", path: "/api/v1/models/{model}", tag: "models", summary: "Deletes a model", status: 204,
            problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/leaderboard", tag: "models",
            summary: "Every trial of its training, best first", answers: [.json(LeaderboardReply.self)],
            problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/explain", tag: "models",
            summary: "Which features its decisions rest on", answers: [.json(ExplainReply.self)], problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/evaluation", tag: "models",
            summary: "Scores on rows not trained on, by metric and class", answers: [.json(EvaluationReply.self)],
            problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/drift", tag: "models",
            summary: "How far recent rows are from those trained on", answers: [.json(DriftReply.self)],
            problems: [404]),
        .init(
            method: "delete", path: "/api/v1/models/{model}/drift", tag: "models",
            summary: "Forgets the rows counted for drift", status: 204, problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/report", tag: "models", summary: "A report in Markdown",
            answers: [.text("text/markdown")], problems: [404]),
        .init(
            method: "get", path: "/api/v1/models/{model}/export", tag: "models", summary: "The model as a file",
            query: [.choice("format", "Form of the file.", "json", "onnx")],
            answers: [.json(["type": "object"]), .text("application/octet-stream")], problems: [400, 404, 409]),
        .init(
            method: "post", path: "/api/v1/models/{model}/predict", tag: "models",
            summary: "Predicts rows: JSON, or a CSV that comes back with the predictions beside it",
            body: [.json(PredictRequest.self), .text("text/csv")],
            answers: [.json(PredictReply.self), .text("text/csv")], problems: [400, 404, 413, 415, 422]),
    ]

    static let jobRoutes: [OpenAPIRoute] = [
        .init(
            method: "get", path: "/api/v1/jobs", tag: "jobs", summary: "Jobs, newest first", query: [.limit, .after],
            answers: [.json(Page<JobReply>.self)], problems: [400]),
        .init(
            method: "get", path: "/api/v1/jobs/{job}", tag: "jobs", summary: "A job", answers: [.json(JobReply.self)],
            problems: [404]),
        .init(
            method: "delete", path: "/api/v1/jobs/{job}", tag: "jobs", summary: "Cancels a job",
            answers: [.json(JobReply.self)], problems: [404, 409]),
        .init(
            method: "post", path: "/api/v1/jobs/{job}/extend", tag: "jobs", summary: "Gives a training more time",
            body: [.json(JobExtension.self)], status: 202, answers: [.json(JobReply.self)],
            problems: [400, 404, 409, 422]),
        .init(
            method: "get", path: "/api/v1/jobs/{job}/events", tag: "jobs",
            summary: "The job whenever it changes, as server-sent events named job, until it has ended",
            answers: [.text("text/event-stream")], problems: [404]),
    ]
}
