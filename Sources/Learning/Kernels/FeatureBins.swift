import Tabular

/// How one feature's values fall into bins: bin 0 is missing, the others 1...255.
package struct FeatureBins: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// Ascending inclusive upper bounds; values above the last one are in the bin after it. Infinities fall into the first and
        /// the last bin.
        case numeric(bounds: [Float])
        /// Bin of each code and code of each bin from 1; rare codes beyond 255 share bin 0 with missing.
        case categorical(binOfCode: [UInt8], codeOfBin: [Int32])
    }

    var kind: Kind
    /// Bins with bin 0.
    let count: Int

    static let mostValueBins = 255

    /// Bins of equal weight over a sample of values, one a distinct value when there are few.
    static func numeric(_ values: [Float], rows: [Int32], bins: Int) -> FeatureBins {
        var keys: [UInt32] = []
        keys.reserveCapacity(rows.count)
        for row in rows where values[Int(row)].isFinite { keys.append(FloatKey.key(values[Int(row)])) }
        RadixSort.sort(&keys)
        let bounds = bounds(sorted: keys, bins: max(2, min(bins, mostValueBins)))
        return FeatureBins(kind: .numeric(bounds: bounds), count: bounds.count + 2)
    }

    /// One bin a code, the commonest first.
    static func categorical(_ codes: [Int32], cardinality: Int, rows: [Int32], bins: Int) -> FeatureBins {
        var counts = Array(repeating: 0, count: max(0, cardinality))
        for row in rows {
            let code = Int(codes[Int(row)])
            if counts.indices.contains(code) { counts[code] += 1 }
        }
        let kept = counts.indices.filter { counts[$0] > 0 }
            .sorted { (-counts[$0], $0) < (-counts[$1], $1) }
            .prefix(max(2, min(bins, mostValueBins)))
        var binOfCode = Array(repeating: UInt8(0), count: counts.count)
        for (position, code) in kept.enumerated() { binOfCode[code] = UInt8(position + 1) }
        let kind = Kind.categorical(binOfCode: binOfCode, codeOfBin: kept.map { Int32($0) })
        return FeatureBins(kind: kind, count: kept.count + 1)
    }

    private static func bounds(sorted keys: [UInt32], bins: Int) -> [Float] {
        var distinct: [(value: Float, count: Int)] = []
        var index = 0
        while index < keys.count {
            var end = index + 1
            while end < keys.count, keys[end] == keys[index] { end += 1 }
            let value = FloatKey.value(keys[index])
            if let last = distinct.last, last.value == value {
                distinct[distinct.count - 1].count += end - index
            } else {
                distinct.append((value, end - index))
            }
            index = end
        }
        if distinct.count <= bins {
            return zip(distinct, distinct.dropFirst()).map { middle($0.value, $1.value) }
        }
        return equalWeightBounds(distinct, total: keys.count, bins: bins)
    }

    /// Fills bins up to the mean size; a value that is heavier than the mean has a bin of its own.
    private static func equalWeightBounds(_ distinct: [(value: Float, count: Int)], total: Int, bins: Int) -> [Float] {
        var mean = Double(total) / Double(bins)
        let heavy = distinct.map { Double($0.count) >= mean }
        var lightBins = bins - heavy.count { $0 }
        var lightRows = total
        for index in distinct.indices where heavy[index] { lightRows -= distinct[index].count }
        if lightBins > 0 { mean = Double(lightRows) / Double(lightBins) }
        var bounds: [Float] = []
        var filled = 0
        for index in 0..<distinct.count - 1 where bounds.count < bins - 1 {
            filled += distinct[index].count
            if !heavy[index] { lightRows -= distinct[index].count }
            guard
                heavy[index] || Double(filled) >= mean
                    || (heavy[index + 1] && Double(filled) >= max(1, mean * 0.5))
            else { continue }
            bounds.append(middle(distinct[index].value, distinct[index + 1].value))
            filled = 0
            if !heavy[index] {
                lightBins -= 1
                if lightBins > 0 { mean = Double(lightRows) / Double(lightBins) }
            }
        }
        return bounds
    }

    /// A number that is at least the lower and less than the upper value.
    private static func middle(_ lower: Float, _ upper: Float) -> Float {
        let middle = lower / 2 + upper / 2
        return middle >= lower && middle < upper ? middle : lower
    }
}

/// Integers in the order of floats; -0 and +0 are neighbours.
private enum FloatKey {
    static func key(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        return bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
    }

    static func value(_ key: UInt32) -> Float {
        Float(bitPattern: key & 0x8000_0000 != 0 ? key & 0x7FFF_FFFF : ~key)
    }
}
