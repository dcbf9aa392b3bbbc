import Shared

extension TransformStep {
    /// What happens to the rest of a recipe when this step fails; nil leaves it to the recipe.
    package var onError: TransformRequest.OnError? {
        get throws(TransformError) {
            guard let text = try text("on_error") else { return nil }
            guard let policy = TransformRequest.OnError(rawValue: text) else { throw bad("on_error", "stop or skip") }
            return policy
        }
    }

    func bad(_ key: String, _ expected: String) -> TransformError {
        .badValue(op: op, key: key, value: fields[key]?.plainText ?? "", expected: expected)
    }

    func text(_ key: String) throws(TransformError) -> String? {
        guard let value = fields[key] else { return nil }
        guard case .string(let text) = value else { throw bad(key, "a text") }
        return text
    }

    /// A text that the operation cannot do without.
    func required(_ key: String) throws(TransformError) -> String {
        guard let text = try text(key) else { throw .missing(op: op, key: key) }
        return text
    }

    func integer(_ key: String) throws(TransformError) -> Int? {
        guard let value = fields[key] else { return nil }
        guard case .integer(let number) = value else { throw bad(key, "a whole number") }
        return Int(number)
    }

    func number(_ key: String) throws(TransformError) -> Double? {
        switch fields[key] {
        case nil: return nil
        case .integer(let number): return Double(number)
        case .number(let number) where number.isFinite: return number
        default: throw bad(key, "a number")
        }
    }

    func flag(_ key: String) throws(TransformError) -> Bool? {
        guard let value = fields[key] else { return nil }
        guard case .bool(let flag) = value else { throw bad(key, "true or false") }
        return flag
    }

    /// One text or a list of texts.
    func texts(_ key: String, _ expected: String) throws(TransformError) -> [String]? {
        switch fields[key] {
        case nil: return nil
        case .string(let text): return [text]
        case .array(let items):
            return try items.map { item throws(TransformError) in
                guard case .string(let text) = item else { throw bad(key, expected) }
                return text
            }
        default: throw bad(key, expected)
        }
    }

    /// One of several words, the first when it is absent.
    func choice(_ key: String, _ words: [String]) throws(TransformError) -> String {
        guard let word = try text(key) else { return words.first ?? "" }
        guard words.contains(word) else { throw bad(key, words.joined(separator: " or ")) }
        return word
    }
}

// MARK: Columns

extension TransformStep {
    /// The names under `columns` or `column`; nil when neither is there.
    func names() throws(TransformError) -> [String]? {
        let one = try texts("column", "a column name")
        return try texts("columns", "a list of column names") ?? one
    }

    /// Places of the columns that the step names, or of all that `applies` accepts.
    func selected(_ table: ChunkedTable, where applies: (ColumnType) -> Bool = { _ in true }, types: String = "any")
        throws(TransformError) -> [Int]
    {
        guard let names = try names() else {
            return table.columns.indices.filter { applies(table.columns[$0].type) }
        }
        var places: [Int] = []
        for name in names {
            let place = try self.place(of: name, in: table)
            let type = table.columns[place].type
            guard applies(type) else { throw .wrongType(op: op, column: name, type: type.rawValue, expected: types) }
            if !places.contains(place) { places.append(place) }
        }
        return places
    }

    /// As `selected`, for operations that must be told which columns.
    func named(_ table: ChunkedTable) throws(TransformError) -> [Int] {
        guard let names = try names(), !names.isEmpty else { throw .missing(op: op, key: "column") }
        return try selected(table)
    }

    func place(of name: String, in table: ChunkedTable) throws(TransformError) -> Int {
        guard let place = table.columns.firstIndex(where: { $0.name == name }) else {
            throw .unknownColumn(
                op: op, name: name, nearest: Spelling.nearest(to: name, among: table.columns.map(\.name)))
        }
        return place
    }

    /// The columns under `by`; nil when it is absent.
    func grouping(_ table: ChunkedTable) throws(TransformError) -> [Int]? {
        try texts("by", "a list of column names")?.map { name throws(TransformError) in try place(of: name, in: table) }
    }

    /// A name for a column that no other has.
    func newName(_ name: String, key: String, in table: ChunkedTable, except place: Int? = nil) throws(TransformError) {
        let isTaken = table.columns.indices.contains { $0 != place && table.columns[$0].name == name }
        guard !name.isEmpty, !isTaken else {
            throw .badValue(op: op, key: key, value: name, expected: "a name that no other column has")
        }
    }
}
