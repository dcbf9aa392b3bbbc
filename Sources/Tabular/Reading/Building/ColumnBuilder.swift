import Shared

/// What a column is expected to be before its cells are read.
struct ColumnPlan: Sendable {
    var name: String
    /// By the client.
    var given: ColumnType?
    /// What the sample's cells need at least.
    var floor: ColumnType?
    /// The date orders to read with.
    var orders: DateOrders = .all
}

/// What a chunk says about its whole column.
struct ChunkEvidence: Sendable {
    /// Absent when every cell is null, or would be in a column of another type than text.
    var type: ColumnType?
    var delivered: ColumnType
    /// Some cells are null, as a column of type `delivered`.
    var hasNulls = false
    /// Some cells would still be null, were the column text: not the quoted empty cells.
    var hasNullsAsText = false
    /// Orders that all dates allow, and the one the values were read with.
    var orders: DateOrders = .all
    var order: DateFormat.Order?
    /// For dates and timestamps, where a day or month below ten was seen.
    var padded: Bool?
    var words: TruthWords = []
    var style: TextStyle = .plain
    /// For timestamps: some cells state a zone, some none.
    var statesZone = false
    var lacksZone = false
    /// Some numbers have the decimal separator, or are none with the other.
    var needsDecimal = false
}

/// Builds the chunk of one column of one row group, a run of rows at a time.
///
/// It starts with the type that the first value suggests. A cell that does not fit widens the type, and the rows so far are read again from
/// their text, which is still in the group's buffer: integer -> decimal -> text, others -> text.
///
/// Stored properties are exempt from exclusivity checks at run time (17 % of a whole reading): each object is used by one thread, and no
/// kernel calls back into what it is writing.
final class ColumnBuilder {
    enum Kind { case undecided, integer, decimal, double, boolean, date, timestamp, text }

    let column: Int
    let plan: ColumnPlan
    let rules: CellRules
    let reader: CellReader
    let spares: TextSpares
    @exclusivity(unchecked) var kind: Kind
    @exclusivity(unchecked) var rows = 0
    @exclusivity(unchecked) private var done = 0
    /// The row that is not of the type given by the client.
    @exclusivity(unchecked) private(set) var mismatch: Int?
    @exclusivity(unchecked) var evidence: ChunkEvidence

    /// Integers, mantissas, dates and timestamps; packed dates where the order is open.
    @exclusivity(unchecked) var integers: [Int64] = []
    @exclusivity(unchecked) var doubles: [Double] = []
    @exclusivity(unchecked) var flags: [UInt8] = []
    @exclusivity(unchecked) var nullWords: [UInt64] = []
    @exclusivity(unchecked) var nullCount = 0
    @exclusivity(unchecked) var exceptions = TextExceptions()

    @exclusivity(unchecked) var integerStyle = IntegerStyle()
    /// How each decimal is written (`DecimalForm`).
    @exclusivity(unchecked) var forms: [UInt8] = []
    @exclusivity(unchecked) var firstGrouping: UInt8 = 0
    @exclusivity(unchecked) var dateStyle = DateStyle()
    @exclusivity(unchecked) var timestampStyle: TimestampStyle?
    @exclusivity(unchecked) var dictionary: TextDictionary?
    /// Texts one behind the other: as long as all cells of the column together, of which `plainUsed` bytes are written.
    @exclusivity(unchecked) var plainBytes: [UInt8] = []
    @exclusivity(unchecked) var plainUsed = 0
    @exclusivity(unchecked) var plainOffsets: [UInt32] = []

    init(column: Int, plan: ColumnPlan, reader: CellReader, spares: TextSpares, rows: Int) {
        self.column = column
        self.plan = plan
        self.reader = reader
        self.spares = spares
        rules = reader.rules
        self.rows = rows
        kind = .undecided
        evidence = ChunkEvidence(type: nil, delivered: .text)
        nullWords = [UInt64](repeating: 0, count: (rows + 63) / 64)
        if let known = plan.given ?? (plan.floor == .decimal || plan.floor == .text ? plan.floor : nil) {
            kind = Kind(known)
        }
    }

    /// Forgets all rows, to take them as `kind`.
    func restart(as kind: Kind) {
        self.kind = kind
        done = 0
        mismatch = nil
    }

    /// Takes the rows up to `end`. Stops at a `mismatch`.
    func append(_ grid: CellGrid, upTo end: Int) {
        var row = done
        while mismatch == nil {
            if row == 0 { prepare(grid) }
            let stop = take(grid, row, end)
            if stop == end {
                done = end
                return
            }
            if kind == .undecided {
                kind = suggestedKind(grid, stop)
            } else if plan.given != nil, kind != .decimal || overflows(grid, stop) == nil {
                mismatch = stop
                return
            } else {
                widen(grid, stop)
            }
            row = 0
        }
    }

