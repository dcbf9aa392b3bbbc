import Telemetry

/// A Prometheus rule file, read and checked.
package struct RuleFile: Sendable {
    package let path: String
    package let groups: [RuleGroup]

    package var rules: [Rule] { groups.flatMap(\.rules) }

    /// Reads a rule file.
    ///
    /// Throws: `RuleError` with file, line and column; the first that is found.
    package static func parse(_ yaml: String, path: String) throws(RuleError) -> RuleFile {
        let root = try YAMLField.root(yaml, file: path)
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        let fields = try root.fields(["groups"])
        guard let list = fields["groups"] else { throw root.error(.missingField("groups")) }
        var groups: [RuleGroup] = []
        for field in try list.list() {
            let group = try RuleGroup(field, lines: lines)
            if groups.contains(where: { $0.name == group.name }) {
                throw field.error(.duplicateName(kind: "group", group.name))
            }
            groups.append(group)
        }
        return RuleFile(path: path, groups: groups)
    }
}

/// Rules that are evaluated one after the other.
package struct RuleGroup: Sendable {
    package let name: String
    /// How often the group is evaluated at most; nil for every evaluation.
    package let intervalMilliseconds: Int64?
    /// Most series that a rule may return; 0 for any number.
    package let limit: Int
    package let rules: [Rule]

    init(_ field: YAMLField, lines: [Substring]) throws(RuleError) {
        let fields = try field.fields(["name", "interval", "limit", "rules"])
        guard let name = try fields["name"]?.text(), !name.isEmpty else { throw field.error(.missingField("name")) }
        limit =
            try fields["limit"].map { field throws(RuleError) in
                guard let count = Int(try field.text()), count >= 0 else { throw field.bad("a whole number") }
                return count
            } ?? 0
        self.name = name
        intervalMilliseconds = try fields["interval"]?.duration()
        var rules: [Rule] = []
        for one in try fields["rules"]?.list() ?? [] { rules.append(try Rule(one, group: name, lines: lines)) }
        self.rules = rules
    }
}

/// One alerting or recording rule.
package struct Rule: Sendable {
    package enum Kind: Sendable, Equatable { case alert, record }

    package let kind: Kind
    package let group: String
    package let name: String
    package let expression: PromQLExpression
    package let forMilliseconds: Int64
    package let keepFiringForMilliseconds: Int64
    package let labels: [(name: String, template: TemplateText)]
    package let annotations: [(name: String, template: TemplateText)]
    package let line: Int
    /// Where the text of the expression begins.
    let expressionPlace: (file: String, line: Int, column: Int)

    /// Moves an error within the expression to its place in the file, by lines where it has several.
    package func placing(_ error: RuleError) -> RuleError {
        var placed = error
        placed.file = expressionPlace.file
        placed.line = expressionPlace.line + max(1, error.line) - 1
        placed.column = expressionPlace.column + max(1, error.column) - 1
        return placed
    }

    /// Names the rule within its file.
    package var key: String { group + "/" + name }

    init(_ field: YAMLField, group: String, lines: [Substring]) throws(RuleError) {
        let fields = try field.fields([
            "alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations",
        ])
        guard let named = fields["alert"] ?? fields["record"] else { throw field.error(.missingField("alert")) }
        if fields["alert"] != nil, let record = fields["record"] {
            throw record.error(.badMatching("a rule is alert or record, not both"))
        }
        kind = fields["alert"] == nil ? .record : .alert
        name = try named.text()
        self.group = group
        line = field.node.mark?.line ?? 0
        guard !name.isEmpty else { throw named.bad("a name") }
        if kind == .record {
            guard Self.isMetricName(name) else { throw named.bad("a metric name") }
            for alien in ["for", "keep_firing_for", "annotations"] {
                if let found = fields[alien] { throw found.error(.unknownField(alien, nearest: nil)) }
            }
        }
        guard let source = fields["expr"] else { throw field.error(.missingField("expr")) }
        let text = try source.text()
        do throws(RuleError) {
            expression = try PromQLExpression(text)
            if expression.root.type == .range || expression.root.type == .string {
                throw RuleError(
                    .wrongType(
                        what: "the result of a rule", expected: "an instant vector or a scalar",
                        found: expression.root.type.phrase), line: 1, column: 1)
            }
        } catch {
            throw source.placing(error, source: lines)
        }
        // The node itself is not sendable, its place is: errors found later name the line of the expression.
        let place = source.placing(RuleError(.emptySelector, line: 1, column: 1), source: lines)
        expressionPlace = (source.file, place.line, place.column)
        forMilliseconds = try fields["for"]?.duration() ?? 0
        keepFiringForMilliseconds = try fields["keep_firing_for"]?.duration() ?? 0
        labels = try Self.templates(fields["labels"], areLabels: true)
        annotations = try Self.templates(fields["annotations"], areLabels: false)
    }

    private static func templates(
        _ field: YAMLField?, areLabels: Bool
    ) throws(RuleError) -> [(name: String, template: TemplateText)] {
        guard let field else { return [] }
        var result: [(name: String, template: TemplateText)] = []
        for (name, value) in try field.mapping() {
            guard PromQLParser.isLabelName(name), !areLabels || name != LabelSet.metricName else {
                throw value.error(.badField("label name", value: name, expected: "letters, digits and underscores"))
            }
            let text = try value.text()
            do throws(TemplateText.Failure) {
                result.append((name, try TemplateText(text)))
            } catch {
                throw value.error(.badTemplate(text, reason: error.reason))
            }
        }
        return result
    }

    private static func isMetricName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.isPromQLLetter || first == ":" else { return false }
        return name.unicodeScalars.allSatisfy { $0.isPromQLLetter || $0.isPromQLDigit || $0 == ":" }
    }
}
