import Shared
import Tabular

/// Dates and timestamps as the texts that SQL sees.
enum ISOText {
    /// Appends the text of a day or of a moment in microseconds.
    static func append(_ value: Int64, type: ColumnType, isZoned: Bool, to bytes: inout [UInt8]) {
        if type == .date { return DateFormat.iso.append(daysSince1970: value, to: &bytes) }
        var format = TimestampFormat()
        var fraction = (value % 1_000_000).magnitude
        if fraction > 0 {
            format.fractionDigits = 6
            while fraction % 10 == 0 {
                fraction /= 10
                format.fractionDigits -= 1
            }
        }
        if isZoned { format.zone = .z }
        format.append(microsecondsSince1970: value, to: &bytes)
    }

    static func bytes(_ value: Int64, type: ColumnType, isZoned: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, type: type, isZoned: isZoned, to: &bytes)
        return bytes
    }

    /// The values whose texts are in the order of time: those of the years 0 to 9999.
    static func ordered(_ type: ColumnType) -> ClosedRange<Int64> {
        let days = ColumnFilter.calendarDays
        return type == .date
            ? days : days.lowerBound * 86_400_000_000...(days.upperBound + 1) * 86_400_000_000 - 1
    }
}

extension ScanColumn {
    /// Whether the texts of the column's days or moments are in the order of time. A zone's letter stands above the point of a fraction.
    var isInTextOrder: Bool {
        if rows == nullCount { return true }
        let ordered = ISOText.ordered(type)
        return !(type == .timestamp && isZoned) && ordered.contains(least) && ordered.contains(greatest)
    }

    /// The value as SQL has it.
    func cell(_ row: Int) -> SQLCell {
        if isNull(row) { return .null }
        switch layout {
        case .integers:
            guard type == .date || type == .timestamp else { return .integer(number(row)) }
            return .text(ISOText.bytes(number(row), type: type, isZoned: isZoned))
        case .fixed, .reals: return .real(real(row))
        case .texts, .dictionary: return .text([UInt8](text(ofRow: row)))
        }
    }
}
