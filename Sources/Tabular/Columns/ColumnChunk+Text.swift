import Shared

extension ColumnChunk {
    /// The value at `row` in csvand's own writing, whatever the file's was: ISO dates, `true`/`false`, `.` for decimals without
    /// trailing zeros. Empty for a null.
    package func canonicalText(at row: Int) -> String {
        if nulls?.isNull(row) == true { return "" }
        switch values {
        case .integers(let values): return String(values[row])
        case .decimals(let mantissas, let scale): return String(Double(mantissas[row]) / powersOfTen[scale])
        case .doubles(let values): return String(values[row])
        case .booleans(let values): return values[row] == 0 ? "false" : "true"
        case .texts(let texts): return texts[row]
        case .dictionary(let codes, let entries): return entries[Int(codes[row])]
        }
    }
}
