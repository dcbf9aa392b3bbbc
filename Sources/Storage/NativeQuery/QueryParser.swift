import Shared

/// Reads a SELECT of the native path from its tokens. Whatever it does not know for certain it refuses: SQLite then reads the query.
///
/// Source: SQLite's grammar, `parse.y`, for precedence and for the text that names a column of the result.
struct QueryParser {
    private let sql: [UInt8]
    let tokens: [SQLToken]
    let parameters: [JSONValue]
    var position = 0
    var parametersUsed = 0
    /// Expressions within expressions; bounded so that no query exhausts the stack.
    var depth = 0

    init(_ sql: String, _ tokens: [SQLToken], parameters: [JSONValue]) {
        self.sql = Array(sql.utf8)
        self.tokens = tokens
        self.parameters = parameters
    }

    /// The whole query.
    mutating func statement() throws(NativeRefusal) -> SelectStatement {
        var statement = SelectStatement()
        try expect("select")
        if take("distinct") { statement.distinct = true } else { _ = take("all") }
        repeat { statement.items.append(try item()) } while take(symbol: ",")
        try expect("from")
        statement.source = try source()
        statement.join = try join()
        if take("where") { statement.filter = try expression() }
        if take("group") {
            try expect("by")
            let used = parametersUsed
            repeat { statement.groups.append(try expression()) } while take(symbol: ",")
            // A literal number is a place among the columns, a parameter of the same value is not.
            guard parametersUsed == used else { throw NativeRefusal("parameter in GROUP BY") }
        }
        if take("having") { statement.having = try expression() }
        if take("order") {
            try expect("by")
            let used = parametersUsed
            repeat { statement.order.append(try orderTerm()) } while take(symbol: ",")
            guard parametersUsed == used else { throw NativeRefusal("parameter in ORDER BY") }
        }
        if take("limit") {
            statement.limit = try count()
            if take("offset") { statement.offset = try count() }
        }
        while take(symbol: ";") {}
        guard position == tokens.count else { throw NativeRefusal("more than the grammar has") }
        guard parametersUsed == parameters.count else { throw NativeRefusal("number of parameters") }
        return statement
    }

    private mutating func item() throws(NativeRefusal) -> SelectStatement.Item {
        if take(symbol: "*") { return SelectStatement.Item(text: "") }
        if position + 2 < tokens.count, isSymbol(".", at: position + 1), isSymbol("*", at: position + 2) {
            let table = try name()
            position += 2
            return SelectStatement.Item(table: table, text: "")
        }
        let start = position
        let expression = try expression()
        let text = text(from: start)
        return SelectStatement.Item(expression: expression, alias: try alias(), text: text)
    }

    /// The text from a token to the next one to be read, as SQLite names columns by it.
    private func text(from start: Int) -> String {
        let end = position < tokens.count ? tokens[position].range.lowerBound : sql.count
        var bytes = sql[tokens[start].range.lowerBound..<end]
        while let last = bytes.last, (9...13).contains(last) || last == 32 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func alias() throws(NativeRefusal) -> String? {
        if take("as") { return try name() }
        guard position < tokens.count else { return nil }
        let token = tokens[position]
        guard token.kind == .quotedName || (token.kind == .word && !QueryKeywords.contains(token.text)) else {
            return nil
        }
        position += 1
        return token.text
    }

    private mutating func source() throws(NativeRefusal) -> SelectStatement.Source {
        let name = try name()
        return SelectStatement.Source(name: name, alias: try alias())
    }

    private mutating func join() throws(NativeRefusal) -> SelectStatement.Join? {
        if take("inner") { try expect("join") } else if !take("join") { return nil }
        var join = SelectStatement.Join(source: try source())
        if take("on") {
            join.condition = try expression()
        } else {
            try expect("using")
            guard take(symbol: "(") else { throw NativeRefusal("USING without parentheses") }
            join.using = try name()
            guard take(symbol: ")") else { throw NativeRefusal("USING with several columns") }
        }
        return join
    }

    private mutating func orderTerm() throws(NativeRefusal) -> SelectStatement.OrderTerm {
        var term = SelectStatement.OrderTerm(expression: try expression())
        if take("desc") { term.descending = true } else { _ = take("asc") }
        if take("nulls") {
            if take("first") {
                term.nullsFirst = true
            } else {
                try expect("last")
                term.nullsFirst = false
            }
        }
        return term
    }

    /// A limit or an offset: a number or a parameter, not negative.
    private mutating func count() throws(NativeRefusal) -> Int {
        guard case .integer(let value) = try primary(), value >= 0 else { throw NativeRefusal("limit") }
        return Int(value)
    }

    // MARK: Tokens

    /// A bare or quoted name that is no keyword.
    mutating func name() throws(NativeRefusal) -> String {
        guard position < tokens.count else { throw NativeRefusal("end of the query") }
        let token = tokens[position]
        guard token.kind == .quotedName || (token.kind == .word && !QueryKeywords.contains(token.text)) else {
            throw NativeRefusal("no name: \(token.text)")
        }
        position += 1
        return token.text
    }

    func isWord(_ word: String, at index: Int) -> Bool {
        index < tokens.count && tokens[index].kind == .word && tokens[index].text.asciiLowercased == word
    }

    func isSymbol(_ symbol: String, at index: Int) -> Bool {
        index < tokens.count && tokens[index].kind == .symbol && tokens[index].text == symbol
    }

    mutating func take(_ word: String) -> Bool {
        guard isWord(word, at: position) else { return false }
        position += 1
        return true
    }

    mutating func take(symbol: String) -> Bool {
        guard isSymbol(symbol, at: position) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ word: String) throws(NativeRefusal) {
        guard take(word) else { throw NativeRefusal("\(word.uppercased()) expected") }
    }
}
