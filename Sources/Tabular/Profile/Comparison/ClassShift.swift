/// How the values of a text or boolean column have moved: the most frequent earlier values, all others together, nulls.
package struct ClassShift: Sendable {
    package struct Value: Sendable, Hashable {
        package var value: String
        package var count: Int
    }

    /// Values that have a bin of their own.
    package static let binned = 20
    private static let listed = 10
    /// Columns with more different values are compared by what was met until then; the rest counts as other.
    private static let mostValues = 1 << 17

    /// Shares of the bins, then all other values, then nulls.
    package private(set) var expected: [Double] = []
    package private(set) var found: [Double] = []
    /// The values that have bins.
    package private(set) var labels: [String] = []
    /// Values that are new, and those that are gone, most frequent first; at most ten of each.
    package private(set) var new: [Value] = []
    package private(set) var gone: [Value] = []
    package private(set) var newCount = 0
    package private(set) var goneCount = 0
    /// Whether every value was told apart; otherwise new and gone are not known.
    package private(set) var isComplete = true

    package var stabilityIndex: Double { StabilityIndex.of(expected: expected, found: found) }

    private var interner = TextInterner()
    private var before: [Int] = []
    private var after: [Int] = []
    private var rowsBefore = 0
    private var rowsAfter = 0
    private var nullsBefore = 0
    private var nullsAfter = 0

    package init() {}

    package mutating func addBefore(_ chunk: ColumnChunk) {
        rowsBefore += chunk.rows
        nullsBefore += chunk.nulls?.nullCount ?? 0
        count(chunk, \.before)
    }

    package mutating func addAfter(_ chunk: ColumnChunk) {
        rowsAfter += chunk.rows
        nullsAfter += chunk.nulls?.nullCount ?? 0
        count(chunk, \.after)
    }

    private mutating func count(_ chunk: ColumnChunk, _ counts: WritableKeyPath<ClassShift, [Int]>) {
        guard interner.count < Self.mostValues else {
            isComplete = false
            return
        }
        var codes: [Int32] = []
        chunk.appendCategories(to: &codes, &interner)
        var sums = self[keyPath: counts]
        sums += [Int](repeating: 0, count: interner.count - sums.count)
        for code in codes where code >= 0 { sums[Int(code)] += 1 }
        self[keyPath: counts] = sums
    }

    /// Call once, after all chunks.
    package mutating func finish() {
        let missing = { (counts: [Int], count: Int) in counts + [Int](repeating: 0, count: count - counts.count) }
        before = missing(before, interner.count)
        after = missing(after, interner.count)
        let order = before.indices.sorted { (before[$1], $0) < (before[$0], $1) }
        let bins = order.prefix(Self.binned).filter { before[$0] > 0 }
        labels = bins.map { interner.texts[$0] }
        expected = shares(bins, before, rowsBefore, nullsBefore)
        found = shares(bins, after, rowsAfter, nullsAfter)
        guard isComplete else { return }
        let gained = after.indices.filter { before[$0] == 0 && after[$0] > 0 }
        let lost = before.indices.filter { after[$0] == 0 && before[$0] > 0 }
        (newCount, goneCount) = (gained.count, lost.count)
        new = values(gained, after)
        gone = values(lost, before)
    }

    private func shares(_ bins: [Int], _ counts: [Int], _ rows: Int, _ nulls: Int) -> [Double] {
        let whole = Double(max(1, rows))
        let own = bins.map { Double(counts[$0]) / whole }
        return own + [max(0, Double(rows - nulls) / whole - own.reduce(0, +)), Double(nulls) / whole]
    }

    private func values(_ codes: [Int], _ counts: [Int]) -> [Value] {
        codes.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.listed).map {
            Value(value: interner.texts[$0], count: counts[$0])
        }
    }
}
