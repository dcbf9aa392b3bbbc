import Shared
import Tabular

/// The values of one column in one row group, laid out for scans: memory of its own that is read without reference counting, each
/// number in as few bytes as the range of the row group needs.
///
/// A money column takes 2 or 4 bytes a value rather than 8, a flag one: the cache holds several times as many row groups, and
/// filters compare 16 to 32 values at a time.
// Safety: all memory is written by the initialiser, only read afterwards, and freed with the object.
final class ScanColumn: CachedValues, @unchecked Sendable {
    enum Layout: Hashable {
        /// Integers, booleans as 0 and 1, dates as days, timestamps as microseconds.
        case integers
        /// Decimals as `number / 10^scale`, numbers below 2^53 so that one division is exact.
        case fixed(scale: Int)
        case reals
        case texts
        /// `number` is the place of the text.
        case dictionary
    }

    let type: ColumnType
    let rows: Int
    let layout: Layout
    /// Bytes of a number: 1, 2, 4, 8, or 0 where there are none.
    let width: Int
    /// What is added to a stored number; 0 where `width` is 8.
    let base: Int64
    /// Bounds of the numbers of all rows, nulls included; `least > greatest` without rows.
    let least: Int64
    let greatest: Int64
    /// Texts of the dictionary, or rows of `texts`.
    let textCount: Int
    let nullCount: Int
    /// Whether timestamps are written with a zone.
    let isZoned: Bool
    let style: TextStyle
    let exceptions: TextExceptions
    private let numbers: UnsafeMutableRawPointer
    private let realValues: UnsafeMutablePointer<Double>
    private let offsets: UnsafeMutablePointer<UInt32>
    private let textBytes: UnsafeMutableRawPointer
    /// One bit a row, set for null; nil without nulls.
    let nulls: UnsafeMutablePointer<UInt64>?
    /// Memory that it holds.
    let bytes: Int

