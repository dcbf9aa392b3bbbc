import Shared

extension ColumnChunk {
    /// Makes `texts` the exact texts of the cells: takes the style that writes most of them and keeps the rest as exceptions.
    package mutating func takeTexts(_ texts: TextArray, format: CellFormat = CellFormat()) {
        if case .texts(let own) = values, nulls == nil, own == texts {
            style = .plain
            exceptions = TextExceptions()
            return
        }
        var best: (style: TextStyle, exceptions: TextExceptions)?
        for candidate in candidateStyles(texts, format: format) {
            style = candidate
            guard let found = mismatches(texts, limit: best?.exceptions.rows.count ?? .max) else { continue }
            best = (candidate, found)
            if found.isEmpty { break }
        }
        style = best?.style ?? .plain
        exceptions = best?.exceptions ?? TextExceptions()
    }

    /// The cells whose text is not what `style` writes; nil when there are `limit` or more.
    private func mismatches(_ texts: TextArray, limit: Int) -> TextExceptions? {
        var result = TextExceptions()
        var bytes: [UInt8] = []
        for row in 0..<texts.count {
            bytes.removeAll(keepingCapacity: true)
            if nulls?.isNull(row) != true { appendStyled(at: row, to: &bytes) }
            let range = texts.byteRange(row)
            if bytes.count == range.count, bytes.elementsEqual(texts.bytes[range]) { continue }
            result.rows.append(UInt32(row))
            texts.append(textAt: row, to: &result.texts.bytes)
            result.texts.closeText()
            if result.rows.count >= limit { return nil }
        }
        return result
    }

    /// The styles that the first texts suggest, likeliest first.
    private func candidateStyles(_ texts: TextArray, format: CellFormat) -> [TextStyle] {
        let rows = (0..<texts.count).lazy.filter { nulls?.isNull($0) != true }
        guard let first = rows.first else { return [.plain] }
        switch type {
        case .text: return [.plain]
        case .date:
            let base = format.date ?? .iso
            return [true, false].map { .date(DateFormat(order: base.order, separator: base.separator, padded: $0)) }
        case .timestamp: return timestampStyles(texts[first], format: format)
        case .boolean:
            guard case .booleans(let flags) = values else { return [.plain] }
            let no = rows.first { flags[$0] == 0 }.map { texts[$0] }
            let yes = rows.first { flags[$0] != 0 }.map { texts[$0] }
            return [.words(false: no ?? format.words?.no ?? "false", true: yes ?? format.words?.yes ?? "true")]
        case .integer, .decimal: return numberStyles(rows.prefix(256).map { texts[$0] }, format: format)
        }
    }

    private func timestampStyles(_ first: String, format: CellFormat) -> [TextStyle] {
        var styles: [TextStyle] = []
        if let given = format.timestamp { styles.append(.timestamp(given)) }
        if let detected = TimestampFormat.detect([first]) { styles.append(.timestamp(detected)) }
        return styles.isEmpty ? [.timestamp(TimestampFormat())] : styles
    }

    private func numberStyles(_ sample: [String], format: CellFormat) -> [TextStyle] {
        let separator = format.decimalSeparator
        var styles: [TextStyle] = type == .integer || separator == UInt8(ascii: ".") ? [.plain] : []
        if type == .integer {
            if let padded = sample.first(where: { $0.utf8.drop { $0 == 45 }.first == 48 && $0.utf8.count > 1 }) {
                styles.insert(.zeroPadded(width: padded.utf8.drop { $0 == 45 }.count), at: 0)
            }
            if let grouping = format.grouping { styles.append(.grouped(grouping)) }
            styles.append(.trimmed(separator: separator, keepsOne: true))
            return styles
        }
        styles.append(.fixed(separator: separator, grouping: nil))
        if let grouping = format.grouping { styles.append(.fixed(separator: separator, grouping: grouping)) }
        styles.append(.trimmed(separator: separator, keepsOne: false))
        styles.append(.trimmed(separator: separator, keepsOne: true))
        return styles
    }
}
