import Shared

extension ColumnChunk {
    /// The rows of `range`, renumbered from 0.
    package func slice(_ range: Range<Int>) -> ColumnChunk {
        var exceptions = TextExceptions()
        for (index, row) in self.exceptions.rows.enumerated() where range.contains(Int(row)) {
            exceptions.append(row: Int(row) - range.lowerBound, text: self.exceptions.texts[index])
        }
        let sliced: ChunkValues
        switch values {
        case .integers(let values): sliced = .integers(Array(values[range]))
        case .decimals(let values, let scale): sliced = .decimals(Array(values[range]), scale: scale)
        case .doubles(let values): sliced = .doubles(Array(values[range]))
        case .booleans(let values): sliced = .booleans(Array(values[range]))
        case .texts(let texts): sliced = .texts(texts.slice(range))
        case .dictionary(let codes, let entries): sliced = .dictionary(codes: Array(codes[range]), entries: entries)
        }
        return ColumnChunk(type: type, values: sliced, nulls: nulls?.slice(range), style: style, exceptions: exceptions)
    }

    /// The given rows, in the given order; a row may come more than once.
    package func filter(rows: [Int]) -> ColumnChunk {
        var kept = TextExceptions()
        if !exceptions.isEmpty {
            for (place, row) in rows.enumerated() {
                if let index = exceptions.index(of: row) { kept.append(row: place, text: exceptions.texts[index]) }
            }
        }
        let gathered: ChunkValues
        switch values {
        case .integers(let values): gathered = .integers(rows.map { values[$0] })
        case .decimals(let values, let scale): gathered = .decimals(rows.map { values[$0] }, scale: scale)
        case .doubles(let values): gathered = .doubles(rows.map { values[$0] })
        case .booleans(let values): gathered = .booleans(rows.map { values[$0] })
        case .texts(let texts): gathered = .texts(texts.gather(rows))
        case .dictionary(let codes, let entries):
            gathered = .dictionary(codes: rows.map { codes[$0] }, entries: entries)
        }
        return ColumnChunk(type: type, values: gathered, nulls: nulls?.gather(rows), style: style, exceptions: kept)
    }
}
