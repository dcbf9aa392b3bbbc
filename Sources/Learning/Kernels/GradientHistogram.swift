import CIntrinsics

/// Sums of gradients and hessians in the bins of every slot.
///
/// A bin is one 64-bit integer: the sum of gradients, signed, above 32 bits of hessians, so that adding a row is one addition and
/// sums do not depend on the order of rows. Every slot has 256 bins, so that a bin's address needs no table.
enum GradientHistogram {
    static let slotWidth = 256

    /// Adds some rows.
    ///
    /// - Parameters:
    ///   - order: row numbers.
    ///   - gradients: a row's gradient in the upper, its hessian in the lower 16 bits, by row number.
    /// Groups of 8, 12 or 16 slots over blocks of 1,024 rows, so that bins stay in the first-level cache, were tried and took 16 to 50 %
    /// more CPU time on 1 M x 28.
    // Safety: order holds row numbers of the matrix, gradients one number a row, the histogram 256 bins a slot.
    @inline(never)
    static func add(
        order: UnsafePointer<UInt32>, count: Int, matrix: BinnedMatrix, gradients: UnsafePointer<UInt32>,
        into histogram: UnsafeMutablePointer<Int64>
    ) {
        let bins = UnsafePointer(matrix.byRow.start)
        let stride = matrix.stride
        let slots = matrix.slots.count
        let grouped = slots & ~3
        let ahead = 16
        for position in 0..<count {
            // Rows of a small leaf are far apart: asking for them early was worth up to 1.7 times in the prototype.
            if position &+ ahead < count {
                let row = Int(truncatingIfNeeded: order[position &+ ahead])
                csvand_prefetch(bins + row &* stride)
                csvand_prefetch(gradients + row)
            }
            let row = Int(truncatingIfNeeded: order[position])
            let packed = Int32(bitPattern: gradients[row])
            let value = (Int64(packed >> 16) << 32) &+ Int64(packed & 0xFFFF)
            let line = bins + row &* stride
            var slot = 0
            var base = histogram
            while slot < grouped {
                base[Int(line[slot])] &+= value
                (base + 256)[Int(line[slot &+ 1])] &+= value
                (base + 512)[Int(line[slot &+ 2])] &+= value
                (base + 768)[Int(line[slot &+ 3])] &+= value
                base += 1024
                slot &+= 4
            }
            while slot < slots {
                base[Int(line[slot])] &+= value
                base += 256
                slot &+= 1
            }
        }
    }

    /// The gradient part of a sum.
    @inline(__always)
    static func gradient(_ sum: Int64) -> Double { Double(sum >> 32) }

    /// The hessian part of a sum.
    @inline(__always)
    static func hessian(_ sum: Int64) -> Double { Double(sum & 0xFFFF_FFFF) }
}

/// Histograms that leaves hold while they may still be split; memory is bounded.
final class HistogramPool {
    private var free: [AlignedBuffer<Int64>] = []
    private var made = 0
    private let bins: Int
    private let most: Int

    /// - Parameter bytes: most memory of all histograms together; three are made in any case.
    init(slots: Int, bytes: Int) {
        bins = max(1, slots) * GradientHistogram.slotWidth
        most = max(3, bytes / (bins * 8))
    }

    /// A histogram with arbitrary contents, nil when all are in use.
    func take() -> AlignedBuffer<Int64>? {
        if let last = free.popLast() { return last }
        guard made < most else { return nil }
        made += 1
        return AlignedBuffer(count: bins, zero: 0)
    }

    func give(_ histogram: AlignedBuffer<Int64>) { free.append(histogram) }
}
