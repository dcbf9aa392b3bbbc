import Telemetry

/// The short form of test series: `1 2 3`, `0+1x5`, `10-2x3`, `4x2`, `_`, `_x3`, `stale`, `NaN`, `Inf`.
///
/// Source: Prometheus documentation, "Unit testing for rules", section series.
enum SeriesNotation {
    /// Most values that a test series may have.
    static let limit = 100_000

    /// One value an interval; nil where there is none.
    ///
    /// Throws: `badField` for text that is not of this form.
    static func values(_ text: String) throws(RuleError) -> [Double?] {
        var values: [Double?] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            guard let part = part(word), values.count + part.count <= limit else {
                throw RuleError(
                    .badField("values", value: String(word), expected: "a value such as 1, 0+1x5, _ or stale"))
            }
            values += part
        }
        return values
    }

    private static func part(_ word: Substring) -> [Double?]? {
        if word == "_" { return [nil] }
        if word == "stale" { return [Staleness.marker] }
        if word.hasPrefix("_x") {
            return Int(word.dropFirst(2)).flatMap { (0...limit).contains($0) ? Array(repeating: nil, count: $0) : nil }
        }
        // An x repeats; there are no hexadecimal numbers here.
        if !word.contains("x"), let value = PromQLNumber.value(word) { return [value] }
        guard let cross = word.lastIndex(of: "x"), let count = Int(word[word.index(after: cross)...]),
            (0...limit).contains(count)
        else { return nil }
        let head = word[..<cross]
        if head == "stale" { return Array(repeating: Staleness.marker, count: count + 1) }
        if let value = PromQLNumber.value(head) { return Array(repeating: value, count: count + 1) }
        // The step's sign is the last one that is not of an exponent or at the start.
        var index = head.endIndex
        while index > head.startIndex {
            index = head.index(before: index)
            guard head[index] == "+" || head[index] == "-", index > head.startIndex else { continue }
            guard let start = PromQLNumber.value(head[..<index]), let step = PromQLNumber.value(head[index...]) else {
                continue
            }
            var (values, value): ([Double?], Double) = ([start], start)
            for _ in 0..<count {
                value += step
                values.append(value)
            }
            return values
        }
        return nil
    }

    /// The labels of a metric written as in exposition: `name{a="b"}`.
    ///
    /// Throws: what reading it as a selector throws, and `badField` for other matchers than `=`.
    static func labels(_ text: String) throws(RuleError) -> LabelSet {
        if text == "{}" || text.isEmpty { return .empty }
        guard case .selector(let selector) = try PromQLExpression(text).root,
            selector.matchers.allSatisfy({ $0.condition == .equal })
        else { throw RuleError(.badField("series", value: text, expected: "a metric with labels")) }
        return LabelSet(
            selector.matchers.map { Label($0.name, $0.value) }
                + (selector.name.map { [Label(LabelSet.metricName, $0)] } ?? []))
    }
}
