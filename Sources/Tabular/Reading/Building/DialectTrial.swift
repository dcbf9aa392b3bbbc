import Shared

/// What a chunk that makes text of its column would be in a corrected dialect, where the sample promised numbers, dates or moments.
struct ChunkTrial: Sendable {
    var evidence: ChunkEvidence
    /// Usual words for null that the dialect lacks.
    var nullWords: Set<String> = []
    var otherDecimal = false
}

/// Reads a chunk that makes text of its column again, with the usual words for null and, should that not do, with the other decimal separator.
///
/// All cells of the chunk are asked, not the first that did not fit: the answer must not depend on where row groups close.
struct DialectTrial {
    private let readers: [(reader: CellReader, otherDecimal: Bool)]
    private let added: Set<String>

    /// - Parameters:
    ///   - words: whether the client left the words for null open.
    ///   - decimal: whether the client left the decimal separator open.
    init(dialect: Dialect, words: Bool, decimal: Bool) {
        var lenient = dialect
        added = words ? Sniff5Types.usualNullWords.subtracting(dialect.nullValues) : []
        lenient.nullValues += added.sorted()
        var other = lenient
        other.decimal = dialect.grouping
        var readers: [(CellReader, Bool)] = []
        if words { readers.append((CellReader(rules: CellRules(dialect: lenient)), false)) }
        if decimal { readers.append((CellReader(rules: CellRules(dialect: other)), true)) }
        self.readers = readers
    }

    /// - Parameter builder: holds all `rows` of the grid.
    /// - Returns: nothing where the column is text in any case.
    func run(_ builder: ColumnBuilder, _ grid: CellGrid, rows: Int) -> ChunkTrial? {
        let plan = builder.plan
        guard plan.given == nil, let floor = plan.floor, floor.isOrdered, !builder.fits(floor) else { return nil }
        for (reader, otherDecimal) in readers where !otherDecimal || floor == .integer {
            let trial = ColumnBuilder(
                column: builder.column, plan: plan, reader: reader, spares: builder.spares, rows: rows)
            var row = 0
            repeat {
                row = min(row + 1024, rows)
                trial.append(grid, upTo: row)
            } while row < rows && trial.fits(floor)
            if !trial.fits(floor) || otherDecimal && hasPoint(builder, grid, rows) { continue }
            let chunk = trial.finish(grid)
            var words: Set<String> = []
            for (index, row) in chunk.exceptions.rows.enumerated() where chunk.nulls?.isNull(Int(row)) == true {
                words.insert(chunk.exceptions.texts[index])
            }
            return ChunkTrial(
                evidence: trial.evidence, nullWords: words.intersection(added), otherDecimal: otherDecimal)
        }
        return nil
    }
}

extension DialectTrial {
    /// A cell is a number with the dialect's own decimal separator.
    private func hasPoint(_ builder: ColumnBuilder, _ grid: CellGrid, _ rows: Int) -> Bool {
        let rules = builder.rules
        return (0..<rows).contains { row in
            let cell = builder.reader.cell(
                grid.text, grid.start(row: row, column: builder.column), grid.end(row: row, column: builder.column))
            return NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping)?.hasPoint == true
        }
    }
}

extension ColumnBuilder {
    /// The cells so far do not make text of a column that is of type `floor` otherwise.
    fileprivate func fits(_ floor: ColumnType) -> Bool {
        kind == .undecided || floor.joined(with: kind.type) != .text
    }
}

extension ColumnType {
    /// Numbers, dates and moments.
    fileprivate var isOrdered: Bool { self != .text && self != .boolean }
}
