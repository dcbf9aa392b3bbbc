import GRDBSQLite
import Shared
import Tabular

/// What a constraint asks of a column's values. It keeps every row that SQLite's own comparison keeps; where `isExact` says so, it keeps
/// no other.
enum ColumnFilter: Hashable {
    /// Nothing can be said: every row stays.
    case everything
    case nothing
    case null
    case notNull
    /// Inclusive, not null.
    case integers(Int64, Int64)
    /// Inclusive, not null.
    case reals(Double, Double)
    /// Not null, in the order of bytes; nil is no bound.
    case texts(lower: [UInt8]?, includesLower: Bool, upper: [UInt8]?, includesUpper: Bool)

    enum Comparison: Character, Hashable {
        case equal = "="
        case less = "<"
        case lessOrEqual = "l"
        case greater = ">"
        case greaterOrEqual = "g"
        case isValue = "i"
        case isNull = "n"
        case isNotNull = "N"

        /// The comparison of an `SQLITE_INDEX_CONSTRAINT_*` code; nil for those that are left to SQLite.
        init?(constraint: UInt8) {
            switch Int32(constraint) {
            case SQLITE_INDEX_CONSTRAINT_EQ: self = .equal
            case SQLITE_INDEX_CONSTRAINT_LT: self = .less
            case SQLITE_INDEX_CONSTRAINT_LE: self = .lessOrEqual
            case SQLITE_INDEX_CONSTRAINT_GT: self = .greater
            case SQLITE_INDEX_CONSTRAINT_GE: self = .greaterOrEqual
            case SQLITE_INDEX_CONSTRAINT_IS: self = .isValue
            case SQLITE_INDEX_CONSTRAINT_ISNULL: self = .isNull
            case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: self = .isNotNull
            default: return nil
            }
        }
    }

    /// Whether a filter on a column of this type keeps exactly the rows that SQLite keeps, whatever value it is compared with.
    ///
    /// Numbers: the other side gets numeric affinity whatever it is, so its value says all. Texts: the other side may be a number with
    /// or without affinity, which cannot be told from its value, so SQLite compares again.
    static func isExact(_ comparison: Comparison, on type: ColumnType) -> Bool {
        switch comparison {
        case .isNull, .isNotNull: true
        default: type == .integer || type == .decimal || type == .boolean
        }
    }

    /// The filter of `column <comparison> value`.
    static func make(_ comparison: Comparison, _ value: OpaquePointer?, on type: ColumnType) -> ColumnFilter {
        switch comparison {
        case .isNull: return .null
        case .isNotNull: return .notNull
        default: break
        }
        if sqlite3_value_type(value) == SQLITE_NULL { return comparison == .isValue ? .null : .nothing }
        switch type {
        case .integer, .boolean: return integers(comparison, value)
        case .decimal: return reals(comparison, value)
        case .text: return texts(comparison, value)
        case .date: return dates(comparison, value)
        case .timestamp: return timestamps(comparison, value)
        }
    }

    // MARK: Numbers

    static func integers(_ comparison: Comparison, _ value: OpaquePointer?) -> ColumnFilter {
        switch sqlite3_value_numeric_type(value) {
        case SQLITE_INTEGER: integers(comparison, sqlite3_value_int64(value))
        case SQLITE_FLOAT: integers(comparison, sqlite3_value_double(value))
        // Every number is below every text and blob.
        default: comparison == .less || comparison == .lessOrEqual ? .notNull : .nothing
        }
    }

    static func integers(_ comparison: Comparison, _ value: Int64) -> ColumnFilter {
        switch comparison {
        case .equal, .isValue: .integers(value, value)
        case .less: value == .min ? .nothing : .integers(.min, value - 1)
        case .lessOrEqual: .integers(.min, value)
        case .greater: value == .max ? .nothing : .integers(value + 1, .max)
        case .greaterOrEqual: .integers(value, .max)
        case .isNull, .isNotNull: .everything
        }
    }

    static func integers(_ comparison: Comparison, _ value: Double) -> ColumnFilter {
        let below: Set<Comparison> = [.less, .lessOrEqual]
        // 2^63 is the first Double above every Int64, -2^63 is the least of them itself.
        if value >= 0x1p63 { return below.contains(comparison) ? .notNull : .nothing }
        if value < -0x1p63 { return comparison == .greater || comparison == .greaterOrEqual ? .notNull : .nothing }
        let floor = Int64(value.rounded(.down))
        if value == value.rounded() { return integers(comparison, floor) }
        switch comparison {
        case .less, .lessOrEqual: return .integers(.min, floor)
        case .greater, .greaterOrEqual: return floor == .max ? .nothing : .integers(floor + 1, .max)
        default: return .nothing
        }
    }

    static func reals(_ comparison: Comparison, _ value: OpaquePointer?) -> ColumnFilter {
        switch sqlite3_value_numeric_type(value) {
        case SQLITE_INTEGER: reals(comparison, sqlite3_value_int64(value))
        case SQLITE_FLOAT: reals(comparison, sqlite3_value_double(value))
        default: comparison == .less || comparison == .lessOrEqual ? .notNull : .nothing
        }
    }

    static func reals(_ comparison: Comparison, _ value: Double) -> ColumnFilter {
        switch comparison {
        case .equal, .isValue: .reals(value, value)
        case .less: value == -.infinity ? .nothing : .reals(-.infinity, value.nextDown)
        case .lessOrEqual: .reals(-.infinity, value)
        case .greater: value == .infinity ? .nothing : .reals(value.nextUp, .infinity)
        case .greaterOrEqual: .reals(value, .infinity)
        case .isNull, .isNotNull: .everything
        }
    }

