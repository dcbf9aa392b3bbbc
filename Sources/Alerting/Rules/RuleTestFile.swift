import Telemetry

/// A file of promtool's `test rules`, run by the daemon's own evaluator.
package struct RuleTestFile: Sendable {
    /// Most values of all series of a file: a few characters can stand for very many.
    static let mostValues = 5_000_000

    struct InputSeries: Sendable {
        var labels: LabelSet
        var values: [Double?]
    }

    struct ExpectedAlerts: Sendable {
        var at: Int64
        var alert: String
        var alerts: [ExpectedAlert]
        var line: Int
    }

    struct ExpectedAlert: Sendable, Hashable {
        var labels: [String: String]
        var annotations: [String: String]
    }

    struct ExpectedSamples: Sendable {
        var at: Int64
        var query: PromQLQuery
        var samples: [VectorSample]
        var line: Int
    }

    struct TestGroup: Sendable {
        var name: String
        var interval: Int64
        var series: [InputSeries]
        var alerts: [ExpectedAlerts]
        var expressions: [ExpectedSamples]
    }

    package let path: String
    /// As the file names them, relative to it.
    package let ruleFiles: [String]
    let evaluationInterval: Int64
    let groups: [TestGroup]

    /// Reads a test file.
    ///
    /// Throws: `RuleError` with file, line and column.
    package static func parse(_ yaml: String, path: String) throws(RuleError) -> RuleTestFile {
        let root = try YAMLField.root(yaml, file: path)
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        let fields = try root.fields(["rule_files", "evaluation_interval", "group_eval_order", "tests"])
        var ruleFiles: [String] = []
        for field in try fields["rule_files"]?.list() ?? [] { ruleFiles.append(try field.text()) }
        let interval = try fields["evaluation_interval"]?.duration() ?? 60_000
        var groups: [TestGroup] = []
        var values = 0
        for field in try fields["tests"]?.list() ?? [] {
            groups.append(try group(field, interval: interval, lines, values: &values))
        }
        return RuleTestFile(
            path: path, ruleFiles: ruleFiles, evaluationInterval: max(1, interval == 0 ? 60_000 : interval),
            groups: groups)
    }

    private static func group(
        _ field: YAMLField, interval: Int64, _ lines: [Substring], values: inout Int
    ) throws(RuleError) -> TestGroup {
        let fields = try field.fields(["name", "interval", "input_series", "alert_rule_test", "promql_expr_test"])
        var group = TestGroup(
            name: try fields["name"]?.text() ?? "", interval: try fields["interval"]?.duration() ?? interval,
            series: [],
            alerts: [], expressions: [])
        for one in try fields["input_series"]?.list() ?? [] {
            group.series.append(try series(one, lines))
            values += group.series.last?.values.count ?? 0
            guard values <= mostValues else {
                throw one.error(
                    .badField("values", value: String(values), expected: "at most \(mostValues) values in a file"))
            }
        }
        for one in try fields["alert_rule_test"]?.list() ?? [] { group.alerts.append(try alerts(one)) }
        for one in try fields["promql_expr_test"]?.list() ?? [] { group.expressions.append(try samples(one, lines)) }
        return group
    }

    private static func series(_ field: YAMLField, _ lines: [Substring]) throws(RuleError) -> InputSeries {
        let fields = try field.fields(["series", "values"])
        guard let series = fields["series"], let values = fields["values"] else {
            throw field.error(.missingField(fields["series"] == nil ? "series" : "values"))
        }
        let (name, notation) = (try series.text(), try values.text())
        do throws(RuleError) {
            return InputSeries(labels: try SeriesNotation.labels(name), values: try SeriesNotation.values(notation))
        } catch {
            throw (error.line > 0 ? series : values).placing(error, source: lines)
        }
    }

    private static func alerts(_ field: YAMLField) throws(RuleError) -> ExpectedAlerts {
        let fields = try field.fields(["eval_time", "alertname", "exp_alerts"])
        guard let name = try fields["alertname"]?.text() else { throw field.error(.missingField("alertname")) }
        var alerts: [ExpectedAlert] = []
        for one in try fields["exp_alerts"]?.list() ?? [] {
            let parts = try one.fields(["exp_labels", "exp_annotations"])
            var labels = try texts(parts["exp_labels"])
            labels["alertname"] = name
            alerts.append(ExpectedAlert(labels: labels, annotations: try texts(parts["exp_annotations"])))
        }
        return ExpectedAlerts(
            at: try fields["eval_time"]?.duration() ?? 0, alert: name, alerts: alerts, line: field.node.mark?.line ?? 0)
    }

    private static func texts(_ field: YAMLField?) throws(RuleError) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in try field?.mapping() ?? [] { texts[name] = try value.text() }
        return texts
    }

    private static func samples(_ field: YAMLField, _ lines: [Substring]) throws(RuleError) -> ExpectedSamples {
        let fields = try field.fields(["expr", "eval_time", "exp_samples"])
        guard let source = fields["expr"] else { throw field.error(.missingField("expr")) }
        let query: PromQLQuery
        let text = try source.text()
        do throws(RuleError) { query = try PromQLQuery(text) } catch { throw source.placing(error, source: lines) }
        var samples: [VectorSample] = []
        for one in try fields["exp_samples"]?.list() ?? [] {
            let parts = try one.fields(["labels", "value"])
            let labels = try parts["labels"]?.text() ?? ""
            do throws(RuleError) {
                samples.append(
                    VectorSample(labels: try SeriesNotation.labels(labels), value: try parts["value"]?.number() ?? 0))
            } catch {
                throw (parts["labels"] ?? one).placing(error, source: lines)
            }
        }
        return ExpectedSamples(
            at: try fields["eval_time"]?.duration() ?? 0, query: query, samples: samples,
            line: field.node.mark?.line ?? 0)
    }
}