    private func take(_ grid: CellGrid, _ row: Int, _ end: Int) -> Int {
        switch kind {
        case .undecided: takeNulls(grid, row, end)
        case .integer: takeIntegers(grid, row, end)
        case .decimal: takeDecimals(grid, row, end)
        case .double: takeDoubles(grid, row, end)
        case .boolean: takeBooleans(grid, row, end)
        case .date: takeDates(grid, row, end)
        case .timestamp: takeTimestamps(grid, row, end)
        case .text: takeTexts(grid, row, end)
        }
    }

    private func prepare(_ grid: CellGrid) {
        if nullCount > 0 {
            nullWords = [UInt64](repeating: 0, count: (rows + 63) / 64)
            nullCount = 0
        }
        exceptions = TextExceptions()
        evidence.orders = plan.orders
        evidence.words = []
        evidence.needsDecimal = false
        switch kind {
        case .undecided: break
        case .integer, .date, .timestamp:
            integers = .uninitialized(rows)
            integerStyle = IntegerStyle()
            dateStyle = DateStyle()
            timestampStyle = nil
        case .decimal:
            integers = .uninitialized(rows)
            forms = .uninitialized(rows)
            firstGrouping = 0
        case .double:
            integers = []
            doubles = .uninitialized(rows)
        case .boolean: flags = .uninitialized(rows)
        case .text: prepareTexts(grid)
        }
    }

    private func takeNulls(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        for row in first..<end {
            let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
            if !takeNull(cell, row) { return row }
        }
        return end
    }

    private func suggestedKind(_ grid: CellGrid, _ row: Int) -> Kind {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        switch CellShape(cell, decimal: rules.decimal, grouping: rules.grouping) {
        case .integer: return .integer
        case .decimal: return .decimal
        case .boolean: return .boolean
        case .date: return .date
        case .timestamp: return .timestamp
        case .text, .empty: return .text
        }
    }

    private func widen(_ grid: CellGrid, _ row: Int) {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        switch kind {
        case .integer:
            kind = CellShape(cell, decimal: rules.decimal, grouping: rules.grouping) == .decimal ? .decimal : .text
        case .decimal: kind = overflows(grid, row) == nil ? .text : .double
        default: kind = .text
        }
    }

    /// The number in a cell of a decimal column that does not fit a 64-bit mantissa with a scale of 0 ... 18. Integers of more than 64 bits
    /// are text wherever they stand.
    private func overflows(_ grid: CellGrid, _ row: Int) -> NumberCell? {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping),
            !number.isInteger || number.signedMantissa != nil
        else { return nil }
        return number
    }

    /// Notes what the number in `cell` says of the decimal separator.
    func note(_ number: NumberCell, _ cell: Cell) {
        if evidence.needsDecimal || !number.hasPoint && number.grouping != rules.grouping { return }
        evidence.needsDecimal =
            number.hasPoint || NumberCell(cell, decimal: rules.grouping, grouping: rules.decimal) == nil
    }

    /// Whether `cell` is null, in which case it is taken. A null that has text keeps it.
    func takeNull(_ cell: Cell, _ row: Int) -> Bool {
        if cell.count > 0 {
            guard rules.isNullWord(cell) else { return false }
            setNull(row)
            appendException(cell, row)
        } else {
            setNull(row)
            // Told from the unquoted empty cell, should the column become text.
            if cell.isQuoted { appendException(cell, row) }
        }
        return true
    }

    @inline(__always)
    func setNull(_ row: Int) {
        nullWords[row >> 6] |= 1 << UInt64(row & 63)
        nullCount += 1
    }

    func isNull(_ row: Int) -> Bool { nullWords[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    func appendException(_ cell: Cell, _ row: Int) {
        exceptions.rows.append(UInt32(row))
        exceptions.texts.append(UnsafeRawBufferPointer(cell.bytes))
    }
}

extension ColumnBuilder.Kind {
    init(_ type: ColumnType) {
        switch type {
        case .integer: self = .integer
        case .decimal: self = .decimal
        case .boolean: self = .boolean
        case .date: self = .date
        case .timestamp: self = .timestamp
        case .text: self = .text
        }
    }

    var type: ColumnType {
        switch self {
        case .integer: .integer
        case .decimal, .double: .decimal
        case .boolean: .boolean
        case .date: .date
        case .timestamp: .timestamp
        case .undecided, .text: .text
        }
    }
}

extension Array {
    /// `count` elements that will all be written before they are read. For plain values only.
    static func uninitialized(_ count: Int) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
    }
}