    /// Compares with the integer itself: above 2^53 the nearest Double may be another number.
    static func reals(_ comparison: Comparison, _ value: Int64) -> ColumnFilter {
        let nearest = Double(value)
        // Int64.max rounds up to 2^63, which no Int64 holds.
        let order = nearest >= 0x1p63 ? 1 : Int64(nearest) == value ? 0 : Int64(nearest) > value ? 1 : -1
        if order == 0 { return reals(comparison, nearest) }
        // No Double lies between the integer and `nearest`.
        switch comparison {
        case .less, .lessOrEqual: return reals(order > 0 ? .less : .lessOrEqual, nearest)
        case .greater, .greaterOrEqual: return reals(order > 0 ? .greaterOrEqual : .greater, nearest)
        default: return .nothing
        }
    }

    // MARK: Texts

    private static func bytes(_ value: OpaquePointer?) -> [UInt8]? {
        guard sqlite3_value_type(value) == SQLITE_TEXT, let text = sqlite3_value_text(value) else { return nil }
        return [UInt8](UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value))))
    }

    private static func texts(_ comparison: Comparison, _ value: OpaquePointer?) -> ColumnFilter {
        guard let bytes = bytes(value) else { return .everything }
        return texts(comparison, bytes)
    }

    static func texts(_ comparison: Comparison, _ bytes: [UInt8]) -> ColumnFilter {
        switch comparison {
        case .equal, .isValue: return .texts(lower: bytes, includesLower: true, upper: bytes, includesUpper: true)
        case .less, .lessOrEqual:
            return .texts(lower: nil, includesLower: true, upper: bytes, includesUpper: comparison == .lessOrEqual)
        case .greater, .greaterOrEqual:
            return .texts(lower: bytes, includesLower: comparison == .greaterOrEqual, upper: nil, includesUpper: true)
        case .isNull, .isNotNull: return .everything
        }
    }

    /// Days whose ISO text may satisfy the comparison. The texts of the years 0 to 9999 are in the order of their days.
    private static func dates(_ comparison: Comparison, _ value: OpaquePointer?) -> ColumnFilter {
        guard let bytes = bytes(value) else { return .everything }
        return steps(comparison, bytes, in: calendarDays) { day, text in
            DateFormat.iso.append(daysSince1970: day, to: &text)
        }
    }

    /// Moments whose ISO text may satisfy the comparison, to the second: what follows the seconds is not in the order of time.
    private static func timestamps(_ comparison: Comparison, _ value: OpaquePointer?) -> ColumnFilter {
        guard let bytes = bytes(value) else { return .everything }
        let seconds = calendarDays.lowerBound * 86_400...calendarDays.upperBound * 86_400 + 86_399
        let filter = steps(comparison, Array(bytes.prefix(19)), in: seconds) { second, text in
            TimestampFormat().append(microsecondsSince1970: second * 1_000_000, to: &text)
        }
        guard case .integers(let low, let high) = filter else { return filter }
        return .integers(low * 1_000_000, high * 1_000_000 + 999_999)
    }

    /// The days or moments whose ISO text, without a zone, satisfies the comparison: exact for those in `ISOText.ordered`.
    static func times(_ comparison: Comparison, _ bound: [UInt8], type: ColumnType) -> ColumnFilter {
        let range = ISOText.ordered(type)
        func first(above: Bool) -> Int64 {
            ordered(range) { step in
                let order = ByteOrder.compare(ISOText.bytes(step, type: type, isZoned: false), bound)
                return above ? order > 0 : order >= 0
            }
        }
        let (low, high): (Int64, Int64)
        switch comparison {
        case .equal, .isValue: (low, high) = (first(above: false), first(above: true) - 1)
        case .less: (low, high) = (range.lowerBound, first(above: false) - 1)
        case .lessOrEqual: (low, high) = (range.lowerBound, first(above: true) - 1)
        case .greater: (low, high) = (first(above: true), range.upperBound)
        case .greaterOrEqual: (low, high) = (first(above: false), range.upperBound)
        case .isNull, .isNotNull: return .everything
        }
        return low > high ? .nothing : .integers(low, high)
    }

    /// The first step of `range` that satisfies a condition which holds from some step on; one past the range if none does.
    private static func ordered(_ range: ClosedRange<Int64>, _ holds: (Int64) -> Bool) -> Int64 {
        var low = range.lowerBound
        var high = range.upperBound + 1
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// 0000-01-01 ... 9999-12-31 in days since 1970.
    static let calendarDays: ClosedRange<Int64> =
        CivilDate(year: 0, month: 1, day: 1).daysSince1970...CivilDate(year: 9999, month: 12, day: 31).daysSince1970

    /// The steps of `range` whose text, in ascending order, may satisfy the comparison with `bound`; equal prefixes always may.
    private static func steps(
        _ comparison: Comparison, _ bound: [UInt8], in range: ClosedRange<Int64>,
        text: (Int64, inout [UInt8]) -> Void
    ) -> ColumnFilter {
        /// The first step whose text is not below the bound, or above it.
        func first(above: Bool) -> Int64 {
            var bytes: [UInt8] = []
            return ordered(range) { step in
                bytes.removeAll(keepingCapacity: true)
                text(step, &bytes)
                let order = ByteOrder.compare(bytes, bound)
                return above ? order > 0 : order >= 0
            }
        }
        let lowest: Int64
        var highest = range.upperBound
        switch comparison {
        case .less, .lessOrEqual: lowest = range.lowerBound
        default: lowest = first(above: false)
        }
        switch comparison {
        case .greater, .greaterOrEqual: break
        default: highest = first(above: true) - 1
        }
        return lowest > highest ? .nothing : .integers(lowest, highest)
    }
}
