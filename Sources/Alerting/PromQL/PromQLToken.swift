/// A token of PromQL with its place.
struct PromQLToken: Equatable {
    enum Kind: Equatable {
        /// A word: metric, label, function, keyword. May hold colons.
        case word(String)
        case number(Double)
        /// Milliseconds.
        case duration(Int64)
        case string(String)
        case symbol(String)
        case end
    }

    var kind: Kind
    /// Scalars from the start of the text.
    var offset: Int

    /// How an error message names it.
    var text: String {
        switch kind {
        case .word(let word): RuleError.Fault.quoted(word)
        case .number(let value): "number \(PromQLNumber.text(value))"
        case .duration(let value): "duration \(PromQLDuration.text(value))"
        case .string(let value): "string \(RuleError.Fault.quoted(value))"
        case .symbol(let symbol): RuleError.Fault.quoted(symbol)
        case .end: "the end"
        }
    }
}
