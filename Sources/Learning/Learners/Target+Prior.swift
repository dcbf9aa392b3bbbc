extension Target {
    /// Weighted mean, or weighted share of each class, over some rows; equal shares when all weights are 0.
    func prior(rows: [Int32], weights: [Float]?) -> [Double] {
        var total = 0.0
        switch self {
        case .regression(let values):
            var sum = 0.0
            for row in rows {
                let weight = weights.map { Double($0[Int(row)]) } ?? 1
                total += weight
                sum += weight * values[Int(row)]
            }
            return [total > 0 ? sum / total : 0]
        case .classes(let codes, let count):
            var sums = Array(repeating: 0.0, count: max(1, count))
            for row in rows {
                let code = Int(codes[Int(row)])
                guard sums.indices.contains(code) else { continue }
                let weight = weights.map { Double($0[Int(row)]) } ?? 1
                total += weight
                sums[code] += weight
            }
            return sums.map { total > 0 ? $0 / total : 1 / Double(sums.count) }
        }
    }

    /// Share of each class with half a row added to each, so that no class has share 0.
    func smoothedShares(rows: [Int32], weights: [Float]?) -> [Double] {
        let shares = prior(rows: rows, weights: weights)
        let total = Double(rows.count)
        return shares.map { ($0 * total + 0.5) / (total + 0.5 * Double(shares.count)) }
    }

    /// The class of a row, nil for a code outside the range or a regression.
    func classCode(_ row: Int32) -> Int? {
        guard case .classes(let codes, let count) = self else { return nil }
        let code = Int(codes[Int(row)])
        return code >= 0 && code < count ? code : nil
    }
}
