import Shared

/// The rows of one row group as CSV: commas, CR LF, quotes where they are needed, the exact text of every cell.
///
/// Written in two steps, columns first: each column becomes finished cells in a loop that knows its type, then rows are put together
/// by copying whole words.
package struct CSVBlock: Sendable {
    /// Puts `'` before texts that a spreadsheet would run as a formula. Source: OWASP, "CSV Injection".
    package var neutralisesFormulas: Bool

    package init(neutralisesFormulas: Bool) { self.neutralisesFormulas = neutralisesFormulas }

    /// - Complexity: O(bytes)
    package func bytes(_ chunks: [ColumnChunk], rows: Int) -> [UInt8] {
        let columns = chunks.map { $0.plainNumberCells() ?? CellColumn(quoted($0, isOnly: chunks.count == 1)) }
        let length = columns.reduce(0) { $0 + $1.length } + rows * (chunks.count + 1)
        return [UInt8](unsafeUninitializedCapacity: length + CellColumn.slack) { target, initialized in
            guard let target = target.baseAddress else { return }
            initialized = Self.interleave(columns, rows, to: target)
        }
    }

    /// Words are copied past the ends of cells, which are overwritten by what follows.
    ///
    /// Safety: `target` has room for all cells, separators and a word more; cells are read within their column's slack.
    private static func interleave(_ columns: [CellColumn], _ rows: Int, to target: UnsafeMutablePointer<UInt8>) -> Int
    {
        let sources = columns.map { (bytes: UnsafeRawPointer($0.bytes), offsets: $0.offsets) }
        var out = UnsafeMutableRawPointer(target)
        sources.withUnsafeBufferPointer { sources in
            for row in 0..<rows {
                for (bytes, offsets) in sources {
                    let start = Int(offsets[row])
                    let count = Int(offsets[row &+ 1]) &- start
                    var copied = 0
                    repeat {
                        let word = bytes.loadUnaligned(fromByteOffset: start &+ copied, as: SIMD16<UInt8>.self)
                        out.storeBytes(of: word, toByteOffset: copied, as: SIMD16<UInt8>.self)
                        copied &+= 16
                    } while copied < count
                    out += count
                    out.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
                    out += 1
                }
                // The last comma gives way to the end of the row.
                (out - 1).storeBytes(of: UInt16(0x0A0D).littleEndian, as: UInt16.self)
                out += 1
            }
        }
        return withExtendedLifetime(columns) { out - UnsafeMutableRawPointer(target) }
    }

    private func quoted(_ chunk: ColumnChunk, isOnly: Bool) -> TextArray {
        let texts = chunk.texts()
        let isNumber = chunk.type == .integer || chunk.type == .decimal
        var result = TextArray()
        result.reserve(rows: texts.count, bytes: texts.bytes.count + texts.count / 8)
        texts.bytes.withUnsafeBytes { bytes in
            for row in 0..<texts.count {
                let text = UnsafeRawBufferPointer(rebasing: bytes[texts.byteRange(row)])
                // An empty text is quoted, so that it reads back as a text and not as an absent value; so is an only cell, since an
                // empty line would be no row.
                let isEmptyText = text.isEmpty && (isOnly || chunk.type == .text && chunk.nulls?.isNull(row) != true)
                append(text, isEmptyText: isEmptyText, isNumber: isNumber, to: &result)
            }
        }
        return result
    }

    private func append(
        _ text: UnsafeRawBufferPointer, isEmptyText: Bool, isNumber: Bool, to cells: inout TextArray
    ) {
        let first = text.first ?? 0
        let isFormula = neutralisesFormulas && !isNumber && Self.startsFormula(first)
        guard
            isFormula || isEmptyText || first == UInt8(ascii: " ") || first == UInt8(ascii: "#")
                || Self.needsQuotes(text)
        else { return cells.append(text) }
        cells.bytes.append(UInt8(ascii: "\""))
        if isFormula { cells.bytes.append(UInt8(ascii: "'")) }
        for byte in text {
            if byte == UInt8(ascii: "\"") { cells.bytes.append(byte) }
            cells.bytes.append(byte)
        }
        cells.bytes.append(UInt8(ascii: "\""))
        cells.closeText()
    }

    /// A comma, a quote or a line end inside; eight bytes at a time.
    private static func needsQuotes(_ text: UnsafeRawBufferPointer) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func has(_ word: UInt64, _ byte: UInt64) -> UInt64 {
            let difference = word ^ (ones &* byte)
            return (difference &- ones) & ~difference
        }
        var position = 0
        while position + 8 <= text.count {
            let word = load64(text, position)
            if (has(word, 0x2C) | has(word, 0x22) | has(word, 0x0A) | has(word, 0x0D)) & (ones &<< 7) != 0 {
                return true
            }
            position += 8
        }
        while position < text.count {
            switch text[position] {
            case 0x2C, 0x22, 0x0A, 0x0D: return true
            default: position += 1
            }
        }
        return false
    }

    private static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }
}
