import Shared

/// A feature matrix as one byte a value, binned once and shared by every tree learner that is fitted on it.
///
/// Bins are held twice: by column for splitting the rows of a leaf, by row for histograms, where one cache line serves all features of
/// a row. Features that are constant in all rows are left out.
package final class BinnedMatrix: Sendable {
    package let rows: Int
    /// Bins of every feature of the matrix.
    package let features: [FeatureBins]
    /// Feature numbers that vary; a place in this list is a slot.
    let slots: [Int]
    /// Bins of each slot, with bin 0.
    let slotBins: [Int]
    /// Which way predictions must go with each slot; nil for either.
    let directions: [MonotoneDirection?]
    /// Whether there is a direction.
    let isMonotone: Bool
    /// Bytes from one row to the next in `byRow`.
    let stride: Int
    /// `slots x rows`.
    let byColumn: AlignedBuffer<UInt8>
    /// `rows x stride`.
    let byRow: AlignedBuffer<UInt8>

    /// Rows from which the bins are found, when there are more.
    private static let sampleRows = 200_000

    /// Bins all rows of a matrix.
    ///
    /// - Parameters:
    ///   - rows: rows from which bounds and common categories are found, nil for all. Targets are not looked at.
    ///   - bins: most bins a feature, 2...255, without the one for missing.
    /// - Throws: `.cancelled`. Complexity: O(rows x features x log bins).
    package init(
        _ matrix: FeatureMatrix, rows: [Int32]? = nil, bins: Int = 255, context: FitContext
    ) throws(LearningError) {
        let sample = BinnedMatrix.sample(rows, of: matrix.rows, seed: context.seed)
        let count = matrix.rows
        let team = ThreadTeam(threads: matrix.rows * matrix.features.count > 100_000 ? context.threads : 1)
        let columns = AlignedBuffer<UInt8>(count: count * matrix.features.count, zero: 0)
        let found = FeatureResults(count: matrix.features.count)
        team.forChunks(of: 1, count: matrix.features.count) { _, range in
            for index in range where !context.mustStop {
                // Safety: each feature has its own range of the buffer, and count bytes of it.
                let column = columns.start + index * count
                let bins = BinnedMatrix.bins(of: matrix.features[index].values, sample: sample, bins: bins)
                let varies = bins.assign(matrix.features[index].values, rows: count, into: column)
                found.set(index, bins, varies: varies)
            }
        }
        if context.mustStop { throw .cancelled }
        let features = found.all
        let slots = features.indices.filter { features[$0].varies }
        let stride = slots.count <= 8 ? max(1, slots.count) : (slots.count + 3) & ~3
        let packed = AlignedBuffer<UInt8>(count: count * stride, zero: 0)
        team.forChunks(of: 8_192, count: count) { _, range in
            guard !context.mustStop else { return }
            BinnedMatrix.transpose(columns, rows: count, slots: slots, range: range, stride: stride, into: packed)
        }
        if context.mustStop { throw .cancelled }
        if slots.count < features.count {
            for (slot, feature) in slots.enumerated() where slot != feature {
                // Safety: slot < feature, so the ranges of count bytes are disjoint and inside the buffer.
                (columns.start + slot * count).update(from: columns.start + feature * count, count: count)
            }
        }
        self.rows = count
        self.features = features.map(\.bins)
        self.slots = slots
        self.slotBins = slots.map { features[$0].bins.count }
        directions = slots.map { matrix.features[$0].direction }
        isMonotone = directions.contains { $0 != nil }
        self.stride = stride
        byColumn = columns
        byRow = packed
    }

    /// Whether a feature that varies is categorical.
    var hasCategories: Bool {
        slots.contains {
            switch features[$0].kind {
            case .categorical: true
            case .numeric: false
            }
        }
    }

    private static func sample(_ rows: [Int32]?, of count: Int, seed: UInt64) -> [Int32] {
        let available = rows?.count ?? count
        guard available > sampleRows else { return rows ?? Array(0..<Int32(count)) }
        var random = RandomStream(seed: seed, part: 0x0B15)
        let chosen = random.sample(sampleRows, below: available)
        guard let rows else { return chosen }
        return chosen.map { rows[Int($0)] }
    }

    private static func bins(of values: FeatureMatrix.Values, sample: [Int32], bins: Int) -> FeatureBins {
        switch values {
        case .numeric(let numbers): .numeric(numbers, rows: sample, bins: bins)
        case .categorical(let codes, let cardinality):
            .categorical(codes, cardinality: cardinality, rows: sample, bins: bins)
        }
    }

    /// Rows of a range from columns to packed rows, 64 rows at a time so that both sides stay in the cache.
    private static func transpose(
        _ columns: AlignedBuffer<UInt8>, rows: Int, slots: [Int], range: Range<Int>, stride: Int,
        into packed: AlignedBuffer<UInt8>
    ) {
        var begin = range.lowerBound
        while begin < range.upperBound {
            let end = min(begin + 64, range.upperBound)
            for (slot, feature) in slots.enumerated() {
                // Safety: feature * rows + row is inside the column buffer, row * stride + slot inside the packed one.
                let source = columns.start + feature * rows
                var target = packed.start + begin * stride + slot
                for row in begin..<end {
                    target.pointee = source[row]
                    target += stride
                }
            }
            begin = end
        }
    }
}

