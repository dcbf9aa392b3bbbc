/// Correlation of ranks.
enum RankCorrelation {
    /// Spearman's rho over the rows where neither is NaN; equal values share the mean of their ranks. Nil when a side does not vary.
    ///
    /// - Complexity: two sorts
    static func spearman(_ one: [Double], _ two: [Double]) -> Double? {
        var x: [Double] = []
        var y: [Double] = []
        for (a, b) in zip(one, two) where !a.isNaN && !b.isNaN {
            x.append(a)
            y.append(b)
        }
        var pair = NumberPair()
        pair.add(ranks(x), ranks(y))
        return pair.correlation
    }

    /// Ranks around their mean.
    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        let centre = Double(values.count - 1) / 2
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            let rank = Double(start + end - 1) / 2 - centre
            for place in start..<end { ranks[order[place]] = rank }
            start = end
        }
        return ranks
    }
}
