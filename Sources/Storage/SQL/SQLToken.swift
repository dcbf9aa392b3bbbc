/// A word of an SQL text, as far as csvand must tell names, literals and punctuation apart.
struct SQLToken: Hashable {
    enum Kind: Hashable {
        /// A keyword or a bare name.
        case word
        /// A name in `""`, `[]` or backticks; `text` is without the quotes.
        case quotedName
        case string
        case number
        case symbol
        /// A string, name or comment that does not end.
        case unterminated
    }

    var kind: Kind
    var text: String
    /// Where it stands in the query, in UTF-8 bytes.
    var range: Range<Int>

    /// The tokens of `sql` without comments and white space.
    static func scan(_ sql: String) -> [SQLToken] {
        var scanner = SQLScanner(bytes: Array(sql.utf8))
        return scanner.scan()
    }
}

private struct SQLScanner {
    let bytes: [UInt8]
    var position = 0
    var tokens: [SQLToken] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func scan() -> [SQLToken] {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 9...13, 32: position += 1
            case UInt8(ascii: "-") where next == byte: skipLine()
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "'"): quoted(byte, .string)
            case UInt8(ascii: "\""), UInt8(ascii: "`"): quoted(byte, .quotedName)
            case UInt8(ascii: "["): quoted(UInt8(ascii: "]"), .quotedName)
            case 48...57: take(.number) { Self.isWord($0) || $0 == UInt8(ascii: ".") }
            case _ where Self.isWord(byte): take(.word, while: Self.isWord)
            default:
                position += 1
                append(.symbol, String(decoding: [byte], as: UTF8.self), from: position - 1)
            }
        }
        return tokens
    }

    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    private mutating func take(_ kind: SQLToken.Kind, while belongs: (UInt8) -> Bool) {
        let start = position
        while position < bytes.count, belongs(bytes[position]) { position += 1 }
        append(kind, String(decoding: bytes[start..<position], as: UTF8.self), from: start)
    }

    /// Takes a text up to `end`; a doubled `end` is one of its characters, except in brackets.
    private mutating func quoted(_ end: UInt8, _ kind: SQLToken.Kind) {
        var text: [UInt8] = []
        let start = position
        position += 1
        while position < bytes.count {
            if bytes[position] == end {
                guard end != UInt8(ascii: "]"), next == end else {
                    position += 1
                    return append(kind, String(decoding: text, as: UTF8.self), from: start)
                }
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        append(.unterminated, String(decoding: text, as: UTF8.self), from: start)
    }

    private mutating func append(_ kind: SQLToken.Kind, _ text: String, from start: Int) {
        tokens.append(SQLToken(kind: kind, text: text, range: start..<position))
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 10 { position += 1 }
    }

    private mutating func skipComment() {
        position += 2
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        // SQLite takes an unfinished comment as one to the end.
    }
}
