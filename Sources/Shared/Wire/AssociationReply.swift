/// How the columns of a version go together, strongest pairs first.
package struct AssociationReply: Codable, Sendable, Hashable {
    package var dataset: String
    package var version: Int
    package var rows: Int
    package var columns: [String]
    /// Columns that were not compared, with the reason.
    package var leftOut: [LeftOut]
    package var pairs: [Pair]
    /// Rows that `spearman` is computed from, when those are not all.
    package var rankedRows: Int?
    package var warnings: [ProfileWarningReply]

    package struct LeftOut: Codable, Sendable, Hashable {
        package var column: String
        package var reason: String

        package init(column: String, reason: String) {
            self.column = column
            self.reason = reason
        }
    }

    package struct Pair: Codable, Sendable, Hashable {
        package var x: String
        package var y: String
        /// `pearson` of two numbers, `cramers_v` of two texts, `correlation_ratio` of a text and a number.
        package var kind: String
        /// Nil when one of the two does not vary.
        package var value: Double?
        package var spearman: Double?
        /// Rows where neither is null.
        package var rows: Int

        package init(x: String, y: String, kind: String, value: Double?, spearman: Double?, rows: Int) {
            self.x = x
            self.y = y
            self.kind = kind
            self.value = value
            self.spearman = spearman
            self.rows = rows
        }
    }

    package init(
        dataset: String, version: Int, rows: Int, columns: [String], leftOut: [LeftOut], pairs: [Pair],
        rankedRows: Int?, warnings: [ProfileWarningReply]
    ) {
        self.dataset = dataset
        self.version = version
        self.rows = rows
        self.columns = columns
        self.leftOut = leftOut
        self.pairs = pairs
        self.rankedRows = rankedRows
        self.warnings = warnings
    }
}

/// Rows of a version that come more than once.
package struct DuplicatesReply: Codable, Sendable, Hashable {
    package var dataset: String
    package var version: Int
    package var rows: Int
    /// What rows were compared by.
    package var columns: [String]
    /// Rows that repeat an earlier one.
    package var repeated: Int
    /// Different rows that come more than once.
    package var groups: Int
    /// The most frequent of them.
    package var largest: [Group]

    package struct Group: Codable, Sendable, Hashable {
        package var count: Int
        /// Row numbers of the first few, from 0.
        package var rows: [Int]

        package init(count: Int, rows: [Int]) {
            self.count = count
            self.rows = rows
        }
    }

    package init(
        dataset: String, version: Int, rows: Int, columns: [String], repeated: Int, groups: Int, largest: [Group]
    ) {
        self.dataset = dataset
        self.version = version
        self.rows = rows
        self.columns = columns
        self.repeated = repeated
        self.groups = groups
        self.largest = largest
    }
}