extension FeatureMatrix.Feature {
    /// The direction of a numeric feature; categories have no order.
    fileprivate var direction: MonotoneDirection? {
        switch values {
        case .numeric: monotone
        case .categorical: nil
        }
    }
}

/// Results of the features, each written by one thread.
// Safety: every index is written once, by the thread that has the feature; the team's barrier comes before the read.
private final class FeatureResults: @unchecked Sendable {
    private let results: UnsafeMutablePointer<(bins: FeatureBins, varies: Bool)>
    private let count: Int

    init(count: Int) {
        self.count = count
        results = .allocate(capacity: max(1, count))
        results.initialize(repeating: (FeatureBins(kind: .numeric(bounds: []), count: 2), false), count: count)
    }

    deinit {
        results.deinitialize(count: count)
        results.deallocate()
    }

    func set(_ index: Int, _ bins: FeatureBins, varies: Bool) { results[index] = (bins, varies) }

    var all: [(bins: FeatureBins, varies: Bool)] { (0..<count).map { results[$0] } }
}

extension FeatureBins {
    /// Writes the bin of every row; tells whether there are two different ones.
    func assign(_ values: FeatureMatrix.Values, rows: Int, into column: UnsafeMutablePointer<UInt8>) -> Bool {
        switch (kind, values) {
        case (.numeric(let bounds), .numeric(let numbers)): assignNumeric(bounds, numbers, rows: rows, into: column)
        case (.categorical(let binOfCode, _), .categorical(let codes, _)):
            for row in 0..<rows {
                let code = codes[row]
                column[row] = code >= 0 && code < binOfCode.count ? binOfCode[Int(code)] : 0
            }
        default: column.update(repeating: 0, count: rows)
        }
        var varies: UInt8 = 0
        for row in 0..<rows { varies |= column[row] ^ column[0] }
        return varies != 0
    }

    /// Eight halvings without a branch over the bounds padded to 256 with infinity; several rows are in flight at once.
    private func assignNumeric(
        _ bounds: [Float], _ numbers: [Float], rows: Int, into column: UnsafeMutablePointer<UInt8>
    ) {
        let padded = bounds + Array(repeating: Float.infinity, count: 256 - bounds.count)
        padded.withUnsafeBufferPointer { bounds in
            numbers.withUnsafeBufferPointer { numbers in
                // Safety: rows numbers are there by the matrix's contract; position stays below 256.
                guard let bounds = bounds.baseAddress, let numbers = numbers.baseAddress else { return }
                for row in 0..<rows {
                    let value = numbers[row]
                    var position = bounds[127] < value ? 128 : 0
                    position &+= bounds[position &+ 63] < value ? 64 : 0
                    position &+= bounds[position &+ 31] < value ? 32 : 0
                    position &+= bounds[position &+ 15] < value ? 16 : 0
                    position &+= bounds[position &+ 7] < value ? 8 : 0
                    position &+= bounds[position &+ 3] < value ? 4 : 0
                    position &+= bounds[position &+ 1] < value ? 2 : 0
                    position &+= bounds[position] < value ? 1 : 0
                    column[row] = value.isNaN ? 0 : UInt8(truncatingIfNeeded: position &+ 1)
                }
            }
        }
    }
}
