import Shared

/// What learners see: `rows x features`, column-major, every feature numeric or categorical.
///
/// Missing values are NaN in numeric features and -1 in categorical ones; both are legal everywhere.
package struct FeatureMatrix: Sendable {
    package enum Values: Sendable {
        case numeric([Float])
        /// Codes in `0 ..< cardinality`, -1 for missing or unseen.
        case categorical([Int32], cardinality: Int)
    }

    package struct Feature: Sendable {
        package var name: String
        package var values: Values
        /// Which way predictions must go with a numeric feature, for learners that can keep it; nil for either.
        package var monotone: MonotoneDirection?

        package init(name: String, values: Values, monotone: MonotoneDirection? = nil) {
            self.name = name
            self.values = values
            self.monotone = monotone
        }
    }

    package var rows: Int
    package var features: [Feature]

    package init(rows: Int, features: [Feature]) {
        self.rows = rows
        self.features = features
    }
}

/// What is learnt, one value a row.
package enum Target: Sendable {
    /// Finite numbers.
    case regression([Double])
    /// Codes in `0 ..< classes`; two classes make a binary task.
    case classes([Int32], count: Int)

    package var rows: Int {
        switch self {
        case .regression(let values): values.count
        case .classes(let codes, _): codes.count
        }
    }

    /// Numbers a row that a model of this target predicts: 1 for regression, one probability a class otherwise.
    package var outputs: Int {
        switch self {
        case .regression: 1
        case .classes(_, let count): count
        }
    }
}
