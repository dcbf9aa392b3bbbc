import Tabular

/// The mean target of each label of a feature with many labels, drawn towards the overall mean where rows are few.
///
/// Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", 2001.
struct TargetStatistics: Sendable, Equatable {
    /// One number an output: the mean for regression, the share of the second class for two, of each class for more.
    var prior: [Double]
    var labels: LabelIndex
    /// Row-major `labels x prior.count`.
    var means: [Double]

    /// Rows of the prior that are mixed with a label's own.
    private static let smoothing = 10.0
    /// Shares of more classes than this would only add noise.
    private static let mostClasses = 10
    private static let innerFolds = 5

    var suffixes: [String] { prior.count == 1 ? [".mean"] : prior.indices.map { ".share_\($0)" } }

    init(prior: [Double], labels: [String], means: [Double]) {
        (self.prior, self.labels, self.means) = (prior, LabelIndex(labels), means)
    }

    /// Learns from some rows. Classes beyond the tenth have no column.
    init(_ codes: CategoryCodes, target: Target, rows: [Int32]) {
        let tally = TargetTally(
            codes, target: target, outputs: Self.outputs(target), rows: rows, parts: [], count: 1)
        prior = tally.prior { _ in true }
        var labels: [String] = []
        means = []
        let found = tally.means(prior, smoothing: Self.smoothing) { _ in true }
        for code in codes.labels.indices where tally.counts[code] > 0 {
            labels.append(codes.labels[code])
            means += found[code * prior.count..<(code + 1) * prior.count]
        }
        self.labels = LabelIndex(labels)
    }

    private static func outputs(_ target: Target) -> Int {
        switch target {
        case .regression: 1
        case .classes(_, let count): count == 2 ? 1 : min(count, mostClasses)
        }
    }

    /// One column an output; unseen and missing labels have the prior.
    func encode(_ codes: CategoryCodes) -> [FeatureMatrix.Values] {
        let outputs = prior.count
        return (0..<outputs).map { output in
            let ofLabel = codes.labels.map { label in
                Float(labels.place(of: label).map { means[$0 * outputs + output] } ?? prior[output])
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
        let parts = rows.map { _ in UInt8(random.index(below: innerFolds)) }
        let outputs = Self.outputs(target)
        let tally = TargetTally(
            codes, target: target, outputs: outputs, rows: rows, parts: parts, count: innerFolds)
        let means = (0..<innerFolds).map { part in
            tally.means(tally.prior { $0 != part }, smoothing: smoothing) { $0 != part }
        }
        for output in 0..<outputs {
            guard case .numeric(var values) = columns[output] else { continue }
            columns[output] = .numeric([])
            for (row, part) in zip(rows, parts) {
                let code = tally.place(codes.codes[Int(row)])
                values[Int(row)] = Float(means[Int(part)][code * outputs + output])
            }
            columns[output] = .numeric(values)
        }
    }
}

/// Rows and sums of the target of each label, for parts of the rows.
private struct TargetTally {
    /// Labels and a place for rows without one.
    private let places: Int
    private let outputs: Int
    private let parts: Int
    /// `parts x places`.
    private(set) var counts: [Double]
    /// `parts x places x outputs`.
    private var sums: [Double]

    /// - Parameter parts: of each row, below `count`; none where all are in the first.
    init(_ codes: CategoryCodes, target: Target, outputs: Int, rows: [Int32], parts: [UInt8], count: Int) {
        places = codes.labels.count + 1
        self.outputs = outputs
        self.parts = count
        counts = [Double](repeating: 0, count: count * places)
        sums = [Double](repeating: 0, count: count * places * outputs)
        for (index, row) in rows.enumerated() {
            let cell = (parts.isEmpty ? 0 : Int(parts[index])) * places + place(codes.codes[Int(row)])
            counts[cell] += 1
            switch target {
            case .regression(let values): sums[cell] += values[Int(row)]
            case .classes(let classes, let count):
                // Of two classes the second one's share.
                let output = count == 2 ? Int(classes[Int(row)]) - 1 : Int(classes[Int(row)])
                if output >= 0, output < outputs { sums[cell * outputs + output] += 1 }
            }
        }
    }

    func place(_ code: Int32) -> Int { code < 0 ? places - 1 : Int(code) }

    /// The mean of each output over some of the parts.
    func prior(_ isIn: (Int) -> Bool) -> [Double] {
        var total = 0.0
        var totals = [Double](repeating: 0, count: outputs)
        for part in 0..<parts where isIn(part) {
            for cell in part * places..<(part + 1) * places {
                total += counts[cell]
                for output in 0..<outputs { totals[output] += sums[cell * outputs + output] }
            }
        }
        return totals.map { total > 0 ? $0 / total : 0 }
    }

    /// `places x outputs` means over some of the parts, drawn to the prior as if `smoothing` rows had it; rows without a label have the
    /// prior.
    func means(_ prior: [Double], smoothing: Double, _ isIn: (Int) -> Bool) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(places * outputs)
        let kept = (0..<parts).filter(isIn)
        for place in 0..<places {
            let isLabel = place < places - 1
            let count = isLabel ? kept.reduce(0) { $0 + counts[$1 * places + place] } : 0
            for output in 0..<outputs {
                let sum = isLabel ? kept.reduce(0) { $0 + sums[($1 * places + place) * outputs + output] } : 0
                result.append((sum + smoothing * prior[output]) / (count + smoothing))
            }
        }
        return result
    }
}
