import Shared

extension TableColumn {
    /// The values as numbers, one a row: NaN where null; dates as days and timestamps as seconds since 1970; booleans as 0 and 1.
    /// Texts have no numeric value and are all NaN.
    ///
    /// - Complexity: O(rows)
    package func numbers() -> [Double] {
        var result = [Double]()
        result.reserveCapacity(rows)
        for chunk in chunks {
            let start = result.count
            switch chunk.values {
            case .integers(let values):
                let unit = chunk.type == .timestamp ? 1e6 : 1
                for value in values { result.append(Double(value) / unit) }
            case .decimals(let mantissas, let scale):
                let power = powersOfTen[scale]
                for mantissa in mantissas { result.append(Double(mantissa) / power) }
            case .doubles(let values): result.append(contentsOf: values)
            case .booleans(let values): for value in values { result.append(Double(value)) }
            case .texts, .dictionary: for _ in 0..<chunk.rows { result.append(.nan) }
            }
            if let nulls = chunk.nulls {
                for row in 0..<chunk.rows where nulls.isNull(row) { result[start + row] = .nan }
            }
        }
        return result
    }
}

/// 10^0 ... 10^22, each exact in a Double (Clinger 1990).
let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
