/// Which rows each fold trains on and is scored on.
package struct FoldPlan: Sendable {
    package struct Fold: Sendable {
        /// Ascending.
        package var train: [Int32]
        /// Ascending; disjoint from `train`.
        package var test: [Int32]
        /// Which repetition of the whole cut it belongs to.
        package var repetition: Int
    }

    package var folds: [Fold]

    /// How rows may be parted.
    package enum Cut: Sendable {
        /// At random, every class with its share in each fold.
        case stratified
        /// Rows with equal keys stay together.
        case groups([Int32])
        /// Each fold is scored on rows later than those it trains on; one number a row.
        case time([Double])
    }

    /// Cuts rows into folds, `repetitions` times with different parts.
    ///
    /// - Parameter rows: rows of the target that take part, ascending.
    package init(
        rows: [Int32], target: Target, cut: Cut, folds count: Int, repetitions: Int, seed: UInt64
    ) {
        let count = max(2, min(count, rows.count))
        folds = []
        switch cut {
        case .time(let order):
            folds = Self.timeFolds(rows: rows, order: order, count: count)
        case .stratified:
            for repetition in 0..<max(1, repetitions) {
                var random = RandomStream(seed: seed, part: 0xF01D + repetition)
                let parts = Self.stratified(rows: rows, target: target, count: count, random: &random)
                append(rows: rows, parts: parts, count: count, repetition: repetition)
            }
        case .groups(let keys):
            for repetition in 0..<max(1, repetitions) {
                var random = RandomStream(seed: seed, part: 0x6A0C + repetition)
                let parts = Self.grouped(rows: rows, keys: keys, count: count, random: &random)
                append(rows: rows, parts: parts, count: count, repetition: repetition)
            }
        }
    }

    private mutating func append(rows: [Int32], parts: [Int], count: Int, repetition: Int) {
        for part in 0..<count {
            var train: [Int32] = []
            var test: [Int32] = []
            for (place, row) in rows.enumerated() {
                if parts[place] == part { test.append(row) } else { train.append(row) }
            }
            if !train.isEmpty, !test.isEmpty {
                folds.append(Fold(train: train, test: test, repetition: repetition))
            }
        }
    }

    /// Deals the rows of each class, or of each stretch of sorted values, over the parts like cards.
    private static func stratified(
        rows: [Int32], target: Target, count: Int, random: inout RandomStream
    ) -> [Int] {
        var places = Array(rows.indices)
        random.shuffle(&places)
        switch target {
        case .classes(let codes, _):
            places = stableSorted(places) { codes[Int(rows[$0])] < codes[Int(rows[$1])] }
        case .regression(let values):
            places = stableSorted(places) { values[Int(rows[$0])] < values[Int(rows[$1])] }
        }
        var parts = [Int](repeating: 0, count: rows.count)
        var deck = Array(0..<count)
        for (card, place) in places.enumerated() {
            // A new order every round, or the smallest value of a stretch would always go to the first part.
            if card % count == 0, case .regression = target { random.shuffle(&deck) }
            parts[place] = deck[card % count]
        }
        return parts
    }

    /// The largest groups first, each into the part with the fewest rows.
    private static func grouped(rows: [Int32], keys: [Int32], count: Int, random: inout RandomStream) -> [Int] {
        var members: [Int32: [Int]] = [:]
        for (place, row) in rows.enumerated() { members[keys[Int(row)], default: []].append(place) }
        var names = members.keys.sorted()
        random.shuffle(&names)
        names = stableSorted(names) { (members[$0]?.count ?? 0) > (members[$1]?.count ?? 0) }
        var sizes = [Int](repeating: 0, count: count)
        var parts = [Int](repeating: 0, count: rows.count)
        for name in names {
            var smallest = 0
            for part in 0..<count where sizes[part] < sizes[smallest] { smallest = part }
            for place in members[name] ?? [] { parts[place] = smallest }
            sizes[smallest] += members[name]?.count ?? 0
        }
        return parts
    }

    /// `count` stretches of time after a first one that is only trained on; equal times are never parted.
    private static func timeFolds(rows: [Int32], order: [Double], count: Int) -> [Fold] {
        func time(_ row: Int32) -> Double { order[Int(row)].isNaN ? -.infinity : order[Int(row)] }
        let sorted = stableSorted(rows) { time($0) < time($1) }
        var folds: [Fold] = []
        var cuts: [Int] = []
        for part in 1...count {
            var cut = sorted.count * part / (count + 1)
            while cut > 0, cut < sorted.count, time(sorted[cut]) == time(sorted[cut - 1]) { cut += 1 }
            if cut > 0, cut < sorted.count, cuts.last != cut { cuts.append(cut) }
        }
        for (place, cut) in cuts.enumerated() {
            let end = place + 1 < cuts.count ? cuts[place + 1] : sorted.count
            folds.append(Fold(train: sorted[..<cut].sorted(), test: sorted[cut..<end].sorted(), repetition: 0))
        }
        return folds
    }

    private static func stableSorted<T>(_ values: [T], by less: (T, T) -> Bool) -> [T] {
        values.enumerated()
            .sorted { less($0.element, $1.element) || (!less($1.element, $0.element) && $0.offset < $1.offset) }
            .map(\.element)
    }
}
