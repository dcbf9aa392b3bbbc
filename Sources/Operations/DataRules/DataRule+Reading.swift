import Shared

extension DataRule {
    /// The most rules of a dataset.
    static let most = 200
    private static let keys = ["name", "kind", "column", "min", "max", "within", "where", "severity"]

    /// Reads the rules of `{"rules":[...]}`, or of the list alone.
    ///
    /// - Throws: `rule.invalid` that names the rule by its number from 1, the key and what it must be.
    static func read(_ document: JSONValue) throws(Problem) -> [DataRule] {
        var list = document
        if case .object(let fields) = document {
            guard let rules = fields["rules"], fields.count == 1 else {
                throw invalid("The rules are not a list.", key: "rules")
            }
            list = rules
        }
        guard case .array(let items) = list else { throw invalid("The rules are not a list.", key: "rules") }
        guard items.count <= most else {
            throw invalid("There are \(items.count) rules; a dataset has at most \(most).", key: "rules")
        }
        var rules: [DataRule] = []
        for (index, item) in items.enumerated() {
            let rule = try DataRule(item, number: index + 1)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw invalid(
                    "Rule \(index + 1) has the name \(rule.name.quotedForMessage) of an earlier one.", key: "name")
            }
            rules.append(rule)
        }
        return rules
    }

    private init(_ json: JSONValue, number: Int) throws(Problem) {
        guard case .object(let fields) = json else { throw Self.invalid("Rule \(number) is no object.", key: "rules") }
        func fail(_ key: String, _ expected: String) -> Problem {
            let given = fields[key].map { " is \($0.plainText.quotedForMessage), but" } ?? " is missing;"
            return Self.invalid("\(key) of rule \(number)\(given) must be \(expected).", key: key)
        }
        for key in fields.keys.sorted() where !Self.keys.contains(key) {
            let nearest = Spelling.nearest(to: key, among: Self.keys).map { ", did you mean \($0)?" } ?? ""
            throw Self.invalid("Rule \(number) has the unknown key \(key.quotedForMessage)\(nearest)", key: key)
        }
        func text(_ key: String) throws(Problem) -> String? {
            guard let value = fields[key] else { return nil }
            guard case .string(let text) = value, !text.isEmpty, text.count <= 4_000 else { throw fail(key, "a text") }
            return text
        }
        func bound(_ key: String) throws(Problem) -> JSONValue? {
            switch fields[key] {
            case nil: return nil
            case .integer(let value)?: return .integer(value)
            case .number(let value)? where value.isFinite: return .number(value)
            case .string(let text)? where text.count <= 64: return .string(text)
            default: throw fail(key, "a number, or a date as text")
            }
        }
        guard let name = try text("name"), name.count <= 100 else {
            throw fail("name", "a text of up to 100 characters")
        }
        guard let kind = try text("kind").flatMap(Kind.init) else {
            throw fail("kind", "one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.init(name: name, kind: kind)
        column = try text("column")
        expression = try text("where")
        min = try bound("min")
        max = try bound("max")
        if let value = fields["within"] {
            switch value {
            case .integer(let share) where share >= 0: within = Double(share)
            case .number(let share) where share >= 0 && share.isFinite: within = share
            default: throw fail("within", "a share such as 0.3")
            }
        }
        if let value = try text("severity") {
            guard let known = Severity(rawValue: value) else { throw fail("severity", "warning or critical") }
            severity = known
        }
        try check(fail)
    }

    /// Each kind with what it needs.
    private func check(_ fail: (String, String) -> Problem) throws(Problem) {
        switch kind {
        case .nullShare:
            if column == nil { throw fail("column", "a column") }
            guard let max = number(max), (0...1).contains(max) else { throw fail("max", "a share from 0 to 1") }
        case .distinct, .range:
            if column == nil { throw fail("column", "a column") }
            if min == nil, max == nil { throw fail("max", "given, or min") }
            if kind == .distinct, [min, max].contains(where: { $0 != nil && number($0) == nil }) {
                throw fail(number(min) == nil && min != nil ? "min" : "max", "a number")
            }
        case .rowCount:
            if min == nil, max == nil, within == nil { throw fail("within", "given, or min or max") }
            for (key, value) in [("min", min), ("max", max)] where value != nil && number(value) == nil {
                throw fail(key, "a number")
            }
        case .condition:
            if expression == nil { throw fail("where", "an SQL expression") }
            if let max, !(number(max).map { (0...1).contains($0) } ?? false) {
                throw fail("max", "a share from 0 to 1")
            }
        case .schema: break
        case .drift: if let max, (number(max) ?? -1) < 0 { throw fail("max", "a number from 0") }
        }
    }

    /// The number of a bound.
    func number(_ bound: JSONValue?) -> Double? {
        switch bound {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    private static func invalid(_ text: String, key: String) -> Problem {
        Problem(
            .ruleInvalid, text, remedy: "See docs/data-rules.md for the keys of each kind.",
            places: [.init(column: key)])
    }
}
