/// How the numbers of a column have moved: bins at the deciles of the earlier ones, and the largest gap of the two distributions.
package struct NumberShift: Sendable {
    /// Shares of the bins, nulls last.
    package private(set) var expected: [Double] = []
    package private(set) var found: [Double] = []
    /// Upper edges of all bins but the last.
    package private(set) var edges: [Double] = []
    /// Kolmogorov-Smirnov: the largest difference of the cumulative shares.
    package private(set) var largestGap: Double?
    package private(set) var meanBefore: Double?
    package private(set) var mean: Double?

    package var stabilityIndex: Double { StabilityIndex.of(expected: expected, found: found) }

    /// - Parameters: values with NaN where null, in any order.
    package init(before: [Double], after: [Double]) {
        let (old, new) = (Self.sorted(before), Self.sorted(after))
        meanBefore = Self.mean(old)
        mean = Self.mean(new)
        if !old.isEmpty {
            for tenth in 1..<10 {
                let edge = old[old.count * tenth / 10]
                if edges.last != edge, edge > old[0] { edges.append(edge) }
            }
        }
        expected = shares(old, of: before.count)
        found = shares(new, of: after.count)
        largestGap = old.isEmpty || new.isEmpty ? nil : Self.gap(old, new)
    }

    private static func sorted(_ values: [Double]) -> [Double] {
        var keys = values.compactMap { $0.isNaN ? nil : NumberKeys.key($0 == 0 ? 0 : $0) }
        RadixSort.sort(&keys)
        let meaning = NumberKeys(type: .decimal, scale: nil)
        return keys.map { meaning.double($0) }
    }

    private static func mean(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let rough = values.reduce(0, +) / Double(values.count)
        return rough + values.reduce(0) { $0 + ($1 - rough) } / Double(values.count)
    }

    private func shares(_ values: [Double], of rows: Int) -> [Double] {
        let whole = Double(max(1, rows))
        var shares: [Double] = []
        var start = 0
        for edge in edges {
            let end = Self.firstIndex(values) { $0 >= edge }
            shares.append(Double(end - start) / whole)
            start = end
        }
        return shares + [Double(values.count - start) / whole, Double(rows - values.count) / whole]
    }

    private static func firstIndex(_ values: [Double], _ meets: (Double) -> Bool) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if meets(values[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func gap(_ old: [Double], _ new: [Double]) -> Double {
        var (i, j, largest) = (0, 0, 0.0)
        while i < old.count, j < new.count {
            let value = min(old[i], new[j])
            while i < old.count, old[i] == value { i += 1 }
            while j < new.count, new[j] == value { j += 1 }
            largest = max(largest, abs(Double(i) / Double(old.count) - Double(j) / Double(new.count)))
        }
        return largest
    }
}