    init(_ chunk: ColumnChunk) {
        type = chunk.type
        rows = chunk.rows
        style = chunk.style
        exceptions = chunk.exceptions
        if case .timestamp(let format) = chunk.style { isZoned = format.zone != .none } else { isZoned = false }
        var packed = PackedNumbers.none
        var reals: [Double] = []
        var texts: TextArray?
        switch chunk.values {
        case .integers(var values):
            Self.fillNulls(chunk.nulls, &values)
            (layout, packed) = (.integers, PackedNumbers(values))
        case .decimals(var values, let scale):
            Self.fillNulls(chunk.nulls, &values)
            let bounds = PackedNumbers.bounds(values)
            if values.isEmpty || max(bounds.least.magnitude, bounds.greatest.magnitude) >> 53 == 0 {
                (layout, packed) = (.fixed(scale: scale), PackedNumbers(values))
            } else {
                (layout, reals) = (.reals, chunk.numbers())
            }
        case .doubles: (layout, reals) = (.reals, chunk.numbers())
        case .booleans(let values): (layout, packed) = (.integers, PackedNumbers(bytes: values))
        case .texts(let values): (layout, texts) = (.texts, values)
        case .dictionary(let codes, var entries):
            // Codes under nulls are places too.
            if entries.count == 0 { entries.append("") }
            (layout, packed, texts) = (.dictionary, PackedNumbers(codes: codes, below: entries.count), entries)
        }
        (numbers, width, base) = (packed.memory, packed.width, packed.base)
        (least, greatest) = (packed.least, packed.greatest)
        realValues = .allocate(capacity: max(reals.count, 1))
        realValues.initialize(from: reals, count: reals.count)
        textCount = texts?.count ?? 0
        let textSize = texts?.bytes.count ?? 0
        offsets = .allocate(capacity: textCount + 1)
        offsets.initialize(from: texts?.offsets ?? [0], count: textCount + 1)
        let textBytes = UnsafeMutableRawPointer.allocate(byteCount: max(textSize, 1), alignment: 1)
        self.textBytes = textBytes
        texts?.bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { textBytes.copyMemory(from: start, byteCount: textSize) }
        }
        (nulls, nullCount) = Self.nullWords(chunk, reals: reals)
        bytes =
            width * rows + reals.count * 8 + textCount * 4 + textSize + (nulls == nil ? 0 : rows / 8)
            + chunk.exceptions.texts.bytes.count + chunk.exceptions.rows.count * 8 + 512
    }

    deinit {
        numbers.deallocate()
        realValues.deallocate()
        offsets.deallocate()
        textBytes.deallocate()
        nulls?.deallocate()
    }

    /// Gives nulls a value that is there already: the 0 that stands for them would widen the range of timestamps by fifty years.
    private static func fillNulls(_ nulls: NullBitmap?, _ values: inout [Int64]) {
        guard let nulls, let first = values.indices.first(where: { !nulls.isNull($0) }) else { return }
        let value = values[first]
        nulls.forEachNull { values[$0] = value }
    }

    /// A NaN is a null to SQL.
    private static func nullWords(_ chunk: ColumnChunk, reals: [Double]) -> (UnsafeMutablePointer<UInt64>?, Int) {
        var words = chunk.nulls?.words ?? []
        for row in reals.indices where reals[row].isNaN {
            if words.isEmpty { words = [UInt64](repeating: 0, count: (reals.count + 63) / 64) }
            words[row >> 6] |= 1 << UInt64(row & 63)
        }
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        guard count > 0 else { return (nil, 0) }
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: words.count)
        memory.initialize(from: words, count: words.count)
        return (memory, count)
    }

    // MARK: One value. Callers pass rows below `rows` and texts below `textCount`.

    @inline(__always)
    func isNull(_ row: Int) -> Bool { nulls.map { $0[row >> 6] >> UInt64(row & 63) & 1 == 1 } ?? false }

    /// The integer, the numerator of `fixed`, or the place of the text.
    @inline(__always)
    func number(_ row: Int) -> Int64 {
        switch width {
        case 1: base &+ Int64(numbers.load(fromByteOffset: row, as: UInt8.self))
        case 2: base &+ Int64(numbers.load(fromByteOffset: row &<< 1, as: UInt16.self))
        case 4: base &+ Int64(numbers.load(fromByteOffset: row &<< 2, as: UInt32.self))
        default: numbers.load(fromByteOffset: row &<< 3, as: Int64.self)
        }
    }

    @inline(__always)
    func real(_ row: Int) -> Double {
        if case .fixed(let scale) = layout { return Double(number(row)) / powersOfTen[scale] }
        return realValues[row]
    }

    /// Text `index` of the dictionary, or of the row.
    @inline(__always)
    func text(at index: Int) -> UnsafeRawBufferPointer {
        let start = Int(offsets[index])
        return UnsafeRawBufferPointer(start: textBytes + start, count: Int(offsets[index + 1]) - start)
    }

    /// The text of a row of `texts` or `dictionary`.
    @inline(__always)
    func text(ofRow row: Int) -> UnsafeRawBufferPointer {
        layout == .dictionary ? text(at: Int(number(row))) : text(at: row)
    }

    // MARK: Whole columns

    /// Calls one of the bodies with the stored numbers, `base` less than they are.
    @inline(__always)
    func withNumbers<R>(
        _ one: (UnsafePointer<UInt8>) -> R, _ two: (UnsafePointer<UInt16>) -> R, _ four: (UnsafePointer<UInt32>) -> R,
        _ eight: (UnsafePointer<Int64>) -> R
    ) -> R {
        // Safety: the memory was filled with `rows` numbers of this width.
        switch width {
        case 1: one(UnsafePointer(numbers.assumingMemoryBound(to: UInt8.self)))
        case 2: two(UnsafePointer(numbers.assumingMemoryBound(to: UInt16.self)))
        case 4: four(UnsafePointer(numbers.assumingMemoryBound(to: UInt32.self)))
        default: eight(UnsafePointer(numbers.assumingMemoryBound(to: Int64.self)))
        }
    }

    /// The doubles of `reals`.
    var reals: UnsafePointer<Double> { UnsafePointer(realValues) }
}
