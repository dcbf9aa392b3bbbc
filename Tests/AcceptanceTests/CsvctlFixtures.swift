import Foundation
import Shared

/// Replies as the daemon would give them.
enum CsvctlFixtures {
    static let opened = Date(timeIntervalSince1970: 1_800_000_000)

    static var incident: IncidentReply {
        var evidence = Evidence(
            expression: "increase(app_errors_total{type=\"simulated\"}[5m]) > 0", value: 3, version: "0.1.0",
            configHash: "0123456789abcdef")
        evidence.series = [
            Evidence.Series(
                metric: "app_errors_total", labels: ["type": "simulated"],
                samples: (0..<8).map { [1_800_000_000 + Double($0), Double($0)] })
        ]
        evidence.errors = [
            Evidence.RecordedError(
                at: opened, type: "simulated", code: "simulated", requestId: "req-42", route: "/simulate-error/",
                text: "asked for \u{1B}[31mit")
        ]
        evidence.journalFrom = "s=1;i=2"
        return IncidentReply(
            number: 12, state: .acknowledged, severity: .warning, key: "SimulatedError", title: "Simulated error",
            openedAt: opened, acknowledgedAt: opened.addingTimeInterval(90), rule: "SimulatedError",
            labels: ["service": "csv_analyzer"], evidence: evidence,
            timeline: [
                TimelineEntry(at: opened, kind: "opened", by: "csvand", text: "fired"),
                TimelineEntry(at: opened.addingTimeInterval(90), kind: "acknowledged", by: "ada", text: "looking"),
            ],
            notifications: [
                NotificationReply(receiver: "discord", state: "sent", attempts: 2, lastError: "429", messageId: "m1")
            ])
    }

    static var dataset: DatasetReply {
        DatasetReply(
            id: "d1", name: "titanic", version: 1, rows: 891,
            columns: [
                ColumnReply(name: "age", type: .decimal, nullable: true),
                ColumnReply(name: "sex", type: .text, nullable: false),
            ],
            dialect: DialectReply(
                encoding: "utf-8", delimiter: ",", quote: "\"", escape: nil, comment: nil, lineEnding: "crlf",
                header: true, skipRows: 0, decimal: ".", nullValues: [""], reasons: ["a comma splits every row alike"]),
            rejected: 2, bytes: 60302, createdAt: opened)
    }

    static func job(_ state: JobState, progress: Double) -> JobReply {
        var job = JobReply(
            id: "j1", kind: "training", state: state, progress: progress, trials: 7, elapsedSeconds: 12,
            remainingSeconds: 8, createdAt: opened)
        job.best = JobReply.Best(learner: "gradient_boosting", score: 0.8712, metric: "roc_auc")
        job.model = state == .done ? "m1" : nil
        return job
    }

    static var model: ModelReply {
        ModelReply(
            id: "m1", name: "survival", version: 1, dataset: "titanic", datasetVersion: 1, target: "survived",
            task: .binary, metric: "roc_auc", score: 0.8712, learner: "gradient_boosting", classes: ["0", "1"],
            features: ["age", "sex"], createdAt: opened, trainingSeconds: 20)
    }

    static var leaderboard: LeaderboardReply {
        LeaderboardReply(
            metric: "roc_auc",
            items: [
                .init(
                    rank: 1, learner: "gradient_boosting", score: 0.8712, scoreStd: 0.0123, fitSeconds: 0.42,
                    predictSecondsPer1000: 0.0012, parameters: ["leaves": .integer(31)]),
                .init(
                    rank: 2, learner: "baseline", score: 0.5, scoreStd: 0, fitSeconds: 0.0001,
                    predictSecondsPer1000: 0.00001, parameters: [:]),
            ])
    }

    static var prediction: PredictReply {
        PredictReply(
            model: "survival", version: 1, threshold: 0.5, latencyMs: 1.25,
            predictions: [
                .init(
                    prediction: .string("1"), probabilities: ["1": 0.75, "0": 0.25],
                    contributions: [
                        .init(feature: "age", value: .number(29), contribution: -0.25),
                        .init(feature: "sex", value: .string("female"), contribution: 1),
                    ],
                    flags: [.init(feature: "cabin", kind: .missing)])
            ])
    }
}
