import Shared

extension ColumnChunk {
    /// Bytes of a text that a zone keeps.
    private static var zonePrefix: Int { 64 }

    /// The smallest and the largest value that is not null; nil when there is none. NaN is no value here.
    ///
    /// - Complexity: O(rows)
    package func zone() -> (min: ZoneValue, max: ZoneValue)? {
        switch values {
        case .integers(let values): return bounds(values).map { (.integer($0), .integer($1)) }
        case .decimals(let mantissas, let scale):
            return bounds(mantissas).map { least, greatest in
                (
                    .real(decimalValue(mantissa: least, scale: scale)),
                    .real(decimalValue(mantissa: greatest, scale: scale))
                )
            }
        case .doubles(let values): return realBounds(values)
        case .booleans(let values): return bounds(values).map { (.integer(Int64($0)), .integer(Int64($1))) }
        case .texts(let texts): return textBounds(texts, used: nil)
        case .dictionary(let codes, let entries):
            var used = [Bool](repeating: false, count: entries.count)
            for (row, code) in codes.enumerated() where nulls?.isNull(row) != true { used[Int(code)] = true }
            return textBounds(entries, used: used)
        }
    }

    private func bounds<V: FixedWidthInteger>(_ values: [V]) -> (V, V)? {
        var least = V.max
        var greatest = V.min
        if let nulls {
            guard nulls.nullCount < rows else { return nil }
            for row in values.indices where !nulls.isNull(row) {
                least = min(least, values[row])
                greatest = max(greatest, values[row])
            }
        } else {
            guard !values.isEmpty else { return nil }
            for value in values {
                least = min(least, value)
                greatest = max(greatest, value)
            }
        }
        return (least, greatest)
    }

    private func realBounds(_ values: [Double]) -> (ZoneValue, ZoneValue)? {
        var least = Double.infinity
        var greatest = -Double.infinity
        for row in values.indices where nulls?.isNull(row) != true && !values[row].isNaN {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        return least <= greatest ? (.real(least), .real(greatest)) : nil
    }

    private func textBounds(_ texts: TextArray, used: [Bool]?) -> (ZoneValue, ZoneValue)? {
        guard let (least, greatest) = texts.bounds(isUsed: { used?[$0] ?? (nulls?.isNull($0) != true) }) else {
            return nil
        }
        return (prefix(texts, least), prefix(texts, greatest))
    }

    /// Cut between characters, so that the prefix is text.
    private func prefix(_ texts: TextArray, _ index: Int) -> ZoneValue {
        let range = texts.byteRange(index)
        guard range.count > Self.zonePrefix else { return .text(prefix: texts[index], exact: true) }
        var end = range.lowerBound + Self.zonePrefix
        while end > range.lowerBound, texts.bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return .text(prefix: String(decoding: texts.bytes[range.lowerBound..<end], as: UTF8.self), exact: false)
    }
}
