import Shared

/// Finds the dialect of a CSV from its first bytes, in the numbered steps beside this file.
package enum Sniffer {
    /// - Parameter isWhole: the sample is the whole input, so that its last line is complete.
    /// - Throws: every `CSVError` that the first bytes can show.
    package static func sniff(
        _ sample: [UInt8], isWhole: Bool, options: ReadOptions = ReadOptions(), limits: ReadLimits = ReadLimits()
    ) throws(CSVError) -> DialectFinding {
        guard !sample.isEmpty else { throw .empty }
        let encoding = try Sniff1Encoding.find(sample, isWhole: isWhole, options: options)
        let text = utf8(sample, encoding.encoding, isWhole: isWhole)
        var base = Dialect(encoding: encoding.encoding)
        var reasons = [encoding.reason]
        var options = options
        var start = DataStart(byte: 0, line: 1)
        if options.delimiter == nil, options.skipRows == nil, let (delimiter, length) = declaredDelimiter(text) {
            // Excel's own convention.
            options.delimiter = delimiter
            options.skipRows = 1
            start = DataStart(byte: length, line: 2)
            base.skipRows = 1
        } else if let lines = options.skipRows, lines > 0 {
            start = skip(lines, text)
            base.skipRows = lines
            if start.byte >= text.count { throw .dialectMismatch(.nothingAfterSkippedLines(lines: lines)) }
        }
        guard text.contains(where: { $0 != 10 && $0 != 13 && $0 != 32 && $0 != 9 }) else { throw .empty }
        let candidates = try Sniff2Candidates.find(Array(text[start.byte...]), base, options: options)
        let scored = try Sniff3Consistency.find(text, candidates, from: start, isWhole: isWhole, options: options)
        reasons += scored.reasons
        let structure = try Sniff4Structure.find(
            text, scored.dialect, from: start, isWhole: isWhole, options: options)
        reasons += structure.reasons
        if structure.columns > limits.columns {
            throw .tooManyColumns(count: structure.columns, limit: limits.columns)
        }
        let types = try Sniff5Types.find(structure, options: options)
        reasons += types.reasons
        var dialect = types.dialect
        let (lineEnding, lineReason) = Sniff6Refinement.lineEnding(text, quote: dialect.quote)
        dialect.lineEnding = lineEnding
        reasons.append(lineReason)
        return try finding(text, dialect, structure, reasons, isWhole: isWhole, options: options, limits: limits)
    }

    private static func finding(
        _ text: [UInt8], _ dialect: Dialect, _ structure: Sniff4Structure.Finding, _ reasons: [String], isWhole: Bool,
        options: ReadOptions, limits: ReadLimits
    ) throws(CSVError) -> DialectFinding {
        let (names, warnings) = Sniff6Refinement.names(structure)
        for name in options.types.keys.sorted() where !names.contains(name) {
            throw .unknownColumn(name: name, columns: names)
        }
        let first = structure.rows[0]
        let start =
            dialect.header
            ? DataStart(byte: first.end, line: first.endLine) : DataStart(byte: first.byte, line: first.line)
        var plans = names.map { ColumnPlan(name: $0, given: options.types[$0]) }
        // Given types must not hide what order the dates have.
        let open = names.map { ColumnPlan(name: $0) }
        let verdicts = Sniff5Types.verdicts(text, dialect, open, from: start, isWhole: isWhole, limits: limits)
        for column in plans.indices {
            plans[column].floor = verdicts[column].type
            guard let given = plans[column].given, given == .date || given == .timestamp else { continue }
            let order = verdicts[column].type == given ? verdicts[column].orders.preferred : nil
            plans[column].orders = order.map { DateOrders($0) } ?? givenOrder(structure, column)
        }
        let data = structure.rows.dropFirst(dialect.header ? 1 : 0)
        let types = zip(plans, verdicts).map { plan, verdict in
            plan.given ?? verdict.column.type
        }
        return DialectFinding(
            dialect: dialect, reasons: reasons, names: names, types: types,
            sample: data.prefix(20).map { $0.cells.prefix(names.count).map(\.string) }, warnings: warnings,
            plans: plans, dataStart: start)
    }

    /// The order that most dates of a column allow, where the client says that it has dates and not all are.
    private static func givenOrder(_ structure: Sniff4Structure.Finding, _ column: Int) -> DateOrders {
        var counts: [DateFormat.Order: Int] = [:]
        for row in structure.rows.dropFirst() where column < row.cells.count {
            let orders = row.cells[column].withCell { DateCell(prefixOf: $0)?.orders ?? [] }
            for order in DateFormat.Order.allCases where orders.contains(DateOrders(order)) {
                counts[order, default: 0] += 1
            }
        }
        let most = counts.values.max() ?? 0
        let order = DateFormat.Order.allCases.first { counts[$0] == most && most > 0 }
        return order.map { DateOrders($0) } ?? .yearMonthDay
    }

    private static func utf8(_ sample: [UInt8], _ encoding: Dialect.Encoding, isWhole: Bool) -> [UInt8] {
        let mark = encoding.markLength(sample)
        if encoding == .utf8 { return sample }
        if encoding == .utf8BOM { return Array(sample[mark...]) }
        var transcoder = Transcoder(encoding)
        let buffer = GroupBuffer()
        sample.withUnsafeBufferPointer {
            transcoder.transcode(UnsafeBufferPointer(rebasing: $0[mark...]), isFinal: isWhole, to: buffer)
        }
        return Array(
            UnsafeBufferPointer(start: buffer.text + GroupBuffer.front, count: buffer.end - GroupBuffer.front))
    }

    /// The delimiter that a first line `sep=;` names, and the line's length.
    private static func declaredDelimiter(_ text: [UInt8]) -> (String, Int)? {
        guard text.count > 5, text.starts(with: Array("sep=".utf8)), text[5] == 10 || text[5] == 13 else { return nil }
        let length = text[5] == 13 && text.count > 6 && text[6] == 10 ? 7 : 6
        return (String(decoding: [text[4]], as: UTF8.self), length)
    }

    private static func skip(_ lines: Int, _ text: [UInt8]) -> DataStart {
        var position = 0
        var line = 1
        while position < text.count, line <= lines {
            if text[position] == 10 || text[position] == 13 {
                if text[position] == 13, position + 1 < text.count, text[position + 1] == 10 { position += 1 }
                line += 1
            }
            position += 1
        }
        return line > lines ? DataStart(byte: position, line: line) : DataStart(byte: text.count, line: line)
    }
}
