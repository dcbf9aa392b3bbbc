/// What a model's decisions rest on, over rows; contributions to one prediction are `PredictReply.Contribution`.
package struct ExplainReply: Codable, Sendable {
    /// How the importances were found.
    package var method: String
    package var importances: [Importance]
    /// Mean sizes of the contributions (SHAP values) over rows of the training data; absent in models of earlier releases, and when no time was left.
    package var contributions: Contributions?
    /// How the answer goes with the values of one feature, for the features that matter most; absent like `contributions`.
    package var partialDependence: [PartialDependence]?

    package struct Importance: Codable, Sendable, Hashable {
        package var feature: String
        /// Loss of score when the feature is shuffled on rows not trained on.
        package var importance: Double
        package var std: Double
        package init(feature: String, importance: Double, std: Double) {
            self.feature = feature
            self.importance = importance
            self.std = std
        }
    }

    package struct Contributions: Codable, Sendable, Hashable {
        package var rows: Int
        /// Greatest first.
        package var features: [Feature]

        package struct Feature: Codable, Sendable, Hashable {
            package var feature: String
            /// Mean absolute contribution to the model's own scale: log-odds, or the number predicted.
            package var meanAbsolute: Double
            package init(feature: String, meanAbsolute: Double) {
                self.feature = feature
                self.meanAbsolute = meanAbsolute
            }
        }

        package init(rows: Int, features: [Feature]) {
            self.rows = rows
            self.features = features
        }
    }

    /// Source: Friedman, "Greedy function approximation", 2001, section 8.2.
    package struct PartialDependence: Codable, Sendable, Hashable {
        package var feature: String
        /// Rows whose answers are averaged at each value.
        package var rows: Int
        package var points: [Point]

        package struct Point: Codable, Sendable, Hashable {
            /// A number, a label, or a moment as text.
            package var value: JSONValue
            /// The mean number predicted, or the mean probability of each class in the order of the model's `classes`.
            package var means: [Double]
            package init(value: JSONValue, means: [Double]) {
                self.value = value
                self.means = means
            }
        }

        package init(feature: String, rows: Int, points: [Point]) {
            self.feature = feature
            self.rows = rows
            self.points = points
        }
    }

    package init(
        method: String, importances: [Importance], contributions: Contributions? = nil,
        partialDependence: [PartialDependence]? = nil
    ) {
        self.method = method
        self.importances = importances
        self.contributions = contributions
        self.partialDependence = partialDependence
    }
}
