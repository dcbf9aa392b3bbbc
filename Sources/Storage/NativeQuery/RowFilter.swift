import Shared

/// The condition on the rows of one table, and the bounds of the columns it compares.
struct RowFilter {
    let predicate: RowPredicate
    let program: NumericProgram
    /// Terms that all must hold and that bounds can answer, with the bounds of each row group.
    private let bounded: [(filter: ColumnFilter, type: ColumnType, zones: [SegmentZone?])]
    /// Whether the bounded terms are the whole condition.
    private let isBounded: Bool

    /// - Throws: what reading bounds throws.
    init(_ predicate: RowPredicate, _ program: NumericProgram, _ scope: QueryScope) throws(StorageError) {
        self.predicate = predicate
        self.program = program
        var bounded: [(ColumnFilter, ColumnType, [SegmentZone?])] = []
        let conjuncts = predicate.conjuncts
        for conjunct in conjuncts {
            let column: ColumnReference
            let filter: ColumnFilter
            switch conjunct {
            case .within(let reference, let range): (column, filter) = (reference, range)
            case .isNull(let reference): (column, filter) = (reference, .null)
            case .not(.isNull(let reference)): (column, filter) = (reference, .notNull)
            case .withinTime(let reference, let range, _):
                (column, filter) = (reference, scope.type(of: reference) == .timestamp ? range.inWholeSeconds : range)
            default: continue
            }
            let source = scope.sources[column.side]
            bounded.append((filter, source.types[column.column], try source.table.usableZones(column.column)))
        }
        self.bounded = bounded
        isBounded = bounded.count == conjuncts.count
    }

    var columns: Set<ColumnReference> { predicate.columns.union(program.columns) }

    /// What the bounds of a row group say.
    func verdict(_ group: Int) -> ColumnFilter.Verdict {
        var all = isBounded
        for term in bounded {
            guard let zone = term.zones[group], Self.isOrdered(zone, term.type) else {
                all = false
                continue
            }
            switch term.filter.verdict(zone, type: term.type) {
            case .none: return .none
            case .some: all = false
            // Whole seconds keep more than the filter does.
            case .all: all = all && (term.type != .timestamp || zone.zone == nil)
            }
        }
        return all ? .all : .some
    }

    /// Whether bounds of times are bounds of their texts.
    private static func isOrdered(_ zone: SegmentZone, _ type: ColumnType) -> Bool {
        guard type == .date || type == .timestamp, case .integers(let least, let greatest) = zone.zone else {
            return true
        }
        return ISOText.ordered(type).contains(least) && ISOText.ordered(type).contains(greatest)
    }
}

extension ColumnFilter {
    /// Moments widened to whole seconds: within a second the letter of a zone changes the order of texts.
    var inWholeSeconds: ColumnFilter {
        guard case .integers(let low, let high) = self else { return self }
        let second: Int64 = 1_000_000
        func floor(_ value: Int64) -> Int64 { value - (value % second + second) % second }
        return .integers(floor(low), floor(high) + second - 1)
    }
}

extension RowPredicate {
    /// Columns that it reads itself.
    var columns: Set<ColumnReference> {
        switch self {
        case .within(let column, _), .withinTime(let column, _, _), .isNull(let column), .like(let column, _): [column]
        case .not(let inner): inner.columns
        case .and(let left, let right), .or(let left, let right): left.columns.union(right.columns)
        case .compare, .holds, .registerIsNull, .constant: []
        }
    }
}
