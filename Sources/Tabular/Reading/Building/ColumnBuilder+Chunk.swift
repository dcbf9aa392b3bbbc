import Shared

extension ColumnBuilder {
    /// The chunk of all rows. Call once, after the last `append`.
    func finish(_ grid: CellGrid) -> ColumnChunk {
        // Only where a given type fits each cell but not all of them together: the text is kept rather than nothing.
        if mismatch != nil { retake(as: .text, grid) }
        if kind == .undecided { return finishUndecided(grid) }
        var finished: (ChunkValues, TextStyle)
        switch kind {
        case .integer: finished = finishIntegers()
        case .decimal:
            guard let decimals = finishDecimals(grid) else {
                retake(as: .double, grid)
                return finish(grid)
            }
            finished = decimals
        case .double: finished = finishDoubles(grid)
        case .boolean: finished = finishBooleans(grid)
        case .date: finished = finishDates()
        case .timestamp: finished = finishTimestamps()
        case .text, .undecided: finished = (finishTexts(grid), .plain)
        }
        noteNulls()
        evidence.type = nullCount == rows ? nil : kind.type
        evidence.delivered = kind.type
        evidence.style = finished.1
        return ColumnChunk(
            type: kind.type, values: finished.0, nulls: nulls, style: finished.1, exceptions: exceptions)
    }

    private func noteNulls() {
        evidence.hasNulls = nullCount > 0
        evidence.hasNullsAsText = nullCount > 0 && nullCount > exceptions.emptyTextCount
    }

    private var nulls: NullBitmap? { nullCount > 0 ? NullBitmap(words: nullWords, rows: rows) : nil }

    /// Takes all rows again as a wider kind.
    private func retake(as wider: Kind, _ grid: CellGrid) {
        restart(as: wider)
        append(grid, upTo: rows)
    }

    /// Nothing but nulls: the type is the expected one, so that it need not be recast.
    private func finishUndecided(_ grid: CellGrid) -> ColumnChunk {
        let type = plan.given ?? plan.floor ?? .text
        if type == .text {
            retake(as: .text, grid)
            let chunk = finish(grid)
            // Where other groups have values, their type is the column's, whatever the empty cells here were quoted with.
            if plan.given == nil, plan.floor == nil {
                evidence.type = nil
                evidence.hasNulls = rows > 0
            }
            return chunk
        }
        noteNulls()
        evidence.delivered = type
        let values: ChunkValues =
            switch type {
            case .decimal: .decimals([Int64](repeating: 0, count: rows), scale: 0)
            case .boolean: .booleans([UInt8](repeating: 0, count: rows))
            default: .integers([Int64](repeating: 0, count: rows))
            }
        return ColumnChunk(type: type, values: values, nulls: nulls, style: .plain, exceptions: exceptions)
    }
}
