import Shared
import Tabular

/// Gives each row of one row group the number of its group.
///
/// Where the keys' ranges are small (flags, categories, small integers) the number is computed from the values and no table is looked up;
/// else tuples are hashed.
struct GroupKeys {
    private let keys: [GroupPlan.Key]
    private let columns: [ScanColumn?]
    /// Of numbers computed directly: what a step of each key is worth.
    private let strides: [Int64]
    private let sizes: [Int64]
    /// Groups there can be; nil where tuples are hashed.
    let directCount: Int?
    private var table: LocalKeyTable
    private var interners: [TextInterner]
    private var codes: [UnsafeMutablePointer<Int64>] = []

    private static let directLimit: Int64 = 1 << 16

    init(_ keys: [GroupPlan.Key], _ values: RowGroupValues) throws(NativeRefusal) {
        self.keys = keys
        var columns: [ScanColumn?] = []
        var strides: [Int64] = []
        var sizes: [Int64] = []
        var product: Int64? = 1
        for key in keys {
            guard case .column(let reference) = key else {
                columns.append(nil)
                product = nil
                continue
            }
            let column = values[reference]
            columns.append(column)
            if column.type == .date || column.type == .timestamp, !column.isInTextOrder {
                throw NativeRefusal("times whose texts are in another order")
            }
            // One more for null.
            let (span, overflow) = column.greatest.subtractingReportingOverflow(column.least)
            guard let so = product, column.layout != .texts, column.layout != .reals, !overflow,
                span < Self.directLimit
            else {
                product = nil
                continue
            }
            strides.append(so)
            sizes.append(span + 2)
            product = so * (span + 2) <= Self.directLimit ? so * (span + 2) : nil
        }
        self.columns = columns
        self.strides = strides
        self.sizes = sizes
        directCount = product.map { Int($0) }
        table = LocalKeyTable(width: keys.count + 1)
        interners = directCount == nil ? keys.map { _ in TextInterner() } : []
    }

    /// Groups so far; numbers are below it.
    var count: Int { directCount ?? table.count }

    /// Writes each row's group.
    mutating func number(
        _ rows: BlockRows, _ evaluator: BlockEvaluator, _ scratch: KeyScratch, to groups: UnsafeMutablePointer<UInt32>
    ) {
        if directCount != nil { return numberDirectly(rows, scratch, to: groups) }
        let count = rows.count
        // The last column has a bit for each key that is null.
        let nullBits = scratch.column(keys.count)
        nullBits.update(repeating: 0, count: count)
        for place in keys.indices {
            let target = scratch.column(place)
            let hasNulls = load(place, rows, evaluator, to: target, nulls: scratch.nulls)
            guard hasNulls else { continue }
            for index in 0..<count where scratch.nulls[index] != 0 {
                target[index] = 0
                nullBits[index] |= 1 << Int64(place & 63)
            }
        }
        table.number((0...keys.count).map { scratch.column($0) }, count: count, to: groups)
    }

    private func numberDirectly(
        _ rows: BlockRows, _ scratch: KeyScratch, to groups: UnsafeMutablePointer<UInt32>
    ) {
        groups.update(repeating: 0, count: rows.count)
        let numbers = scratch.column(0)
        for (place, key) in keys.enumerated() {
            guard case .column(let reference) = key, let column = columns[place] else { continue }
            column.loadNumbers(rows, side: reference.side, to: numbers)
            let (least, stride) = (column.least &- 1, strides[place])
            if column.loadNulls(rows, side: reference.side, to: scratch.nulls) {
                for index in 0..<rows.count {
                    let number = scratch.nulls[index] == 0 ? numbers[index] &- least : 0
                    groups[index] &+= UInt32(truncatingIfNeeded: number &* stride)
                }
            } else {
                for index in 0..<rows.count {
                    groups[index] &+= UInt32(truncatingIfNeeded: (numbers[index] &- least) &* stride)
                }
            }
        }
    }

    /// Writes the codes of a key; equal codes are equal values. Returns whether some are null.
    private mutating func load(
        _ place: Int, _ rows: BlockRows, _ evaluator: BlockEvaluator, to target: UnsafeMutablePointer<Int64>,
        nulls: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        switch keys[place] {
        case .number(let register, let isReal):
            if isReal {
                Self.patterns(evaluator.reals(register), rows.count, to: target)
            } else {
                target.update(from: evaluator.integers(register), count: rows.count)
            }
            guard let source = evaluator.nulls(register) else { return false }
            nulls.update(from: source, count: rows.count)
            return true
        case .column(let reference):
            guard let column = columns[place] else { return false }
            switch column.layout {
            case .texts:
                for index in 0..<rows.count {
                    let text = column.text(at: rows.row(index, side: reference.side))
                    target[index] = Int64(interners[place].code(text))
                }
            case .reals:
                // Safety: each place is read as a Double before its code is written.
                let reals = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
                column.loadReals(rows, side: reference.side, to: reals)
                Self.patterns(reals, rows.count, to: target)
            default: column.loadNumbers(rows, side: reference.side, to: target)
            }
            return column.loadNulls(rows, side: reference.side, to: nulls)
        }
    }

