import Foundation

package enum TaskKind: String, Codable, Sendable, CaseIterable, Hashable {
    case binary, multiclass, regression
}

/// Which way a prediction may go when one column's number grows and all others stay as they are.
package enum MonotoneDirection: String, Codable, Sendable, CaseIterable, Hashable {
    case increasing, decreasing
}

/// What to train.
package struct TrainRequest: Codable, Sendable {
    package var dataset: String
    package var target: String
    package var name: String?
    package var features: [String]?
    package var exclude: [String]?
    package var task: TaskKind?
    package var metric: String?
    package var budgetSeconds: Double?
    /// Ends the search after so many trials even when time is left.
    package var maxTrials: Int?
    package var algorithms: [String]?
    package var seed: UInt64?
    /// Column whose equal values stay in one fold.
    package var group: String?
    /// Column by whose order the folds are cut.
    package var time: String?
    /// Columns that the prediction, or the probability of the second of two classes, must follow one way.
    package var monotone: [String: MonotoneDirection]?

    package init(dataset: String, target: String) {
        self.dataset = dataset
        self.target = target
    }
}

package struct JobAccepted: Codable, Sendable {
    package var job: String
    package init(job: String) { self.job = job }
}

package enum JobState: String, Codable, Sendable, CaseIterable, Hashable {
    case queued, running, done, failed, cancelled
}

package struct JobReply: Codable, Sendable {
    package var id: String
    package var kind: String
    package var state: JobState
    /// 0 ... 1
    package var progress: Double
    /// The model it made, by id.
    package var model: String?
    package var best: Best?
    package var trials: Int
    package var elapsedSeconds: Double
    package var remainingSeconds: Double
    package var error: Problem?
    package var createdAt: Date
    /// What it is doing now, a few words.
    package var step: String?

    package struct Best: Codable, Sendable, Hashable {
        package var learner: String
        /// Absent where the metric is not defined on any fold.
        package var score: Double?
        package var metric: String?
        package init(learner: String, score: Double?, metric: String? = nil) {
            self.learner = learner
            self.score = score
            self.metric = metric
        }
    }

    package init(
        id: String, kind: String, state: JobState, progress: Double, trials: Int, elapsedSeconds: Double,
        remainingSeconds: Double, createdAt: Date
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.progress = progress
        self.trials = trials
        self.elapsedSeconds = elapsedSeconds
        self.remainingSeconds = remainingSeconds
        self.createdAt = createdAt
    }
}

package struct ModelReply: Codable, Sendable, Hashable {
    package var id: String
    package var name: String
    package var version: Int
    package var dataset: String
    package var datasetVersion: Int
    package var target: String
    package var task: TaskKind
    package var metric: String
    /// Absent where the metric is not defined on any fold, such as ROC-AUC on rows of one class.
    package var score: Double?
    package var learner: String
    /// Class labels in the order of their indices; empty for regression.
    package var classes: [String]
    package var features: [String]
    package var createdAt: Date
    package var trainingSeconds: Double
    /// Bytes of the stored artifact.
    package var bytes: Int?

    package init(
        id: String, name: String, version: Int, dataset: String, datasetVersion: Int, target: String, task: TaskKind,
        metric: String, score: Double?, learner: String, classes: [String], features: [String], createdAt: Date,
        trainingSeconds: Double, bytes: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.dataset = dataset
        self.datasetVersion = datasetVersion
        self.target = target
        self.task = task
        self.metric = metric
        self.score = score
        self.learner = learner
        self.classes = classes
        self.features = features
        self.createdAt = createdAt
        self.trainingSeconds = trainingSeconds
        self.bytes = bytes
    }
}

package struct LeaderboardReply: Codable, Sendable {
    package var metric: String
    package var items: [Item]

    package struct Item: Codable, Sendable {
        package var rank: Int
        package var learner: String
        /// Absent where the metric is not defined on any fold.
        package var score: Double?
        package var scoreStd: Double
        package var fitSeconds: Double
        package var predictSecondsPer1000: Double
        package var parameters: [String: JSONValue]

        // The default key strategy would write `predict_seconds_per1000`.
        private enum CodingKeys: String, CodingKey {
            case rank, learner, score, scoreStd, fitSeconds, parameters
            case predictSecondsPer1000 = "predictSecondsPer_1000"
        }

        package init(
            rank: Int, learner: String, score: Double?, scoreStd: Double, fitSeconds: Double,
            predictSecondsPer1000: Double, parameters: [String: JSONValue]
        ) {
            self.rank = rank
            self.learner = learner
            self.score = score
            self.scoreStd = scoreStd
            self.fitSeconds = fitSeconds
            self.predictSecondsPer1000 = predictSecondsPer1000
            self.parameters = parameters
        }
    }

    package init(metric: String, items: [Item]) {
        self.metric = metric
        self.items = items
    }
}

package struct PredictRequest: Codable, Sendable {
    package var rows: [[String: JSONValue]]
    package var explain: Bool?

    package init(rows: [[String: JSONValue]], explain: Bool? = nil) {
        self.rows = rows
        self.explain = explain
    }
}

package struct PredictReply: Codable, Sendable {
    package var model: String
    package var version: Int
    /// The probability from which the second class is answered; null for other tasks.
    package var threshold: Double?
    package var latencyMs: Double
    package var predictions: [Prediction]
    package var datasetVersion: Int?

    package struct Prediction: Codable, Sendable, Hashable {
        /// A class label or a number.
        package var prediction: JSONValue
        package var probabilities: [String: Double]?
        /// Bounds that hold the true value nine times of ten; regression only.
        package var interval: [Double]?
        package var contributions: [Contribution]?
        package var flags: [Flag]

        package init(
            prediction: JSONValue, probabilities: [String: Double]? = nil, interval: [Double]? = nil,
            contributions: [Contribution]? = nil, flags: [Flag] = []
        ) {
            self.prediction = prediction
            self.probabilities = probabilities
            self.interval = interval
            self.contributions = contributions
            self.flags = flags
        }
    }

    package struct Contribution: Codable, Sendable, Hashable {
        package var feature: String
        package var value: JSONValue
        package var contribution: Double
        package init(feature: String, value: JSONValue, contribution: Double) {
            self.feature = feature
            self.value = value
            self.contribution = contribution
        }
    }

    package struct Flag: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable {
            case unseenCategory = "unseen_category"
            case outOfRange = "out_of_range"
            case missing
        }
        package var feature: String
        package var kind: Kind
        package init(feature: String, kind: Kind) {
            self.feature = feature
            self.kind = kind
        }
    }

    package init(
        model: String, version: Int, threshold: Double?, latencyMs: Double, predictions: [Prediction],
        datasetVersion: Int? = nil
    ) {
        self.model = model
        self.version = version
        self.threshold = threshold
        self.latencyMs = latencyMs
        self.predictions = predictions
        self.datasetVersion = datasetVersion
    }
}
