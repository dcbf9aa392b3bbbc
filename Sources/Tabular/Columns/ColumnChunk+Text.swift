import Shared

extension ColumnChunk {
    /// The text of the cell exactly as in its file. Empty for a null that the file wrote as nothing.
    ///
    /// - Complexity: O(log exceptions)
    package func text(at row: Int) -> String {
        var bytes: [UInt8] = []
        appendText(at: row, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the exact text of the cell as UTF-8.
    package func appendText(at row: Int, to bytes: inout [UInt8]) {
        if let index = exceptions.index(of: row) {
            exceptions.texts.append(textAt: index, to: &bytes)
        } else if nulls?.isNull(row) != true {
            appendStyled(at: row, to: &bytes)
        }
    }

    /// The exact texts of all rows.
    ///
    /// - Complexity: O(rows + bytes)
    package func texts() -> TextArray {
        if case .texts(let texts) = values, exceptions.isEmpty, nulls == nil { return texts }
        var result = TextArray()
        result.reserve(rows: rows, bytes: rows * 8)
        var nextException = 0
        for row in 0..<rows {
            if nextException < exceptions.rows.count, exceptions.rows[nextException] == row {
                exceptions.texts.append(textAt: nextException, to: &result.bytes)
                nextException += 1
            } else if nulls?.isNull(row) != true {
                appendStyled(at: row, to: &result.bytes)
            }
            result.closeText()
        }
        return result
    }

    /// The value at `row` in csvand's own writing, whatever the file's was: ISO dates, `true`/`false`, `.` for decimals without
    /// trailing zeros. Empty for a null. A timestamp ends in `Z` only where the file states a zone.
    package func canonicalText(at row: Int) -> String {
        if nulls?.isNull(row) == true { return "" }
        var bytes: [UInt8] = []
        appendCanonical(at: row, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `canonicalText(at:)` as UTF-8.
    package func appendCanonicalText(at row: Int, to bytes: inout [UInt8]) {
        if nulls?.isNull(row) != true { appendCanonical(at: row, to: &bytes) }
    }

    private func appendCanonical(at row: Int, to bytes: inout [UInt8]) {
        switch values {
        case .integers(let values): appendCanonical(integer: values[row], to: &bytes)
        case .decimals(let mantissas, let scale):
            DigitText.append(mantissa: mantissas[row], scale: scale, layout: DecimalLayout(), to: &bytes)
        // A negative zero is equal to 0 and so has its text.
        case .doubles(let values):
            DigitText.append(values[row] == 0 ? 0 : values[row], layout: DecimalLayout(), to: &bytes)
        case .booleans(let values): bytes.append(contentsOf: (values[row] == 0 ? "false" : "true").utf8)
        case .texts(let texts): texts.append(textAt: row, to: &bytes)
        case .dictionary(let codes, let entries): entries.append(textAt: Int(codes[row]), to: &bytes)
        }
    }

    func appendCanonical(integer value: Int64, to bytes: inout [UInt8]) {
        switch type {
        case .date: DateFormat.iso.append(daysSince1970: value, to: &bytes)
        case .timestamp:
            var format = TimestampFormat()
            format.fractionDigits = fractionDigits(ofMicroseconds: value)
            if case .timestamp(let written) = style, written.zone != .none { format.zone = .z }
            format.append(microsecondsSince1970: value, to: &bytes)
        default: DigitText.append(value, to: &bytes)
        }
    }

    /// The value in the chunk's style; styles that do not apply to the values' kind fall back to the canonical text.
    func appendStyled(at row: Int, to bytes: inout [UInt8]) {
        switch values {
        case .integers(let values): appendStyled(integer: values[row], to: &bytes)
        case .decimals(let mantissas, let scale):
            DigitText.append(mantissa: mantissas[row], scale: scale, layout: style.decimalLayout, to: &bytes)
        case .doubles(let values): DigitText.append(values[row], layout: style.decimalLayout, to: &bytes)
        case .booleans(let values):
            if case .words(let no, let yes) = style {
                bytes.append(contentsOf: (values[row] == 0 ? no : yes).utf8)
            } else {
                appendCanonical(at: row, to: &bytes)
            }
        case .texts, .dictionary: appendCanonical(at: row, to: &bytes)
        }
    }

    private func appendStyled(integer value: Int64, to bytes: inout [UInt8]) {
        switch (style, type) {
        case (.date(let format), .date): format.append(daysSince1970: value, to: &bytes)
        case (.timestamp(let format), .timestamp): format.append(microsecondsSince1970: value, to: &bytes)
        case (_, .date), (_, .timestamp): appendCanonical(integer: value, to: &bytes)
        case (.zeroPadded(let width), _): DigitText.append(value, width: min(width, 1 << 16), to: &bytes)
        case (.grouped(let grouping), _): DigitText.append(value, grouping: grouping, to: &bytes)
        case (.fixed(_, let grouping), _): DigitText.append(value, grouping: grouping ?? 0, to: &bytes)
        case (.trimmed(let separator, true), _):
            DigitText.append(value, to: &bytes)
            bytes.append(contentsOf: [separator, 48])
        default: DigitText.append(value, to: &bytes)
        }
    }
}

extension TextStyle {
    var decimalLayout: DecimalLayout {
        switch self {
        case .fixed(let separator, let grouping):
            DecimalLayout(separator: separator, grouping: grouping ?? 0, trims: false)
        case .trimmed(let separator, let keepsOne): DecimalLayout(separator: separator, keepsOne: keepsOne)
        case .grouped(let grouping):
            // The separator is whichever of the two usual ones the grouping is not.
            DecimalLayout(separator: UInt8(ascii: grouping == UInt8(ascii: ".") ? "," : "."), grouping: grouping)
        default: DecimalLayout()
        }
    }
}

extension TextExceptions {
    /// The place of `row` among the exceptions.
    ///
    /// - Complexity: O(log exceptions)
    package func index(of row: Int) -> Int? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? low : nil
    }
}

/// Digits after the seconds that write `value` exactly.
private func fractionDigits(ofMicroseconds value: Int64) -> Int {
    var fraction = (value % 1_000_000).magnitude
    if fraction == 0 { return 0 }
    var digits = 6
    while fraction % 10 == 0 {
        fraction /= 10
        digits -= 1
    }
    return digits
}
