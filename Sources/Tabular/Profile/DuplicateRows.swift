/// Rows that have the same values in all chosen columns, found by 64-bit hashes: two of ten million different rows share one with
/// probability 3e-6.
package struct DuplicateRows: Sendable {
    package struct Group: Sendable {
        /// The first rows of the group, from 0.
        package var rows: [Int]
        package var count: Int
    }

    /// Rows that repeat an earlier one.
    package private(set) var repeated = 0
    /// Different rows that come more than once.
    package private(set) var groups = 0
    /// The ten that come most often.
    package private(set) var largest: [Group] = []
    private static let mostExamples = 10

    /// - Parameter hashes: of each row, in order.
    package init(hashes: [UInt64]) {
        var sorted = hashes
        RadixSort.sort(&sorted)
        var top: [(hash: UInt64, count: Int)] = []
        var start = 0
        for index in 1...max(1, sorted.count) where index >= sorted.count || sorted[index] != sorted[start] {
            let count = index - start
            if count > 1, start < sorted.count {
                repeated += count - 1
                groups += 1
                if top.count < Self.mostExamples || count > top[top.count - 1].count {
                    top.insert((sorted[start], count), at: top.firstIndex { $0.count < count } ?? top.count)
                    if top.count > Self.mostExamples { top.removeLast() }
                }
            }
            start = index
        }
        largest = top.map { Group(rows: [], count: $0.count) }
        let places = Dictionary(uniqueKeysWithValues: top.enumerated().map { ($1.hash, $0) })
        for (row, hash) in hashes.enumerated() {
            if let place = places[hash], largest[place].rows.count < 5 { largest[place].rows.append(row) }
        }
    }

    /// Mixes the values of a chunk into the hashes of its rows: equal values have equal hashes whatever their text.
    package static func mix(_ chunk: ColumnChunk, column: Int, into hashes: inout [UInt64]) {
        let salt = TextInterner.fold(UInt64(column) &+ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
        func take(_ row: Int, _ value: UInt64) {
            hashes[row] = TextInterner.fold(hashes[row] ^ salt, value ^ 0x8EBC_6AF0_9C88_C6E3)
        }
        let isNull: (Int) -> Bool = { chunk.nulls?.isNull($0) == true }
        let null: UInt64 = 0x5899_65CC_7537_4CC3
        switch chunk.values {
        case .integers(let values):
            for row in values.indices { take(row, isNull(row) ? null : UInt64(bitPattern: values[row])) }
        case .decimals, .doubles:
            // By value, since row groups may have other scales.
            let numbers = chunk.numbers()
            for row in numbers.indices {
                take(row, isNull(row) ? null : (numbers[row] == 0 ? 0 : numbers[row]).bitPattern)
            }
        case .booleans(let flags): for row in flags.indices { take(row, isNull(row) ? null : UInt64(flags[row])) }
        case .texts(let texts):
            for row in 0..<texts.count { take(row, isNull(row) ? null : texts.withText(row) { TextInterner.hash($0) }) }
        case .dictionary(let codes, let entries):
            let known = (0..<entries.count).map { entries.withText($0) { TextInterner.hash($0) } }
            for row in codes.indices { take(row, isNull(row) ? null : known[Int(codes[row])]) }
        }
    }
}
