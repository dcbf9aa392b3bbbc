import Shared

extension ColumnChunk {
    /// Reads `texts` as `type`. `text(at:)` of the result gives each of them back unchanged.
    ///
    /// Empty texts and `format.nullTexts` are null; a text column keeps an empty text as a value unless `absent` marks its row.
    ///
    /// - Complexity: O(bytes)
    package static func parse(
        texts: TextArray, as type: ColumnType, format: CellFormat = CellFormat(), absent: NullBitmap? = nil
    ) -> ParsedChunk {
        let parser = CellParser(type: type, format: format.filled(for: type, from: texts))
        var nulls = NullBitmap(rows: texts.count)
        var failed: [Int] = []
        let values: ChunkValues
        switch type {
        case .text:
            values = .texts(texts)
            for row in 0..<texts.count {
                let isNull = texts.withText(row) { $0.isEmpty ? absent?.isNull(row) == true : parser.isNull($0) }
                if isNull { nulls.setNull(row) }
            }
        case .integer: values = .integers(read(texts, parser, 0, &nulls, &failed) { parser.integer($0) })
        case .date: values = .integers(read(texts, parser, 0, &nulls, &failed) { parser.date($0) })
        case .timestamp: values = .integers(read(texts, parser, 0, &nulls, &failed) { parser.timestamp($0) })
        case .boolean: values = .booleans(read(texts, parser, 0, &nulls, &failed) { parser.boolean($0) })
        case .decimal:
            let zero = ReadDecimal.exact(mantissa: 0, scale: 0)
            values = decimals(read(texts, parser, zero, &nulls, &failed) { parser.decimal($0) })
        }
        var chunk = ColumnChunk(type: type, values: values, nulls: nulls.nullCount > 0 ? nulls : nil)
        chunk.takeTexts(texts, format: parser.format)
        return ParsedChunk(chunk: chunk, failedRows: failed)
    }

    /// As `parse(texts:as:format:absent:)`; nil is null with an empty text.
    package static func parse(texts: [String?], as type: ColumnType, format: CellFormat = CellFormat()) -> ParsedChunk {
        var absent = NullBitmap(rows: texts.count)
        for (row, text) in texts.enumerated() where text == nil { absent.setNull(row) }
        return parse(texts: TextArray(texts.lazy.map { $0 ?? "" }), as: type, format: format, absent: absent)
    }

    /// Reads JSON cells as `type`: strings as texts in `format`, numbers and booleans as what they are.
    package static func parse(json: [JSONValue], as type: ColumnType, format: CellFormat = CellFormat()) -> ParsedChunk
    {
        parse(
            texts: json.map { value in
                switch value {
                case .null: return nil
                case .bool(let flag):
                    if type == .integer || type == .decimal { return flag ? "1" : "0" }
                    if type == .boolean, let words = format.words { return flag ? words.yes : words.no }
                    return value.plainText
                case .integer(let number):
                    if type == .boolean, let words = format.words, number == 0 || number == 1 {
                        return number == 1 ? words.yes : words.no
                    }
                    return value.plainText
                case .number(let number):
                    guard number.isFinite else { return nil }
                    var bytes: [UInt8] = []
                    let separator = type == .decimal || type == .integer ? format.decimalSeparator : UInt8(ascii: ".")
                    DigitText.append(number, layout: DecimalLayout(separator: separator), to: &bytes)
                    return String(decoding: bytes, as: UTF8.self)
                default: return value.plainText
                }
            }, as: type, format: format)
    }

    /// The same cells as another type; every exact text is kept, and a cell whose text does not fit is null and listed.
    ///
    /// A null whose text is neither empty nor one of `format.nullTexts` (a cell that failed an earlier type) is read anew.
    package func recast(to type: ColumnType, format: CellFormat = CellFormat()) -> ParsedChunk {
        if type == self.type { return ParsedChunk(chunk: self, failedRows: []) }
        if let direct = widened(to: type) { return ParsedChunk(chunk: direct, failedRows: []) }
        if case .booleans(let flags) = values, type == .integer || type == .decimal {
            var chunk = ColumnChunk(type: type, values: .integers(flags.map(Int64.init)), nulls: nulls)
            if type == .decimal { chunk.values = .decimals(flags.map(Int64.init), scale: 0) }
            chunk.takeTexts(texts(), format: format)
            return ParsedChunk(chunk: chunk, failedRows: [])
        }
        return Self.parse(texts: texts(), as: type, format: format.filled(from: style), absent: nulls)
    }

    /// Integers as decimals without reading text, where every writing of integers is one of decimals too.
    private func widened(to type: ColumnType) -> ColumnChunk? {
        guard self.type == .integer, type == .decimal, case .integers(let integers) = values else { return nil }
        if case .zeroPadded = style { return nil }
        if let nulls, exceptions.rows.contains(where: { nulls.isNull(Int($0)) }) { return nil }
        return ColumnChunk(
            type: .decimal, values: .decimals(integers, scale: 0), nulls: nulls, style: style, exceptions: exceptions)
    }

    private static func read<V>(
        _ texts: TextArray, _ parser: CellParser, _ filler: V, _ nulls: inout NullBitmap, _ failed: inout [Int],
        _ value: (UnsafeRawBufferPointer) -> V?
    ) -> [V] {
        var values: [V] = []
        values.reserveCapacity(texts.count)
        for row in 0..<texts.count {
            texts.withText(row) { text in
                if let value = value(text), !parser.isNull(text) {
                    values.append(value)
                } else {
                    if !parser.isNull(text) { failed.append(row) }
                    nulls.setNull(row)
                    values.append(filler)
                }
            }
        }
        return values
    }

    /// One scale for all where 64 bits hold every mantissa, else doubles.
    private static func decimals(_ read: [ReadDecimal]) -> ChunkValues {
        var scale = 0
        for case .exact(_, let own) in read { scale = max(scale, own) }
        var mantissas: [Int64] = []
        mantissas.reserveCapacity(read.count)
        for number in read {
            guard case .exact(let mantissa, let own) = number else { break }
            let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: Int64(integerPowersOfTen[scale - own]))
            if overflow { break }
            mantissas.append(scaled)
        }
        if mantissas.count == read.count { return .decimals(mantissas, scale: scale) }
        return .doubles(
            read.map { number in
                switch number {
                case .exact(let mantissa, let scale): decimalValue(mantissa: mantissa, scale: scale)
                case .rounded(let value): value
                }
            })
    }
}

extension TextArray {
    /// Calls `body` with the bytes of text `index`, which are valid only inside it.
    @inline(__always)
    package func withText<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let range = byteRange(index)
        return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
