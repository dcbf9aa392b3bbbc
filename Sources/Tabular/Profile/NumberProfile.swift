import Shared

/// The values of a column of numbers, dates, timestamps or booleans, as counts while that is cheap, else as a list, else as sketches.
struct NumberProfile: Sendable {
    private let exactBytes: Int
    /// How many values may come; 0 where that is not known.
    private let expected: Int
    private var meaning: NumberKeys
    private var storage = Storage.empty

    private var type: ColumnType { meaning.type }
    private var scale: Int? {
        get { meaning.scale }
        set { meaning.scale = newValue }
    }

    private enum Storage: Sendable {
        case empty
        /// How often `base + index` comes.
        case counts([UInt32], base: Int64)
        case keys(KeyList)
        case sketch(NumberSketch)
    }

    /// Four bytes each: a table that caches still hold.
    private static let widestTable = 1 << 21

    init(type: ColumnType, exactBytes: Int, expected: Int = 0) {
        meaning = NumberKeys(type: type, scale: 0)
        self.exactBytes = exactBytes
        self.expected = expected
    }

    mutating func add(_ chunk: ColumnChunk) {
        if case .empty = storage { meaning.style = chunk.style }
        switch chunk.values {
        case .integers(let values): add(values, scale: 0, chunk.nulls)
        case .decimals(let mantissas, let scale): add(mantissas, scale: scale, chunk.nulls)
        case .booleans(let flags): add(flags.map { Int64($0) }, scale: 0, chunk.nulls)
        case .doubles(let values): addDoubles(values, chunk.nulls)
        case .texts, .dictionary: break
        }
    }

    // MARK: Taking values in

    private mutating func add(_ values: [Int64], scale: Int, _ nulls: NullBitmap?) {
        var present = nulls.map { values.without($0) } ?? values
        guard !present.isEmpty else { return }
        if case .empty = storage, self.scale != nil { self.scale = scale }
        guard let own = self.scale else {
            return addDoubles(present.map { decimalValue(mantissa: $0, scale: scale) }, nil)
        }
        if scale > own, !rescale(to: scale) {
            return addDoubles(present.map { decimalValue(mantissa: $0, scale: scale) }, nil)
        }
        if scale < own {
            let power = Int64(integerPowersOfTen[own - scale])
            for index in present.indices {
                let (scaled, overflow) = present[index].multipliedReportingOverflow(by: power)
                if overflow { return addDoubles(present.map { decimalValue(mantissa: $0, scale: scale) }, nil) }
                present[index] = scaled
            }
        }
        count(present)
    }

    private mutating func count(_ values: [Int64]) {
        var least = Int64.max
        var greatest = Int64.min
        for value in values {
            least = min(least, value)
            greatest = max(greatest, value)
        }
        var table: [UInt32] = []
        var base = least
        switch storage {
        case .empty: break
        case .counts(let counts, let known):
            (table, base) = (counts, known)
            greatest = max(greatest, known + Int64(counts.count - 1))
        case .keys, .sketch: return appendKeys(values)
        }
        let low = min(least, base)
        let width = UInt64(bitPattern: greatest &- low)
        guard width < UInt64(Self.widestTable), Int(width) * 4 <= exactBytes else { return appendKeys(values) }
        storage = .empty
        if low < base { table.insert(contentsOf: repeatElement(0, count: Int(base - low)), at: 0) }
        if table.count <= Int(width) { table.append(contentsOf: repeatElement(0, count: Int(width) + 1 - table.count)) }
        // Safety: every value is in low ... greatest, which the table covers.
        table.withUnsafeMutableBufferPointer { table in
            for value in values { table[Int(value &- low)] &+= 1 }
        }
        storage = .counts(table, base: low)
    }

    private mutating func appendKeys(_ values: [Int64]) {
        append(keys: values.map { NumberKeys.key($0) })
    }

    private mutating func append(keys new: [UInt64]) {
        var list: KeyList
        switch storage {
        case .empty: list = makeList(new.count)
        case .keys(let known): list = known
        case .counts(let counts, let base):
            let total = counts.reduce(0) { $0 + Int($1) }
            guard (total + new.count) * MemoryLayout<UInt32>.size <= exactBytes else { return toSketch(adding: new) }
            list = makeList(total + new.count)
            Self.forEachKey(counts, base) { list.append($0) }
        case .sketch: return toSketch(adding: new)
        }
        // The only reference, so that the list grows in place.
        storage = .empty
        let fits = new.withUnsafeBufferPointer { new in
            guard list.bytes(with: new) <= exactBytes else { return false }
            list.append(new)
            return true
        }
        storage = .keys(list)
        if !fits { toSketch(adding: new) }
    }

    private func makeList(_ count: Int) -> KeyList {
        KeyList(expected: max(count, min(expected, exactBytes / MemoryLayout<UInt32>.size)))
    }

    /// The keys that a table of counts stands for, a run of equal ones at a time.
    private static func forEachKey(
        _ counts: [UInt32], _ base: Int64, _ body: (UnsafeBufferPointer<UInt64>) -> Void
    ) {
        for (index, count) in counts.enumerated() where count > 0 {
            let run = [UInt64](repeating: NumberKeys.key(base + Int64(index)), count: Int(count))
            run.withUnsafeBufferPointer(body)
        }
    }

    private mutating func addDoubles(_ values: [Double], _ nulls: NullBitmap?) {
        // Zero has one key, whatever its sign.
        let present = (nulls.map { values.without($0) } ?? values).compactMap { $0.isNaN ? nil : $0 == 0 ? 0 : $0 }
        if scale != nil { toDoubles() }
        append(keys: present.map { NumberKeys.key($0) })
    }

