import Shared

/// Gathers what the row groups of one pass say, from several threads.
///
/// Safety: callers hold the pass's lock.
final class ReadOutcome {
    private(set) var rows = 0
    private(set) var rejects: [RejectedRow] = []
    private(set) var multibyteCharacters = 0
    private(set) var repairs = ReadRepairs()
    private(set) var encodingRejects = 0
    private(set) var verdicts: [ColumnVerdict]
    /// What the columns would be in a corrected dialect.
    private(set) var trials: [ColumnTrial]
    /// How each chunk was delivered, by row group, then column.
    private(set) var deliveries: [Int: [Delivery]] = [:]

    /// How a chunk was delivered, small since there is one a column and row group.
    struct Delivery {
        var type: ColumnType
        var isAllNull: Bool
        var order: DateFormat.Order?
    }

    init(plans: [ColumnPlan]) {
        verdicts = plans.map { ColumnVerdict(plan: $0) }
        trials = plans.map { ColumnTrial(plan: $0) }
    }

    func take(_ group: ParsedGroup, index: Int, hadRows: Bool) {
        rows += group.rows
        rejects.append(contentsOf: group.rejects)
        multibyteCharacters += group.multibyteCharacters
        repairs.add(group.repairs)
        encodingRejects += group.rejects.count { $0.kind == .encoding }
        guard hadRows else { return }
        for (column, evidence) in group.evidence.enumerated() {
            verdicts[column].take(evidence, group: index)
            trials[column].take(group.trials[column] ?? ChunkTrial(evidence: evidence), group: index)
        }
        deliveries[index] = group.evidence.map {
            Delivery(type: $0.delivered, isAllNull: $0.type == nil, order: $0.order)
        }
    }

    /// Rejects by place.
    var sortedRejects: [RejectedRow] { rejects.sorted { $0.byte < $1.byte } }

    /// The file is rather Windows-1252: more rows break UTF-8 than there are characters that need it.
    var contradictsUTF8: Bool { encodingRejects > multibyteCharacters }
}

/// The type of a whole column, from its chunks.
struct ColumnVerdict {
    private(set) var type: ColumnType?
    private(set) var orders: DateOrders
    private var hasNulls = false
    private var hasNullsAsText = false
    private var words: TruthWords = []
    private var statesZone = false
    private var lacksZone = false
    /// Of the first chunk that has values.
    private var style: TextStyle?
    private var styleGroup = Int.max
    /// Of the first chunk that shows it.
    private var padded: Bool?
    private var paddedGroup = Int.max
    private var hasNeededDecimal = false
    private let plan: ColumnPlan

    init(plan: ColumnPlan) {
        self.plan = plan
        orders = plan.orders
    }

    mutating func take(_ chunk: ChunkEvidence, group: Int) {
        hasNulls = hasNulls || chunk.hasNulls
        hasNullsAsText = hasNullsAsText || chunk.hasNullsAsText
        hasNeededDecimal = hasNeededDecimal || chunk.needsDecimal
        guard let chunkType = chunk.type else { return }
        if group < styleGroup {
            style = chunk.style
            styleGroup = group
        }
        if let shown = chunk.padded, group < paddedGroup {
            padded = shown
            paddedGroup = group
        }
        orders.formIntersection(chunk.orders)
        words.formUnion(chunk.words)
        statesZone = statesZone || chunk.statesZone
        lacksZone = lacksZone || chunk.lacksZone
        type = type.map { $0.joined(with: chunkType) } ?? chunkType
    }

    /// The column as decided, once every chunk was taken.
    var column: ReadColumn {
        var decided = plan.given ?? type ?? .text
        if plan.given == nil {
            let isTemporal = decided == .date || decided == .timestamp
            if isTemporal && orders.isEmpty || decided == .timestamp && statesZone && lacksZone { decided = .text }
            if decided == .boolean, !words.makeBoolean { decided = .text }
        }
        var column = ReadColumn(name: plan.name, type: decided, nullable: decided == .text ? hasNullsAsText : hasNulls)
        if decided == .date || decided == .timestamp { column.dateOrder = orders.preferred }
        column.format = format(column)
        return column
    }

    /// The column's numbers have the dialect's decimal separator, or are none with the other.
    var needsDecimal: Bool { hasNeededDecimal && column.type != .text }

    /// Both day first and month first make a date of every cell.
    var isAmbiguous: Bool { orders.isSuperset(of: .yearLast) && !orders.contains(.yearMonthDay) && type != nil }

    private func format(_ column: ReadColumn) -> String? {
        switch (column.type, style) {
        case (.date, .date(var format)):
            format.order = column.dateOrder ?? format.order
            format.padded = padded ?? true
            return format.pattern
        case (.timestamp, .timestamp(var format)):
            format.date.order = column.dateOrder ?? format.date.order
            format.date.padded = padded ?? true
            return format.pattern
        default: return nil
        }
    }
}

/// What a column would be in a corrected dialect, from its chunks.
struct ColumnTrial {
    private var verdict: ColumnVerdict
    private(set) var nullWords: Set<String> = []
    private var otherDecimal = false
    private var needsDecimal = false

    init(plan: ColumnPlan) { verdict = ColumnVerdict(plan: plan) }

    mutating func take(_ chunk: ChunkTrial, group: Int) {
        verdict.take(chunk.evidence, group: group)
        nullWords.formUnion(chunk.nullWords)
        otherDecimal = otherDecimal || chunk.otherDecimal
        needsDecimal = needsDecimal || !chunk.otherDecimal && chunk.evidence.needsDecimal
    }

    /// The other decimal separator makes numbers of the column.
    var needsOtherDecimal: Bool { otherDecimal && !needsDecimal && verdict.column.type == .decimal }

    /// More words for null, and nothing else, keep the column from being text.
    var needsNullWords: Bool { !otherDecimal && !nullWords.isEmpty && verdict.column.type != .text }
}

extension ColumnType {
    /// The narrowest type that holds both.
    package func joined(with other: ColumnType) -> ColumnType {
        if self == other { return self }
        let numbers: [ColumnType] = [.integer, .decimal]
        return numbers.contains(self) && numbers.contains(other) ? .decimal : .text
    }
}

extension DateFormat {
    /// Such as `dd/mm/yyyy`, or `d/m/yyyy` without padding.
    var pattern: String {
        let separator = self.separator == 0 ? "" : String(decoding: [self.separator], as: UTF8.self)
        let (day, month) = padded ? ("dd", "mm") : ("d", "m")
        switch order {
        case .yearMonthDay: return ["yyyy", month, day].joined(separator: separator)
        case .dayMonthYear: return [day, month, "yyyy"].joined(separator: separator)
        case .monthDayYear: return [month, day, "yyyy"].joined(separator: separator)
        }
    }
}

extension TimestampFormat {
    /// Such as `yyyy-mm-dd HH:MM:SS.sss+hh:mm`.
    var pattern: String {
        var text = date.pattern + String(decoding: [between], as: UTF8.self) + "HH:MM"
        if hasSeconds { text += ":SS" }
        if fractionDigits > 0 { text += "." + String(repeating: "s", count: fractionDigits) }
        switch zone {
        case .none: break
        case .z: text += "Z"
        case .offset: text += "+hh:mm"
        }
        return text
    }
}
