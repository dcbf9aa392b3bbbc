import Shared

extension ColumnChunk {
    /// The cell as a JSON value: integers and decimals as numbers, booleans, dates and timestamps as ISO strings, null.
    package func jsonValue(at row: Int) -> JSONValue {
        if nulls?.isNull(row) == true { return .null }
        switch values {
        case .integers(let values) where type != .date && type != .timestamp: return .integer(values[row])
        case .decimals(let mantissas, let scale): return .number(decimalValue(mantissa: mantissas[row], scale: scale))
        case .doubles(let values): return .number(values[row])
        case .booleans(let values): return .bool(values[row] != 0)
        default: return .string(canonicalText(at: row))
        }
    }
}