    // MARK: Changing what is held

    /// Multiplies all mantissas; false when 64 bits do not hold them.
    private mutating func rescale(to larger: Int) -> Bool {
        guard let own = scale else { return false }
        let power = Int64(integerPowersOfTen[larger - own])
        if case .counts = storage { append(keys: []) }
        if case .sketch(var sketch) = storage {
            storage = .empty
            let isDone = sketch.rescale(to: larger)
            storage = .sketch(sketch)
            if isDone { scale = larger }
            return isDone
        }
        guard case .keys(let list) = storage else { return false }
        let scaled = list.mapped { key in
            let (value, overflow) = NumberKeys.integer(key).multipliedReportingOverflow(by: power)
            return overflow ? nil : NumberKeys.key(value)
        }
        guard let scaled else { return false }
        storage = .keys(scaled)
        scale = larger
        return true
    }

    private mutating func toDoubles() {
        if case .counts = storage { append(keys: []) }
        switch storage {
        case .keys(let list):
            storage = list.mapped { NumberKeys.key(meaning.double($0)) }.map { .keys($0) } ?? .empty
        case .sketch(var sketch):
            storage = .empty
            sketch.toDoubles()
            storage = .sketch(sketch)
        case .counts, .empty: break
        }
        scale = nil
    }

    private mutating func toSketch(adding keys: [UInt64]) {
        var sketch = NumberSketch(meaning)
        switch storage {
        case .sketch(let known): sketch = known
        case .keys(let list): list.forEachBlock { sketch.add($0) }
        case .counts(let counts, let base): Self.forEachKey(counts, base) { sketch.add($0) }
        case .empty: break
        }
        storage = .empty
        keys.withUnsafeBufferPointer { sketch.add($0) }
        storage = .sketch(sketch)
    }

    // MARK: The profile

    mutating func finish(_ reply: inout ColumnProfileReply) {
        let gathered = storage
        // The only reference, so that keys are sorted in place.
        storage = .empty
        switch consume gathered {
        case .empty: return
        case .counts(let table, let base):
            var keys: [UInt64] = []
            var counts: [UInt64] = []
            let distinct = table.count { $0 > 0 }
            keys.reserveCapacity(distinct)
            counts.reserveCapacity(distinct)
            for (index, count) in table.enumerated() where count > 0 {
                keys.append(NumberKeys.key(base + Int64(index)))
                counts.append(UInt64(count))
            }
            fill(&reply, CountedKeys(keys: keys, counts: counts, meaning), meaning)
        case .keys(let list):
            switch (consume list).words {
            case .offsets(let offsets, let base):
                fill(&reply, SortedKeys(sorting: offsets, base: base, meaning), meaning)
            case .keys(let keys): fill(&reply, SortedKeys(sorting: keys, base: 0, meaning), meaning)
            }
        case .sketch(let sketch):
            fill(&reply, sketch.samples(), sketch.meaning, bounds: sketch.bounds)
            sketch.correct(&reply)
        }
    }

    /// - Parameter bounds: the least and greatest key where `numbers` are a sample, which may lack them.
    private func fill(
        _ reply: inout ColumnProfileReply, _ numbers: some OrderedNumbers, _ keys: NumberKeys,
        bounds: (UInt64, UInt64)? = nil
    ) {
        guard numbers.count > 0 else { return }
        let (least, greatest) = bounds ?? (numbers.key(at: 0), numbers.key(at: numbers.count - 1))
        let repeats = numbers.repeats()
        reply.distinct = repeats.distinct
        reply.min = keys.text(least)
        reply.max = keys.text(greatest)
        reply.top = repeats.top.map { .init(value: keys.text($0.key), count: $0.count) }
        let moments = numbers.moments(keys)
        reply.mean = moments.mean
        guard type != .boolean else { return }
        reply.standardDeviation = moments.standardDeviation
        reply.skewness = moments.skewness
        reply.kurtosis = moments.kurtosis
        let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
        let quantiles = numbers.quantiles(shares, keys)
        reply.quantiles = zip(shares, quantiles).map { .init(q: $0, value: $1) }
        let fence = 1.5 * (quantiles[4] - quantiles[2])
        if type == .integer || type == .decimal {
            reply.outliers =
                numbers.count(below: quantiles[2] - fence, including: false) + numbers.count
                - numbers.count(below: quantiles[4] + fence, including: true)
        }
        let edges = HistogramEdges.cover(
            least: keys.double(least), greatest: keys.double(greatest), whole: type == .integer || type == .date)
        reply.histogram = zip(numbers.counts(edges: edges), edges.indices).map { count, index in
            .init(from: edges[index], to: edges[index + 1], count: count)
        }
    }
}

extension Array {
    /// The values of rows that are not null.
    fileprivate func without(_ nulls: NullBitmap) -> [Element] {
        [Element](unsafeUninitializedCapacity: Swift.max(0, count - nulls.nullCount)) { kept, initialized in
            for (index, word) in nulls.words.enumerated() {
                let start = index * 64
                var present = ~word
                if count - start < 64 { present &= (1 << UInt64(count - start)) - 1 }
                while present != 0 {
                    kept.initializeElement(at: initialized, to: self[start + present.trailingZeroBitCount])
                    initialized += 1
                    present &= present &- 1
                }
            }
        }
    }
}
