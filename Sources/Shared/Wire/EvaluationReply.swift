/// Scores on predictions for rows that the predicting model had not seen.
package struct EvaluationReply: Codable, Sendable {
    package var task: TaskKind
    package var rows: Int
    /// By metric name, such as `roc_auc`, `log_loss`, `accuracy`, `rmse`, `r2`.
    package var metrics: [String: Double]
    package var confusion: Confusion?
    package var classes: [ClassScore]?
    /// Of the second of two classes, else of each of the commonest classes against the others. This and what follows is absent in models of earlier releases.
    package var curves: [ClassCurves]?
    /// Of regressions.
    package var residuals: Residuals?
    /// Scores by the number of rows trained on; absent also when the budget left no time for it.
    package var learningCurve: LearningCurve?

    /// `counts[actual][predicted]`
    package struct Confusion: Codable, Sendable, Hashable {
        package var classes: [String]
        package var counts: [[Int]]
        package init(classes: [String], counts: [[Int]]) {
            self.classes = classes
            self.counts = counts
        }
    }

    package struct ClassScore: Codable, Sendable, Hashable {
        package var label: String
        package var precision: Double
        package var recall: Double
        package var f1: Double
        package var support: Int
        package init(label: String, precision: Double, recall: Double, f1: Double, support: Int) {
            self.label = label
            self.precision = precision
            self.recall = recall
            self.f1 = f1
            self.support = support
        }
    }

    package init(
        task: TaskKind, rows: Int, metrics: [String: Double], confusion: Confusion? = nil, classes: [ClassScore]? = nil
    ) {
        self.task = task
        self.rows = rows
        self.metrics = metrics
        self.confusion = confusion
        self.classes = classes
    }
}

extension EvaluationReply {
    /// How well the probabilities of one class part its rows from the others, at any threshold. Curves have about a hundred points.
    package struct ClassCurves: Codable, Sendable, Hashable {
        package var label: String
        package var rocAuc: Double
        package var averagePrecision: Double
        package var roc: [RocPoint]
        package var precisionRecall: [PrecisionRecallPoint]
        /// Tenths of the rows by probability; fewer where many probabilities are equal.
        package var calibration: [CalibrationBin]
        package init(
            label: String, rocAuc: Double, averagePrecision: Double, roc: [RocPoint],
            precisionRecall: [PrecisionRecallPoint], calibration: [CalibrationBin]
        ) {
            self.label = label
            self.rocAuc = rocAuc
            self.averagePrecision = averagePrecision
            self.roc = roc
            self.precisionRecall = precisionRecall
            self.calibration = calibration
        }
    }

    package struct RocPoint: Codable, Sendable, Hashable {
        /// Rows count as the class from this probability on; absent where none does.
        package var threshold: Double?
        package var falsePositiveRate: Double
        package var truePositiveRate: Double
        package init(threshold: Double?, falsePositiveRate: Double, truePositiveRate: Double) {
            self.threshold = threshold
            self.falsePositiveRate = falsePositiveRate
            self.truePositiveRate = truePositiveRate
        }
    }

    package struct PrecisionRecallPoint: Codable, Sendable, Hashable {
        package var threshold: Double
        package var recall: Double
        package var precision: Double
        package init(threshold: Double, recall: Double, precision: Double) {
            self.threshold = threshold
            self.recall = recall
            self.precision = precision
        }
    }

    package struct CalibrationBin: Codable, Sendable, Hashable {
        /// Mean probability.
        package var predicted: Double
        /// Share of rows that are of the class.
        package var observed: Double
        package var rows: Int
        package init(predicted: Double, observed: Double, rows: Int) {
            self.predicted = predicted
            self.observed = observed
            self.rows = rows
        }
    }

    /// True values less predicted ones.
    package struct Residuals: Codable, Sendable, Hashable {
        package var mean: Double
        package var std: Double
        package var quantiles: [ColumnProfileReply.Quantile]
        /// Up to twenty bins of equal width from the 0.5 % to the 99.5 % quantile; what lies beyond is in the outer ones.
        package var histogram: [ColumnProfileReply.Bin]
        /// Tenths of the rows by predicted value.
        package var byPrediction: [Stretch]

        package struct Stretch: Codable, Sendable, Hashable {
            /// Mean predicted value.
            package var predicted: Double
            /// Mean true value.
            package var actual: Double
            package var std: Double
            package var rows: Int
            package init(predicted: Double, actual: Double, std: Double, rows: Int) {
                self.predicted = predicted
                self.actual = actual
                self.std = std
                self.rows = rows
            }
        }

        package init(
            mean: Double, std: Double, quantiles: [ColumnProfileReply.Quantile], histogram: [ColumnProfileReply.Bin],
            byPrediction: [Stretch]
        ) {
            self.mean = mean
            self.std = std
            self.quantiles = quantiles
            self.histogram = histogram
            self.byPrediction = byPrediction
        }
    }

    /// One configuration fitted on growing parts of the rows, scored on others.
    package struct LearningCurve: Codable, Sendable, Hashable {
        package var learner: String
        package var metric: String
        /// Fewest rows first.
        package var points: [Point]

        package struct Point: Codable, Sendable, Hashable {
            package var rows: Int
            /// On the rows fitted on.
            package var trainScore: Double
            /// On rows left out.
            package var score: Double
            package init(rows: Int, trainScore: Double, score: Double) {
                self.rows = rows
                self.trainScore = trainScore
                self.score = score
            }
        }

        package init(learner: String, metric: String, points: [Point]) {
            self.learner = learner
            self.metric = metric
            self.points = points
        }
    }
}
