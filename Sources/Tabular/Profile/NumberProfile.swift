import Shared

/// The values of a column of numbers, dates, timestamps or booleans, as counts while that is cheap, else as a list, else as sketches.
struct NumberProfile: Sendable {
    private let type: ColumnType
    private let exactBytes: Int
    /// Keys are mantissas at this scale; nil when they are the ordered bit patterns of Doubles.
    private var scale: Int? = 0
    private var storage = Storage.empty
    /// Of the first chunk, for the zone of timestamps.
    private var style = TextStyle.plain

    private enum Storage: Sendable {
        case empty
        /// How often `base + index` comes.
        case counts([UInt32], base: Int64)
        case keys([UInt64])
        case sketch(NumberSketch)
    }

    /// Four bytes each: a table that caches still hold.
    private static let widestTable = 1 << 21

    init(type: ColumnType, exactBytes: Int) {
        self.type = type
        self.exactBytes = exactBytes
    }

    mutating func add(_ chunk: ColumnChunk) {
        if case .empty = storage { style = chunk.style }
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
        var present = values
        if let nulls { present = values.indices.filter { !nulls.isNull($0) }.map { values[$0] } }
        guard !present.isEmpty else { return }
        if case .sketch = storage { return addDoubles(present.map { decimalValue(mantissa: $0, scale: scale) }, nil) }
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
        append(keys: values.lazy.map { Self.key($0) }, count: values.count)
    }

    private mutating func append(keys new: some Sequence<UInt64>, count: Int) {
        var keys: [UInt64] = []
        switch storage {
        case .empty: break
        case .keys(let known): keys = known
        case .counts(let counts, let base):
            let total = counts.reduce(0) { $0 + Int($1) }
            guard (total + count) * 8 <= exactBytes else {
                return toSketch(adding: new.map { double($0) })
            }
            keys.reserveCapacity(total + count)
            for (index, count) in counts.enumerated() where count > 0 {
                keys.append(contentsOf: repeatElement(Self.key(base + Int64(index)), count: Int(count)))
            }
        case .sketch: return toSketch(adding: new.map { double($0) })
        }
        storage = .empty
        guard (keys.count + count) * 8 <= exactBytes else {
            storage = .keys(keys)
            return toSketch(adding: new.map { double($0) })
        }
        keys.append(contentsOf: new)
        storage = .keys(keys)
    }

    private mutating func addDoubles(_ values: [Double], _ nulls: NullBitmap?) {
        let present = values.indices.filter { nulls?.isNull($0) != true && !values[$0].isNaN }.map {
            values[$0] == 0 ? 0 : values[$0]
        }
        if case .sketch = storage { return toSketch(adding: present) }
        if scale != nil {
            toDoubles()
            if case .sketch = storage { return toSketch(adding: present) }
        }
        append(keys: present.lazy.map { Self.key($0) }, count: present.count)
    }

    // MARK: Changing what is held

    /// Multiplies all mantissas; false when 64 bits do not hold them.
    private mutating func rescale(to larger: Int) -> Bool {
        guard let own = scale else { return false }
        let power = Int64(integerPowersOfTen[larger - own])
        if case .counts = storage { append(keys: [], count: 0) }
        guard case .keys(var keys) = storage else { return false }
        for index in keys.indices {
            let (scaled, overflow) = Self.integer(keys[index]).multipliedReportingOverflow(by: power)
            if overflow { return false }
            keys[index] = Self.key(scaled)
        }
        storage = .keys(keys)
        scale = larger
        return true
    }

    private mutating func toDoubles() {
        if case .counts = storage { append(keys: [], count: 0) }
        if case .keys(let keys) = storage { storage = .keys(keys.map { Self.key(double($0)) }) }
        scale = nil
    }

    private mutating func toSketch(adding values: [Double]) {
        var sketch = NumberSketch()
        switch storage {
        case .sketch(let known): sketch = known
        case .keys(let keys): sketch.add(keys.map { double($0) })
        case .counts(let counts, let base):
            for (index, count) in counts.enumerated() where count > 0 {
                sketch.add([Double](repeating: double(Self.key(base + Int64(index))), count: Int(count)))
            }
        case .empty: break
        }
        storage = .empty
        sketch.add(values)
        storage = .sketch(sketch)
        scale = nil
    }

