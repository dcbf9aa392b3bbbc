import GRDBSQLite
import Shared
import Tabular

/// The values of one column in one row group, laid out for row-by-row reading by SQLite.
///
/// They are copied once a row group into memory of its own: a value is then read without reference counting, 65,536 of them for the
/// price of one copy.
final class LoadedColumn {
    private enum Layout { case integers, reals, booleans, dates, timestamps, texts, dictionary }

    let rows: Int
    private let layout: Layout
    private let zoned: Bool
    private let integers: UnsafeMutableBufferPointer<Int64>
    private let reals: UnsafeMutableBufferPointer<Double>
    private let flags: UnsafeMutableBufferPointer<UInt8>
    private let codes: UnsafeMutableBufferPointer<UInt32>
    private let offsets: UnsafeMutableBufferPointer<UInt32>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let nulls: UnsafeMutableBufferPointer<UInt64>
    private var scratch: [UInt8] = []

    init(_ chunk: ColumnChunk) {
        rows = chunk.rows
        nulls = Self.copy(chunk.nulls?.words ?? [])
        var integers: [Int64] = []
        var reals: [Double] = []
        var flags: [UInt8] = []
        var codes: [UInt32] = []
        var texts = TextArray()
        switch chunk.values {
        case .integers(let values):
            layout = chunk.type == .date ? .dates : chunk.type == .timestamp ? .timestamps : .integers
            integers = values
        case .decimals, .doubles:
            layout = .reals
            reals = TableColumn(name: "", type: .decimal, chunks: [chunk]).numbers()
        case .booleans(let values): (layout, flags) = (.booleans, values)
        case .texts(let values): (layout, texts) = (.texts, values)
        case .dictionary(let values, let entries): (layout, codes, texts) = (.dictionary, values, entries)
        }
        if case .timestamp(let format) = chunk.style { zoned = format.zone != .none } else { zoned = false }
        self.integers = Self.copy(integers)
        self.reals = Self.copy(reals)
        self.flags = Self.copy(flags)
        self.codes = Self.copy(codes)
        offsets = Self.copy(texts.offsets)
        bytes = Self.copy(texts.bytes)
    }

    deinit {
        integers.deallocate()
        reals.deallocate()
        flags.deallocate()
        codes.deallocate()
        offsets.deallocate()
        bytes.deallocate()
        nulls.deallocate()
    }

    /// Memory of the copies.
    var bytesHeld: Int {
        (integers.count + reals.count + nulls.count) * 8 + (codes.count + offsets.count) * 4 + flags.count + bytes.count
    }

