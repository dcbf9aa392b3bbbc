/// One order of the categories of each feature for all nodes of all trees of a fit: by what they say about the target over all rows.
///
/// A node that put its own few rows' categories in order by their own targets could part almost any rows by a feature of many
/// categories, whatever it says. With one order such a feature is cut like a number. Numbers and two classes order categories by their
/// mean; more classes by the first principal component of their shares.
///
/// Source: Coppersmith, Hong, Hosking, "Partitioning nominal attributes in decision trees", 1999; Wright, König, "Splitting on
/// categorical predictors in random forests", 2019.
struct CategoryOrder: Sendable {
    /// Bins of each slot's categories that have rows, in order; empty for a number.
    private let bins: [[UInt8]]

    private static let iterations = 30

    /// - Parameter weights: of each row of the matrix.
    /// - Complexity: O(categorical slots x rows)
    init(_ matrix: BinnedMatrix, target: CartTarget, rows: [Int32], weights: [Float]?) {
        let usable = rows.filter { target.isUsable(Int($0)) }
        bins = matrix.slots.enumerated().map { slot, feature in
            guard case .categorical = matrix.features[feature].kind else { return [] }
            return Self.ordered(
                ShareTable(matrix, slot: slot, target: target, rows: usable, weights: weights))
        }
    }

    /// The bins of a slot; those without rows in the fit are not among them.
    subscript(slot: Int) -> [UInt8] { bins[slot] }

    private static func ordered(_ table: ShareTable) -> [UInt8] {
        let direction = principal(table)
        let scores = table.shares.map { shares in zip(shares, direction).reduce(0) { $0 + $1.0 * $1.1 } }
        return table.bins.indices.sorted { (scores[$0], table.bins[$0]) < (scores[$1], table.bins[$1]) }
            .map { table.bins[$0] }
    }

    /// The direction in which the shares, less their mean, differ most, by power iteration.
    private static func principal(_ table: ShareTable) -> [Double] {
        let channels = table.mean.count
        guard channels > 1, !table.bins.isEmpty else { return Array(repeating: 1, count: channels) }
        func product(_ direction: [Double]) -> [Double] {
            var result = Array(repeating: 0.0, count: channels)
            for (shares, weight) in zip(table.shares, table.weights) {
                var part = 0.0
                for channel in 0..<channels { part += (shares[channel] - table.mean[channel]) * direction[channel] }
                for channel in 0..<channels {
                    result[channel] += weight * part * (shares[channel] - table.mean[channel])
                }
            }
            return result
        }
        var deviations = Array(repeating: 0.0, count: channels)
        for (shares, weight) in zip(table.shares, table.weights) {
            for channel in 0..<channels {
                let deviation = shares[channel] - table.mean[channel]
                deviations[channel] += weight * deviation * deviation
            }
        }
        var direction = Array(repeating: 0.0, count: channels)
        direction[deviations.indices.max { deviations[$0] < deviations[$1] } ?? 0] = 1
        for _ in 0..<iterations {
            let next = product(direction)
            let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0 else { break }
            direction = next.map { $0 / length }
        }
        return direction
    }
}

/// What the rows of each category of a slot have as target: a mean for a number and for two classes, else a share a class.
private struct ShareTable {
    private(set) var bins: [UInt8] = []
    private(set) var weights: [Double] = []
    private(set) var shares: [[Double]] = []
    private(set) var mean: [Double]

    init(_ matrix: BinnedMatrix, slot: Int, target: CartTarget, rows: [Int32], weights rowWeights: [Float]?) {
        let channels = target.channels
        var sums = Array(repeating: 0.0, count: 256 * channels)
        var total = Array(repeating: 0.0, count: 256)
        // Safety: the column has one byte a row of the matrix.
        let column = matrix.byColumn.start + slot * matrix.rows
        for row in rows.lazy.map(Int.init) {
            let bin = Int(column[row])
            let weight = Double(rowWeights?[row] ?? 1)
            total[bin] += weight
            if target.values.isEmpty {
                sums[bin * channels + Int(target.codes[row])] += weight
            } else {
                sums[bin * channels] += weight * target.values[row]
            }
        }
        mean = Array(repeating: 0, count: channels)
        for bin in 1..<256 where total[bin] > 0 {
            bins.append(UInt8(bin))
            weights.append(total[bin])
            shares.append((0..<channels).map { sums[bin * channels + $0] / total[bin] })
            for channel in 0..<channels { mean[channel] += sums[bin * channels + channel] }
        }
        let whole = weights.reduce(0, +)
        if whole > 0 { for channel in mean.indices { mean[channel] /= whole } }
    }
}
