import Shared

extension TableColumn {
    /// The values as numbers, one a row: NaN where null; dates as days and timestamps as seconds since 1970; booleans as 0 and 1.
    /// Texts have no numeric value and are all NaN.
    ///
    /// - Complexity: O(rows)
    package func numbers() -> [Double] {
        let total = rows
        return [Double](unsafeUninitializedCapacity: total) { buffer, count in
            var start = 0
            for chunk in chunks {
                let end = start + chunk.rows
                chunk.fillNumbers(UnsafeMutableBufferPointer(rebasing: buffer[start..<end]))
                start = end
            }
            count = total
        }
    }
}

extension ColumnChunk {
    /// The values as numbers, as in `TableColumn.numbers()`.
    package func numbers() -> [Double] {
        [Double](unsafeUninitializedCapacity: rows) { buffer, count in
            fillNumbers(UnsafeMutableBufferPointer(rebasing: buffer[0..<rows]))
            count = rows
        }
    }

    /// Calls `body` with the values as numbers: those of a chunk of doubles without nulls are not copied.
    package func withNumbers<R>(_ body: (UnsafeBufferPointer<Double>) throws -> R) rethrows -> R {
        if case .doubles(let values) = values, nulls == nil { return try values.withUnsafeBufferPointer(body) }
        return try numbers().withUnsafeBufferPointer(body)
    }

    /// Writes all values as numbers to `target`, which has `rows` elements.
    func fillNumbers(_ target: UnsafeMutableBufferPointer<Double>) {
        switch values {
        case .integers(let values):
            // Safety: `target` and `values` both have `rows` elements.
            values.withUnsafeBufferPointer { source in
                if type == .timestamp {
                    for row in 0..<source.count { target[row] = Double(source[row]) / 1e6 }
                } else {
                    for row in 0..<source.count { target[row] = Double(source[row]) }
                }
            }
        case .decimals(let mantissas, let scale):
            let power = powersOfTen[scale]
            // Safety: as above.
            mantissas.withUnsafeBufferPointer { source in
                var largest: UInt64 = 0
                for row in 0..<source.count {
                    largest |= source[row].magnitude
                    target[row] = Double(source[row]) / power
                }
                guard largest >> 53 != 0 else { return }
                for row in 0..<source.count { target[row] = decimalValue(mantissa: source[row], scale: scale) }
            }
        case .doubles(let values): _ = target.update(fromContentsOf: values)
        case .booleans(let values): for row in values.indices { target[row] = Double(values[row]) }
        case .texts, .dictionary: target.update(repeating: .nan)
        }
        nulls?.forEachNull { target[$0] = .nan }
    }
}

/// `mantissa / 10^scale`, correctly rounded.
///
/// One division is exact for mantissas below 2^53 (Clinger 1990); others go through a correctly rounded parse of their digits.
@inline(__always)
func decimalValue(mantissa: Int64, scale: Int) -> Double {
    if mantissa.magnitude >> 53 == 0 { return Double(mantissa) / powersOfTen[scale] }
    return Double("\(mantissa)e-\(scale)") ?? Double(mantissa) / powersOfTen[scale]
}

/// 10^0 ... 10^22, each exact in a Double (Clinger 1990).
package let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

extension ColumnChunk {
    /// The value at a row that is not null as a number, as in `numbers()`.
    package func number(at row: Int) -> Double {
        switch values {
        case .integers(let values): type == .timestamp ? Double(values[row]) / 1e6 : Double(values[row])
        case .decimals(let mantissas, let scale): decimalValue(mantissa: mantissas[row], scale: scale)
        case .doubles(let values): values[row]
        case .booleans(let flags): Double(flags[row])
        case .texts, .dictionary: .nan
        }
    }
}