    private static func copy<T>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
        let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: values.count)
        _ = buffer.initialize(from: values)
        return buffer
    }

    @inline(__always)
    func isNull(_ row: Int) -> Bool { !nulls.isEmpty && nulls[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    // Safety: callers pass rows of this row group, which the cursor's selection holds only; offsets and codes were checked by the
    // codec when the chunk was decoded.
    private func text(_ index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[Int(offsets[index])..<Int(offsets[index + 1])])
    }

    /// Hands the value to SQLite as the result of a column.
    func result(_ row: Int, to context: OpaquePointer?) {
        if isNull(row) { return sqlite3_result_null(context) }
        switch layout {
        case .integers: sqlite3_result_int64(context, integers[row])
        case .reals: sqlite3_result_double(context, reals[row])
        case .booleans: sqlite3_result_int(context, Int32(flags[row]))
        case .texts: result(text(row), to: context)
        case .dictionary: result(text(Int(codes[row])), to: context)
        case .dates, .timestamps:
            writeISO(integers[row])
            scratch.withUnsafeBytes { result($0, to: context) }
        }
    }

    private func result(_ text: UnsafeRawBufferPointer, to context: OpaquePointer?) {
        // A null pointer would be a null, not an empty text.
        if text.isEmpty { return sqlite3_result_text(context, "", 0, transient) }
        // TRANSIENT: max() and min() keep values of rows that are long gone; a static pointer would show them others.
        sqlite3_result_text64(
            context, text.bindMemory(to: CChar.self).baseAddress, UInt64(text.count), transient, UInt8(SQLITE_UTF8))
    }

    private func writeISO(_ value: Int64) {
        scratch.removeAll(keepingCapacity: true)
        if layout == .dates { return DateFormat.iso.append(daysSince1970: value, to: &scratch) }
        var format = TimestampFormat()
        var fraction = (value % 1_000_000).magnitude
        if fraction > 0 {
            format.fractionDigits = 6
            while fraction % 10 == 0 {
                fraction /= 10
                format.fractionDigits -= 1
            }
        }
        if zoned { format.zone = .z }
        format.append(microsecondsSince1970: value, to: &scratch)
    }

    // MARK: Filtering

    /// Clears `mask` (one byte a row) where the filter drops the row.
    func apply(_ filter: ColumnFilter, to mask: UnsafeMutableBufferPointer<UInt8>) {
        switch filter {
        case .everything: return
        case .nothing: mask.update(repeating: 0)
        case .null: for row in 0..<rows where !isSQLNull(row) { mask[row] = 0 }
        case .notNull: for row in 0..<rows where isSQLNull(row) { mask[row] = 0 }
        case .integers(let low, let high):
            switch layout {
            case .integers, .dates, .timestamps:
                for row in 0..<rows { mask[row] &= integers[row] >= low && integers[row] <= high ? 1 : 0 }
            case .booleans:
                for row in 0..<rows { mask[row] &= Int64(flags[row]) >= low && Int64(flags[row]) <= high ? 1 : 0 }
            default: return
            }
            dropNulls(mask)
        case .reals(let low, let high):
            guard layout == .reals else { return }
            // NaN, which SQL sees as null, is in no range.
            for row in 0..<rows { mask[row] &= reals[row] >= low && reals[row] <= high ? 1 : 0 }
            dropNulls(mask)
        case .texts: applyTexts(filter, to: mask)
        }
    }

    /// Whether the filter keeps one row.
    func keeps(_ filter: ColumnFilter, _ row: Int) -> Bool {
        switch filter {
        case .everything: return true
        case .nothing: return false
        case .null: return isSQLNull(row)
        case .notNull: return !isSQLNull(row)
        case .integers(let low, let high):
            if isNull(row) { return false }
            switch layout {
            case .integers: return integers[row] >= low && integers[row] <= high
            case .booleans: return Int64(flags[row]) >= low && Int64(flags[row]) <= high
            // Filters on days and moments leave the last word to SQLite.
            default: return true
            }
        case .reals(let low, let high):
            return layout != .reals || (!isNull(row) && reals[row] >= low && reals[row] <= high)
        case .texts:
            if isNull(row) { return false }
            switch layout {
            case .texts: return filter.keeps(text(row))
            case .dictionary: return filter.keeps(text(Int(codes[row])))
            default: return true
            }
        }
    }

    private func isSQLNull(_ row: Int) -> Bool { isNull(row) || (layout == .reals && reals[row].isNaN) }

    private func dropNulls(_ mask: UnsafeMutableBufferPointer<UInt8>) {
        if nulls.isEmpty { return }
        for row in 0..<rows where isNull(row) { mask[row] = 0 }
    }

    private func applyTexts(_ filter: ColumnFilter, to mask: UnsafeMutableBufferPointer<UInt8>) {
        switch layout {
        case .texts:
            for row in 0..<rows where mask[row] != 0 { mask[row] = filter.keeps(text(row)) ? 1 : 0 }
        case .dictionary:
            let kept = (0..<offsets.count - 1).map { filter.keeps(text($0)) ? UInt8(1) : 0 }
            for row in 0..<rows { mask[row] &= kept[Int(codes[row])] }
        default: return
        }
        dropNulls(mask)
    }
}

extension ColumnFilter {
    /// Whether a text is within the bounds of `texts`.
    func keeps(_ text: UnsafeRawBufferPointer) -> Bool {
        guard case .texts(let lower, let includesLower, let upper, let includesUpper) = self else { return true }
        if let lower {
            let order = lower.withUnsafeBytes { ByteOrder.compare(text, $0) }
            if order < 0 || (order == 0 && !includesLower) { return false }
        }
        if let upper {
            let order = upper.withUnsafeBytes { ByteOrder.compare(text, $0) }
            if order > 0 || (order == 0 && !includesUpper) { return false }
        }
        return true
    }

    /// What a filter does to a whole row group.
    enum Verdict { case none, some, all }

    /// What the bounds of a row group say without its values. `type` is the column's.
    func verdict(_ zone: SegmentZone, type: ColumnType) -> Verdict {
        switch self {
        case .everything: return .all
        case .nothing: return .none
        // A NaN is null to SQL without being counted.
        case .null: return zone.nulls == zone.rows ? .all : zone.nulls == 0 && type != .decimal ? .none : .some
        case .notNull: return zone.nulls == zone.rows ? .none : zone.nulls == 0 && type != .decimal ? .all : .some
        default: break
        }
        if zone.nulls == zone.rows { return .none }
        switch (self, zone.zone) {
        case (.integers(let low, let high), .integers(let least, let greatest)):
            if greatest < low || least > high { return .none }
            return zone.nulls == 0 && least >= low && greatest <= high ? .all : .some
        case (.reals(let low, let high), .reals(let least, let greatest)):
            return greatest < low || least > high ? .none : .some
        case (.texts(let lower, _, let upper, _), .texts(let least, let greatest)):
            if let lower, ByteOrder.compare(greatest, lower) < 0 { return .none }
            if let upper, ByteOrder.compare(least, upper) > 0 { return .none }
            return .some
        default: return .some
        }
    }
}
