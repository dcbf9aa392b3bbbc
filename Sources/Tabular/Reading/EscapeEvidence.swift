/// Whether rows that do not read well as they are do so with a backslash before quotes.
enum EscapeEvidence {
    private static let backslash = UInt8(ascii: "\\")

    /// Whether the row that starts at `start` has escaped quotes and, read with them, exactly `columns` cells without a stray quote.
    ///
    /// - Complexity: O(bytes of the row)
    static func isFound(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int = 0, quote: UInt8, delimiter: [UInt8], columns: Int
    ) -> Bool {
        var position = start
        var cells = 1
        var escapes = 0
        var isCellStart = true
        func isDelimiter() -> Bool {
            text[position...].prefix(delimiter.count).elementsEqual(delimiter)
        }
        while position < text.count, text[position] != 10, text[position] != 13 {
            if isDelimiter() {
                cells += 1
                position += delimiter.count
                isCellStart = true
                continue
            }
            guard text[position] == quote else {
                position += 1
                isCellStart = false
                continue
            }
            guard isCellStart else { return false }
            isCellStart = false
            position += 1
            while position < text.count, text[position] != quote || text[position...].dropFirst().first == quote {
                let isPair = text[position] == backslash || text[position] == quote
                if text[position] == backslash, text[position...].dropFirst().first == quote { escapes += 1 }
                position += isPair ? 2 : 1
            }
            guard position < text.count else { return false }
            position += 1
            guard position == text.count || text[position] == 10 || text[position] == 13 || isDelimiter() else {
                return false
            }
        }
        return escapes > 0 && cells == columns
    }

    /// Whether the sample has a backslash before a quote: then it has been decided there what that means.
    static func isDecided(by sample: [UInt8], quote: UInt8?) -> Bool {
        guard let quote else { return true }
        return sample.firstRange(of: [backslash, quote]) != nil
    }
}
