/// Step 2: the dialects that the sample's characters and the client's options allow.
enum Sniff2Candidates {
    static let delimiters: [UInt8] = Array(",;\t|^~: ".utf8)

    static func find(_ text: [UInt8], _ base: Dialect, options: ReadOptions) throws(CSVError) -> [Dialect] {
        let head = text.prefix(65_536)
        var present = [Bool](repeating: false, count: 256)
        for byte in head { present[Int(byte)] = true }
        let delimiters: [[UInt8]]
        if let given = options.delimiter {
            delimiters = [try delimiter(given)]
        } else {
            let occurring = Self.delimiters.filter { present[Int($0)] }.map { [$0] }
            delimiters = occurring.isEmpty ? [[UInt8(ascii: ",")]] : occurring
        }
        let quotes = try quotes(options, present)
        let escapes = try escapes(options, head, quotes)
        var result: [Dialect] = []
        for delimiter in delimiters {
            for quote in quotes where quote == nil || !delimiter.contains(quote ?? 0) {
                for escape in quote == nil && options.escape == nil ? [nil] : escapes {
                    for spacing in spacings(options, head, delimiter, quote) {
                        var dialect = base
                        dialect.delimiter = delimiter
                        dialect.quote = quote
                        dialect.escape = escape
                        dialect.escapesAnything =
                            escape != nil && (options.escapesAnything ?? (options.escape != nil))
                        dialect.doublesQuotes = options.doubleQuote ?? true
                        dialect.spacing = spacing
                        result.append(dialect)
                    }
                }
            }
        }
        guard !result.isEmpty else {
            throw .badOption(
                name: "quote", value: options.quote ?? "", expected: "a character that is not in the delimiter")
        }
        return result
    }

    /// The bytes of a delimiter as the client writes it.
    static func delimiter(_ given: String) throws(CSVError) -> [UInt8] {
        let text = given == "\\t" || given.lowercased() == "tab" ? "\t" : given.lowercased() == "space" ? " " : given
        let bytes = Array(text.utf8)
        guard (1...16).contains(bytes.count), !bytes.contains(10), !bytes.contains(13), !bytes.contains(34) else {
            throw .badOption(
                name: "delimiter", value: given, expected: "1 to 16 characters without line ends and double quotes")
        }
        return bytes
    }

    private static func quotes(_ options: ReadOptions, _ present: [Bool]) throws(CSVError) -> [UInt8?] {
        if let given = options.quote { return [try sign(given, "quote")] }
        var quotes: [UInt8?] = [UInt8(ascii: "\"")]
        // No quoting at all is never guessed: a broken quote would pass for text.
        if present[39] { quotes.append(39) }
        return quotes
    }

    /// Spaces around quotes may be no part of cells, where the sample has such spaces.
    private static func spacings(
        _ options: ReadOptions, _ head: ArraySlice<UInt8>, _ delimiter: [UInt8], _ quote: UInt8?
    ) -> [Dialect.Spacing] {
        if let given = options.spacing { return [given] }
        guard let quote, delimiter != [32] else { return [.kept] }
        let before = head.firstRange(of: delimiter + [32]) != nil && head.firstRange(of: [32, quote]) != nil
        return before || head.firstRange(of: [quote, 32]) != nil ? [.kept, .aroundQuotes] : [.kept]
    }

    private static func escapes(
        _ options: ReadOptions, _ head: ArraySlice<UInt8>, _ quotes: [UInt8?]
    ) throws(CSVError) -> [UInt8?] {
        if let given = options.escape {
            let escape = try sign(given, "escape")
            return [quotes.contains(escape) ? nil : escape]
        }
        let backslash = UInt8(ascii: "\\")
        let escapesQuote = zip(head, head.dropFirst()).contains { pair in
            pair.0 == backslash && quotes.contains(pair.1)
        }
        return escapesQuote ? [nil, backslash] : [nil]
    }

    /// A quote or escape character, or nil for none. What numbers are written with is neither.
    private static func sign(_ given: String, _ name: String) throws(CSVError) -> UInt8? {
        if given.isEmpty || given.lowercased() == "none" { return nil }
        let bytes = Array(given.utf8)
        let isNumeric = bytes.allSatisfy {
            $0 &- 48 <= 9 || "+-., ".utf8.contains($0) || $0 | 0x20 >= 97 && $0 | 0x20 <= 122
        }
        guard bytes.count == 1, bytes[0] < 128, bytes[0] != 10, bytes[0] != 13, !isNumeric else {
            throw .badOption(
                name: name, value: given,
                expected: "one ASCII character that is no letter, digit, space, point, comma, plus or minus, or none")
        }
        return bytes[0]
    }

    /// One ASCII character, or nil for none.
    static func character(_ given: String, _ name: String) throws(CSVError) -> UInt8? {
        if given.isEmpty || given.lowercased() == "none" { return nil }
        let bytes = Array(given.utf8)
        guard bytes.count == 1, bytes[0] > 32, bytes[0] < 127 else {
            throw .badOption(name: name, value: given, expected: "one visible ASCII character, or none")
        }
        return bytes[0]
    }
}
