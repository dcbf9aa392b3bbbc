/// Names and values, one pair a line, the values aligned.
struct FieldList {
    private var fields: [(name: String, value: String, tint: (String) -> String)] = []

    /// Adds a pair; an absent value is left out.
    ///
    /// - Parameter tint: colours the value. It is applied after the escaping of controls, which would undo it.
    mutating func add(_ name: String, _ value: String?, tint: @escaping (String) -> String = { $0 }) {
        if let value { fields.append((name, value, tint)) }
    }

    /// The pairs, without an end of line after the last. Long values stay whole: the terminal wraps them.
    func rendered(style: TextStyle = .plain) -> String {
        let width = fields.reduce(0) { max($0, DisplayWidth.of($1.name)) }
        return fields.map { field in
            let lines = PrintableText.block(field.value).split(separator: "\n", omittingEmptySubsequences: false)
            let indent = "\n" + String(repeating: " ", count: width + 2)
            return style.bold(DisplayWidth.padded(field.name, to: width, .left)) + "  "
                + field.tint(lines.joined(separator: indent))
        }.joined(separator: "\n")
    }
}
