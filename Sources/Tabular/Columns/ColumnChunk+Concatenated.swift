import Shared

extension ColumnChunk {
    /// The rows of `chunks` one after the other, exact texts kept; nil for no chunk, or when 4 GB do not hold the texts.
    ///
    /// Decimals of different scales get one scale where 64 bits hold it, else become doubles. The style is the first chunk's;
    /// cells that another chunk wrote otherwise become exceptions.
    package static func concatenated(_ chunks: [ColumnChunk]) -> ColumnChunk? {
        guard let first = chunks.first else { return nil }
        if chunks.count == 1 { return first }
        guard let values = ChunkValues.concatenated(chunks.map(\.values)) else { return nil }
        var result = ColumnChunk(type: first.type, values: values, style: first.style)
        var nulls = NullBitmap(rows: values.count)
        var start = 0
        for chunk in chunks {
            chunk.nulls?.forEachNull { nulls.setNull(start + $0) }
            start += chunk.rows
        }
        if nulls.nullCount > 0 { result.nulls = nulls }
        let sameWriting = chunks.allSatisfy {
            $0.style == first.style && $0.values.writesAs(values, style: first.style)
        }
        if sameWriting {
            start = 0
            for chunk in chunks {
                guard result.exceptions.texts.bytes.count + chunk.exceptions.texts.bytes.count < 1 << 32 else {
                    return nil
                }
                for row in chunk.exceptions.rows { result.exceptions.rows.append(UInt32(start) + row) }
                result.exceptions.texts.append(contentsOf: chunk.exceptions.texts)
                start += chunk.rows
            }
            return result
        }
        var bytes: [UInt8] = []
        start = 0
        for chunk in chunks {
            let texts = chunk.texts()
            for row in 0..<chunk.rows {
                bytes.removeAll(keepingCapacity: true)
                if nulls.isNull(start + row) == false { result.appendStyled(at: start + row, to: &bytes) }
                if bytes.elementsEqual(texts.bytes[texts.byteRange(row)]) { continue }
                guard result.exceptions.texts.bytes.count + texts.bytes.count < 1 << 32 else { return nil }
                result.exceptions.append(row: start + row, text: texts[row])
            }
            start += chunk.rows
        }
        return result
    }
}

extension ChunkValues {
    /// Whether these values, made part of `whole`, are still written the same in one style.
    fileprivate func writesAs(_ whole: ChunkValues, style: TextStyle) -> Bool {
        switch (self, whole) {
        case (.decimals(_, let own), .decimals(_, let common)):
            if case .fixed = style { return own == common }
            return true
        case (.decimals, .doubles), (.integers, .decimals), (.integers, .doubles): return false
        default: return true
        }
    }

    fileprivate static func concatenated(_ parts: [ChunkValues]) -> ChunkValues? {
        if let whole = joinedIntegers(parts) ?? joinedDecimals(parts) ?? joinedDoubles(parts) { return whole }
        if let whole = joinedBooleans(parts) { return whole }
        return joinedTexts(parts)
    }

    private static func joinedIntegers(_ parts: [ChunkValues]) -> ChunkValues? {
        var joined: [Int64] = []
        for part in parts {
            guard case .integers(let values) = part else { return nil }
            joined.append(contentsOf: values)
        }
        return .integers(joined)
    }

    private static func joinedBooleans(_ parts: [ChunkValues]) -> ChunkValues? {
        var joined: [UInt8] = []
        for part in parts {
            guard case .booleans(let flags) = part else { return nil }
            joined.append(contentsOf: flags)
        }
        return .booleans(joined)
    }

    private static func joinedDecimals(_ parts: [ChunkValues]) -> ChunkValues? {
        var scale = 0
        for case .decimals(_, let own) in parts { scale = max(scale, own) }
        var joined: [Int64] = []
        for part in parts {
            let (values, own): ([Int64], Int)
            switch part {
            case .decimals(let mantissas, let scale): (values, own) = (mantissas, scale)
            case .integers(let integers): (values, own) = (integers, 0)
            default: return nil
            }
            let power = Int64(integerPowersOfTen[scale - own])
            for value in values {
                let (scaled, overflow) = value.multipliedReportingOverflow(by: power)
                if overflow { return nil }
                joined.append(scaled)
            }
        }
        return .decimals(joined, scale: scale)
    }

    private static func joinedDoubles(_ parts: [ChunkValues]) -> ChunkValues? {
        var joined: [Double] = []
        for part in parts {
            switch part {
            case .doubles(let values): joined.append(contentsOf: values)
            case .decimals(let mantissas, let scale):
                joined.append(contentsOf: mantissas.lazy.map { decimalValue(mantissa: $0, scale: scale) })
            case .integers(let integers): joined.append(contentsOf: integers.lazy.map(Double.init))
            default: return nil
            }
        }
        return .doubles(joined)
    }

    private static func joinedTexts(_ parts: [ChunkValues]) -> ChunkValues? {
        var result = TextArray()
        for part in parts {
            switch part {
            case .texts(let texts):
                guard result.bytes.count + texts.bytes.count < 1 << 32 else { return nil }
                result.append(contentsOf: texts)
            case .dictionary(let codes, let entries):
                for code in codes {
                    entries.append(textAt: Int(code), to: &result.bytes)
                    guard result.bytes.count < 1 << 32 else { return nil }
                    result.closeText()
                }
            default: return nil
            }
        }
        return .texts(result)
    }
}