    /// Bits of reals; the two zeros are one value. Both may be the same memory.
    private static func patterns(
        _ reals: UnsafeMutablePointer<Double>, _ count: Int, to target: UnsafeMutablePointer<Int64>
    ) {
        for index in 0..<count {
            let value = reals[index]
            target[index] = Int64(bitPattern: (value == 0 ? 0 : value).bitPattern)
        }
    }

    /// Appends the values of a group's keys, as `KeyBytes` has them.
    func append(_ group: Int, to bytes: inout [UInt8]) {
        for place in keys.indices {
            let code: Int64
            if directCount != nil {
                let number = Int64(group) / strides[place] % sizes[place]
                guard number > 0, let column = columns[place] else {
                    KeyBytes.append(.null, to: &bytes)
                    continue
                }
                code = number - 1 + column.least
            } else {
                let tuple = group * (keys.count + 1)
                guard table.codes[tuple + keys.count] >> Int64(place & 63) & 1 == 0 else {
                    KeyBytes.append(.null, to: &bytes)
                    continue
                }
                code = table.codes[tuple + place]
            }
            append(code, at: place, to: &bytes)
        }
    }

    private func append(_ code: Int64, at place: Int, to bytes: inout [UInt8]) {
        guard let column = columns[place] else {
            if case .number(_, true) = keys[place] {
                KeyBytes.append(.real(Double(bitPattern: UInt64(bitPattern: code))), to: &bytes)
            } else {
                KeyBytes.append(.integer(code), to: &bytes)
            }
            return
        }
        switch column.layout {
        case .dictionary: KeyBytes.append(text: column.text(at: Int(code)), to: &bytes)
        case .texts: interners[place].texts.withText(Int(code)) { KeyBytes.append(text: $0, to: &bytes) }
        case .reals: KeyBytes.append(.real(Double(bitPattern: UInt64(bitPattern: code))), to: &bytes)
        case .fixed(let scale): KeyBytes.append(.real(Double(code) / powersOfTen[scale]), to: &bytes)
        case .integers:
            if column.type == .date || column.type == .timestamp {
                let text = ISOText.bytes(code, type: column.type, isZoned: false)
                text.withUnsafeBytes { KeyBytes.append(text: $0, to: &bytes) }
            } else {
                KeyBytes.append(.integer(code), to: &bytes)
            }
        }
    }
}

/// Memory for the codes of a block. One for each thread.
final class KeyScratch {
    private let codes: BlockBuffer<Int64>
    private let nullBuffer = BlockBuffer<UInt8>()
    var nulls: UnsafeMutablePointer<UInt8> { nullBuffer.start }

    init(columns: Int) { codes = BlockBuffer(blocks: columns + 1) }

    func column(_ place: Int) -> UnsafeMutablePointer<Int64> { codes[place] }
}

/// Values as bytes that are equal where the values are.
enum KeyBytes {
    static func append(_ cell: SQLCell, to bytes: inout [UInt8]) {
        switch cell {
        case .null: bytes.append(0)
        case .integer(let value): append(1, UInt64(bitPattern: value), to: &bytes)
        case .real(let value): append(2, (value == 0 ? 0 : value).bitPattern, to: &bytes)
        case .text(let text): text.withUnsafeBytes { append(text: $0, to: &bytes) }
        }
    }

    static func append(text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        append(3, UInt64(text.count), to: &bytes)
        bytes.append(contentsOf: text)
    }

    private static func append(_ tag: UInt8, _ value: UInt64, to bytes: inout [UInt8]) {
        bytes.append(tag)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The values in bytes that `append` wrote.
    static func cells(_ bytes: UnsafeRawBufferPointer) -> [SQLCell] {
        var cells: [SQLCell] = []
        var position = 0
        while position < bytes.count {
            let tag = bytes[position]
            position += 1
            if tag == 0 {
                cells.append(.null)
                continue
            }
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
            switch tag {
            case 1: cells.append(.integer(Int64(bitPattern: word)))
            case 2: cells.append(.real(Double(bitPattern: word)))
            default:
                cells.append(.text([UInt8](bytes[position..<position + Int(word)])))
                position += Int(word)
            }
        }
        return cells
    }
}
