import Shared

extension LearnerParameter {
    /// The parameter as it stands in leaderboards.
    package var json: JSONValue {
        switch self {
        case .integer(let value): .integer(Int64(value))
        // JSON has one kind of number, so a whole one reads back as an integer; written as one it stays equal to itself.
        case .number(let value):
            value == value.rounded() && abs(value) < 1e15 ? .integer(Int64(value)) : .number(value)
        case .text(let value): .string(value)
        case .flag(let value): .bool(value)
        }
    }

    /// nil for what no parameter can be.
    package init?(json: JSONValue) {
        switch json {
        case .integer(let value): self = .integer(Int(value))
        case .number(let value): self = .number(value)
        case .string(let value): self = .text(value)
        case .bool(let value): self = .flag(value)
        case .null, .array, .object: return nil
        }
    }

    /// The value as a number; nil for texts and flags.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text, .flag: nil
        }
    }
}
