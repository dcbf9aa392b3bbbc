import Shared

/// How columns go together, gathered row group by row group: Pearson and Spearman of numbers, Cramér's V of classes, the correlation ratio
/// of numbers by class.
///
/// Rows where one of the two is null are left out of a pair. Everything but Spearman is over all rows; ranks are of evenly spaced rows when
/// there are more than `rankedRows`.
package final class AssociationStudy: Sendable {
    /// More different texts are an identifier or prose rather than classes.
    package static let mostClasses = 256
    package static let mostColumns = 100
    package static let rankedRows = 200_000

    package struct Column: Sendable {
        package var name: String
        package var type: ColumnType
        /// Sums are taken around it, so that large values with a small spread keep their digits.
        package var centre: Double

        package init(name: String, type: ColumnType, centre: Double) {
            self.name = name
            self.type = type
            self.centre = centre
        }

        var isNumber: Bool { type != .text }
    }

    /// One column of one row group, ready for pairs.
    package enum Values: Sendable {
        /// Around the column's centre; NaN where null.
        case numbers([Double])
        /// -1 where null.
        case classes([Int32])

        var count: Int {
            switch self {
            case .numbers(let values): values.count
            case .classes(let codes): codes.count
            }
        }
    }

    package let columns: [Column]
    package let pairs: [(x: Int, y: Int)]
    private let interners: [Locked<TextInterner>]
    private let tallies: [Locked<PairTally>]
    private let samples: [Locked<[Double]>]
    private let step: Int

    /// - Parameter rows: of the table, for the choice of the rows that are ranked.
    package init(columns: [Column], rows: Int) {
        self.columns = columns
        step = Self.step(rows)
        interners = columns.map { _ in Locked(TextInterner()) }
        samples = columns.map { _ in Locked([]) }
        var pairs: [(x: Int, y: Int)] = []
        for x in columns.indices { for y in columns.indices where y > x { pairs.append((x, y)) } }
        self.pairs = pairs
        tallies = pairs.map { pair in
            // The class comes first in a mixed pair.
            switch (columns[pair.x].isNumber, columns[pair.y].isNumber) {
            case (true, true): Locked(.numbers(NumberPair()))
            case (false, false): Locked(.classes(ClassPair()))
            default: Locked(.mixed(MixedPair()))
            }
        }
    }

    /// One column's chunk of the row group that begins at `firstRow`. Groups come in order; columns may be taken in parallel.
    package func prepare(_ chunk: ColumnChunk, column: Int, firstRow: Int) -> Values {
        guard columns[column].isNumber else {
            return interners[column].withLock { interner in
                var codes: [Int32] = []
                codes.reserveCapacity(chunk.rows)
                chunk.appendCategories(to: &codes, &interner)
                return .classes(codes)
            }
        }
        var numbers = chunk.numbers()
        let centre = columns[column].centre
        for row in numbers.indices { numbers[row] -= centre }
        let first = (step - firstRow % step) % step
        samples[column].withLock { sample in
            for row in stride(from: first, to: numbers.count, by: step) { sample.append(numbers[row]) }
        }
        return .numbers(numbers)
    }

    /// Adds a row group to one pair; pairs may be taken in parallel.
    package func add(_ values: [Values], pair: Int) {
        let (x, y) = pairs[pair]
        tallies[pair].withLock { $0.add(values[x], values[y]) }
    }

    /// The association of one pair.
    package func finish(pair: Int) -> Association {
        let (x, y) = pairs[pair]
        var result = tallies[pair].current.result()
        if case .pearson = result.kind {
            result.spearman = RankCorrelation.spearman(samples[x].current, samples[y].current)
        }
        return result
    }

    /// Rows that Spearman is computed from, when those are not all.
    package static func rankedRows(of rows: Int) -> Int? {
        let step = step(rows)
        return step == 1 ? nil : (rows + step - 1) / step
    }

    private static func step(_ rows: Int) -> Int { max(1, (rows + rankedRows - 1) / rankedRows) }
}

/// How two columns go together.
package struct Association: Sendable {
    package enum Kind: String, Sendable { case pearson, cramersV = "cramers_v", correlationRatio = "correlation_ratio" }

    package var kind: Kind
    /// -1 ... 1 for Pearson, else 0 ... 1; nil when a side does not vary.
    package var value: Double?
    package var spearman: Double?
    /// Rows where neither is null.
    package var rows: Int
}