    // MARK: Keys, in the order of their values

    private static func key(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }
    private static func integer(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ 1 << 63) }
    private static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    /// Timestamps in seconds, as everywhere outside chunks.
    private func double(_ key: UInt64) -> Double {
        guard let scale else { return Double(bitPattern: key >> 63 == 1 ? key ^ 1 << 63 : ~key) }
        let value = Self.integer(key)
        return type == .timestamp ? Double(value) / 1e6 : decimalValue(mantissa: value, scale: scale)
    }

    private func text(_ key: UInt64) -> String {
        let values: ChunkValues =
            scale.map { type == .decimal ? .decimals([Self.integer(key)], scale: $0) : .integers([Self.integer(key)]) }
            ?? .doubles([double(key)])
        let isFlag = type == .boolean && scale != nil
        let one = isFlag ? ChunkValues.booleans([UInt8(truncatingIfNeeded: Self.integer(key))]) : values
        return ColumnChunk(type: type, values: one, style: style).canonicalText(at: 0)
    }

    // MARK: The profile

    func finish(_ reply: inout ColumnProfileReply) {
        switch storage {
        case .empty: return
        case .counts(let counts, let base):
            let runs = ValueRuns { body in
                for index in 0..<counts.count where counts[index] > 0 {
                    body(self.double(Self.key(base + Int64(index))), Int(counts[index]))
                }
            }
            let keys = counts.indices.lazy.filter { counts[$0] > 0 }.map { Self.key(base + Int64($0)) }
            fill(&reply, runs) { place in keys.dropFirst(place).first }
        case .keys(let unsorted):
            var ordered = unsorted
            RadixSort.sort(&ordered)
            let keys = ordered
            let runs = ValueRuns { body in
                var index = 0
                while index < keys.count {
                    let key = keys[index]
                    var end = index + 1
                    while end < keys.count, keys[end] == key { end += 1 }
                    body(self.double(key), end - index)
                    index = end
                }
            }
            fill(&reply, runs) { place in
                var left = place
                for index in keys.indices where index == 0 || keys[index] != keys[index - 1] {
                    if left == 0 { return keys[index] }
                    left -= 1
                }
                return nil
            }
        case .sketch(let sketch):
            fill(&reply, ValueRuns(forEach: sketch.forEachSample)) { _ in nil }
            sketch.correct(&reply)
        }
    }

    /// - Parameter keyAt: the key of the distinct value at a place in ascending order, when its exact text can be had.
    private func fill(_ reply: inout ColumnProfileReply, _ runs: ValueRuns, keyAt: (Int) -> UInt64?) {
        let summary = runs.summary()
        guard summary.count > 0 else { return }
        func exactText(_ place: Int, _ value: Double) -> String {
            text(keyAt(place) ?? (scale == nil ? Self.key(value) : Self.key(Int64(value))))
        }
        reply.distinct = summary.distinct
        reply.min = exactText(0, summary.least)
        reply.max = exactText(summary.distinct - 1, summary.greatest)
        reply.top = summary.top.map { .init(value: exactText($0.place, $0.value), count: $0.count) }
        reply.mean = summary.mean
        guard type != .boolean else { return }
        let moments = runs.moments(summary)
        reply.standardDeviation = moments.standardDeviation
        reply.skewness = moments.skewness
        reply.kurtosis = moments.kurtosis
        let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
        let quantiles = runs.quantiles(shares, count: summary.count)
        reply.quantiles = zip(shares, quantiles).map { .init(q: $0, value: $1) }
        let fence = 1.5 * (quantiles[4] - quantiles[2])
        if type == .integer || type == .decimal {
            reply.outliers = runs.count(below: quantiles[2] - fence, above: quantiles[4] + fence)
        }
        let edges = ValueRuns.edges(
            least: summary.least, greatest: summary.greatest, whole: type == .integer || type == .date)
        reply.histogram = zip(runs.counts(edges: edges), edges.indices).map { count, index in
            .init(from: edges[index], to: edges[index + 1], count: count)
        }
    }
}
