import Tabular

/// The mean target of each label of a feature with many labels, drawn towards the overall mean where rows are few.
///
/// Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", 2001.
struct TargetStatistics: Sendable, Equatable {
    /// One number an output: the mean for regression, the share of the second class for two, of each class for more.
    var prior: [Double]
    var labels: [String]
    /// Row-major `labels x prior.count`.
    var means: [Double]

    /// Rows of the prior that are mixed with a label's own.
    private static let smoothing = 10.0
    /// Shares of more classes than this would only add noise.
    private static let mostClasses = 10
    private static let innerFolds = 5

    var suffixes: [String] { prior.count == 1 ? [".mean"] : prior.indices.map { ".share_\($0)" } }

    init(prior: [Double], labels: [String], means: [Double]) {
        (self.prior, self.labels, self.means) = (prior, labels, means)
    }

    /// Learns from some rows. Classes beyond the tenth have no column.
    init(_ codes: CategoryCodes, target: Target, rows: some Sequence<Int32>) {
        let outputs = Self.outputs(target)
        var sums = [Double](repeating: 0, count: codes.labels.count * outputs)
        var counts = [Double](repeating: 0, count: codes.labels.count)
        var totals = [Double](repeating: 0, count: outputs)
        var total = 0.0
        for row in rows {
            total += 1
            let code = Int(codes.codes[Int(row)])
            if code >= 0 { counts[code] += 1 }
            for output in 0..<outputs {
                let value = Self.value(target, row: Int(row), output: output)
                totals[output] += value
                if code >= 0 { sums[code * outputs + output] += value }
            }
        }
        prior = totals.map { total > 0 ? $0 / total : 0 }
        labels = []
        means = []
        for code in codes.labels.indices where counts[code] > 0 {
            labels.append(codes.labels[code])
            for output in 0..<outputs {
                let sum = sums[code * outputs + output] + Self.smoothing * prior[output]
                means.append(sum / (counts[code] + Self.smoothing))
            }
        }
    }

    private static func outputs(_ target: Target) -> Int {
        switch target {
        case .regression: 1
        case .classes(_, let count): count == 2 ? 1 : min(count, mostClasses)
        }
    }

    private static func value(_ target: Target, row: Int, output: Int) -> Double {
        switch target {
        case .regression(let values): values[row]
        case .classes(let codes, let count): Int(codes[row]) == (count == 2 ? 1 : output) ? 1 : 0
        }
    }

    /// One column an output; unseen and missing labels have the prior.
    func encode(_ codes: CategoryCodes) -> [FeatureMatrix.Values] {
        var place: [String: Int] = [:]
        place.reserveCapacity(labels.count)
        for (index, label) in labels.enumerated() { place[label] = index }
        let outputs = prior.count
        return (0..<outputs).map { output in
            let ofLabel = codes.labels.map { label in
                Float(place[label].map { means[$0 * outputs + output] } ?? prior[output])
            }
            let missing = Float(prior[output])
            return .numeric(codes.codes.map { $0 < 0 ? missing : ofLabel[Int($0)] })
        }
    }

    /// The columns for rows that the statistics themselves were learnt from: each row's own target plays no part in its value.
    static func encodeOutOfFold(
        _ codes: CategoryCodes, target: Target, rows: [Int32], into columns: inout [FeatureMatrix.Values], seed: UInt64
    ) {
        var random = RandomStream(seed: seed, part: 0x7A67)
        let parts = rows.map { _ in random.index(below: innerFolds) }
        for part in 0..<innerFolds {
            let others = zip(rows, parts).lazy.filter { $0.1 != part }.map(\.0)
            let encoded = TargetStatistics(codes, target: target, rows: others).encode(codes)
            for (output, values) in encoded.enumerated() {
                guard case .numeric(let new) = values, case .numeric(var old) = columns[output] else { continue }
                columns[output] = .numeric([])
                for (row, own) in zip(rows, parts) where own == part { old[Int(row)] = new[Int(row)] }
                columns[output] = .numeric(old)
            }
        }
    }
}
