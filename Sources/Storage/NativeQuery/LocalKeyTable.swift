/// Tuples of 64-bit codes numbered in the order of their first appearance.
struct LocalKeyTable {
    private let width: Int
    /// The codes of each tuple, one after the other.
    private(set) var codes: [Int64] = []
    private(set) var count = 0
    /// Number + 1 of the tuple in each slot, 0 where free; a power of two of them.
    private var slots = [UInt32](repeating: 0, count: 256)

    init(width: Int) { self.width = width }

    /// Numbers the tuples of a block. `columns` has `width` columns of codes.
    ///
    /// - Complexity: O(count * width)
    mutating func number(
        _ columns: [UnsafeMutablePointer<Int64>], count rows: Int, to numbers: UnsafeMutablePointer<UInt32>
    ) {
        for row in 0..<rows {
            if (count + 1) * 2 > slots.count { grow() }
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
            for column in columns { hash = Self.mix(hash, columns: column[row]) }
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: hash >> 20) & mask
            while true {
                let known = Int(slots[slot])
                if known == 0 {
                    for column in columns { codes.append(column[row]) }
                    count += 1
                    slots[slot] = UInt32(truncatingIfNeeded: count)
                    numbers[row] = UInt32(truncatingIfNeeded: count - 1)
                    break
                }
                if isSame(known - 1, columns, row) {
                    numbers[row] = UInt32(truncatingIfNeeded: known - 1)
                    break
                }
                slot = (slot + 1) & mask
            }
        }
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, columns value: Int64) -> UInt64 {
        let product = (hash ^ UInt64(bitPattern: value)).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    @inline(__always)
    private func isSame(_ tuple: Int, _ columns: [UnsafeMutablePointer<Int64>], _ row: Int) -> Bool {
        for (place, column) in columns.enumerated() where codes[tuple * width + place] != column[row] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        let mask = slots.count - 1
        for tuple in 0..<count {
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
            for place in 0..<width { hash = Self.mix(hash, columns: codes[tuple * width + place]) }
            var slot = Int(truncatingIfNeeded: hash >> 20) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: tuple + 1)
        }
    }
}
