/// Splits the rows of a leaf in two, keeping their order, so that the result does not depend on the number of threads.
struct RowPartition {
    /// Row numbers, leaf after leaf.
    let order: AlignedBuffer<UInt32>
    private let spare: AlignedBuffer<UInt32>
    private static let chunk = 16_384

    init(rows: Int) {
        order = AlignedBuffer(count: rows, zero: 0)
        spare = AlignedBuffer(count: rows, zero: 0)
    }

    /// - Parameters:
    ///   - column: bins of the split's feature, by row number.
    ///   - left: bins that go left.
    /// - Returns: rows that went left; they come first.
    func split(
        begin: Int, count: Int, column: UnsafePointer<UInt8>, left: BinSet, team: ThreadTeam
    ) -> Int {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
            for bin in 0..<256 { table[bin] = left.contains(UInt8(bin)) ? 1 : 0 }
            // Safety: the temporary has 256 elements, hence an address.
            guard let goesLeft = table.baseAddress.map({ UnsafePointer($0) }) else { return 0 }
            guard team.threads > 1, count > 2 * RowPartition.chunk else {
                let found = scatter(begin..<begin + count, column, goesLeft)
                let rest = count - found
                (order.start + begin + found).update(from: spare.start + begin, count: rest)
                return found
            }
            return splitChunks(begin: begin, count: count, column: column, goesLeft: goesLeft, team: team)
        }
    }

    /// Moves rows that go left to the front of the range; the others to the same place in `spare`.
    // Safety: the range is inside both buffers; table has 256 elements, column one a row.
    private func scatter(_ range: Range<Int>, _ column: UnsafePointer<UInt8>, _ table: UnsafePointer<UInt8>) -> Int {
        var front = order.start + range.lowerBound
        var back = spare.start + range.lowerBound
        for position in range {
            let row = order.start[position]
            let goes = Int(table[Int(column[Int(truncatingIfNeeded: row)])])
            front.pointee = row
            back.pointee = row
            front += goes
            back += 1 &- goes
        }
        return front - (order.start + range.lowerBound)
    }

    private func splitChunks(
        begin: Int, count: Int, column: UnsafePointer<UInt8>, goesLeft: UnsafePointer<UInt8>, team: ThreadTeam
    ) -> Int {
        let chunk = RowPartition.chunk
        let chunks = (count + chunk - 1) / chunk
        let found = AlignedBuffer<Int>(count: chunks, zero: 0)
        team.forChunks(of: chunk, count: count) { _, range in
            found.start[range.lowerBound / chunk] = scatter(
                range.lowerBound + begin..<range.upperBound + begin, column, goesLeft)
        }
        // Left rows move towards the front, so in order of chunks none is overwritten before it has moved.
        var lefts = 0
        for index in 0..<chunks {
            // Safety: both ranges are inside the leaf's part of the buffer; memmove semantics allow overlap.
            (order.start + begin + lefts).update(from: order.start + begin + index * chunk, count: found.start[index])
            lefts += found.start[index]
        }
        var place = begin + lefts
        for index in 0..<chunks {
            let size = min(chunk, count - index * chunk) - found.start[index]
            (order.start + place).update(from: spare.start + begin + index * chunk, count: size)
            place += size
        }
        return lefts
    }
}
