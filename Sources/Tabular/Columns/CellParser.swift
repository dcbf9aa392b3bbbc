import Shared

/// Reads the texts of a column as values of one type.
///
/// A cell that does not fit becomes null and keeps its text as an exception, so that nothing of the file is lost.
struct CellParser {
    let type: ColumnType
    let format: CellFormat
    private let nullTexts: Set<[UInt8]>

    init(type: ColumnType, format: CellFormat) {
        self.type = type
        self.format = format
        nullTexts = Set(format.nullTexts.map { Array($0.utf8) })
    }

    func isNull(_ text: UnsafeRawBufferPointer) -> Bool {
        text.isEmpty || !nullTexts.isEmpty && nullTexts.contains(Array(text))
    }

    /// A whole number, `3.0` and `1e3` too.
    func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard
            case .exact(let mantissa, let scale)? = DecimalText.parse(
                text, separator: format.decimalSeparator, grouping: format.grouping)
        else { return nil }
        let power = Int64(integerPowersOfTen[scale])
        return mantissa % power == 0 ? mantissa / power : nil
    }

    func decimal(_ text: UnsafeRawBufferPointer) -> ReadDecimal? {
        DecimalText.parse(text, separator: format.decimalSeparator, grouping: format.grouping)
    }

    func boolean(_ text: UnsafeRawBufferPointer) -> UInt8? {
        let text = text.trimmingSpaces()
        guard text.count <= 32 else { return nil }
        let word = String(decoding: text, as: UTF8.self).lowercased()
        for pair in format.words.map({ [$0] }) ?? BooleanWords.usual {
            if word == pair.no.lowercased() { return 0 }
            if word == pair.yes.lowercased() { return 1 }
        }
        return nil
    }

    /// Days since 1970; the day of a timestamp.
    func date(_ text: UnsafeRawBufferPointer) -> Int64? {
        let text = text.trimmingSpaces()
        if let days = (format.date ?? .iso).parse(text) { return days }
        return format.timestamp?.parse(text).map { floorDivide($0, 86_400_000_000) }
    }

    /// Microseconds since 1970; the midnight of a date.
    func timestamp(_ text: UnsafeRawBufferPointer) -> Int64? {
        let text = text.trimmingSpaces()
        if let moment = (format.timestamp ?? TimestampFormat()).parse(text) { return moment }
        return (format.date ?? .iso).parse(text).map { $0 * 86_400_000_000 }
    }
}

/// A chunk that was read from texts, and the rows whose text did not fit its type (null in the chunk, text kept).
package struct ParsedChunk: Sendable {
    package var chunk: ColumnChunk
    /// Ascending.
    package var failedRows: [Int]

    package init(chunk: ColumnChunk, failedRows: [Int]) {
        self.chunk = chunk
        self.failedRows = failedRows
    }
}
