import Shared

extension RuleError.Fault {
    /// What is wrong, in one sentence without a full stop.
    package var text: String {
        switch self {
        case .unexpected(let found, let expected): "found \(found) where \(expected) belongs"
        case .unterminatedString: "a string has no closing quote"
        case .badNumber(let text): "\(Self.quoted(text)) is no number"
        case .badDuration(let text): "\(Self.quoted(text)) is no duration"
        case .badRegex(let pattern, let reason): "regular expression \(Self.quoted(pattern)): \(reason)"
        case .unknownFunction(let name, let nearest):
            "there is no function \(Self.quoted(name))" + Self.suggestion(nearest)
        case .unsupported(let name): "\(Self.quoted(name)) is not evaluated by csvand"
        case .argumentCount(let function, let expected, let found):
            "\(function) takes \(expected), found \(found)"
        case .wrongType(let what, let expected, let found): "\(what) must be \(expected), found \(found)"
        case .badMatching(let reason): reason
        case .emptySelector: "a selector needs a metric name or a matcher that does not match the empty text"
        case .badLabelName(let name): "\(Self.quoted(name)) is no label name"
        case .tooManySamples(let limit): "the expression reads more than \(limit) samples"
        case .timedOut: "the expression was not evaluated within the time allowed"
        case .badFactor(let value):
            "a smoothing factor must be between 0 and 1, found \(PromQLNumber.text(value))"
        case .overLimit(let limit, let found): "the rule returned \(found) series, the limit of its group is \(limit)"
        case .tooComplex(let limit): "the expression has more than \(limit) parts"
        case .duplicateSeries(let labels): "the result has two series with the labels \(labels)"
        case .manyMatches(let side, let labels):
            "several series of the \(side) side match the labels \(labels)"
        case .yaml(let reason): "this is no YAML: \(reason)"
        case .unknownField(let name, let nearest): "unknown field \(Self.quoted(name))" + Self.suggestion(nearest)
        case .missingField(let name): "the field \(Self.quoted(name)) is missing"
        case .badField(let name, let value, let expected):
            "\(Self.quoted(name)) must be \(expected), found \(Self.quoted(value))"
        case .duplicateName(let kind, let name): "two \(kind)s are named \(Self.quoted(name))"
        case .badTemplate(let text, let reason): "template \(Self.quoted(text)): \(reason)"
        case .unreadableFile(let path): "the file \(Self.quoted(path)) cannot be read"
        case .unknownMetric(let name, let nearest):
            "the daemon has no metric \(Self.quoted(name))" + Self.suggestion(nearest)
        case .unknownLabel(let name, let metric, let nearest):
            "metric \(metric) has no label \(Self.quoted(name))" + Self.suggestion(nearest)
        case .unknownLabelValue(let value, let label, let metric, let nearest):
            "label \(label) of metric \(metric) never has the value \(Self.quoted(value))" + Self.suggestion(nearest)
        case .unknownJob(let name, let nearest): "there is no job \(Self.quoted(name))" + Self.suggestion(nearest)
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .unsupported, .unknownFunction: "Write the rule with the functions listed in docs/rules.md."
        case .badRegex: "Use RE2 syntax; docs/rules.md lists what is matched."
        case .duplicateSeries, .manyMatches: "Aggregate or match on labels that tell the series apart."
        case .tooManySamples, .timedOut: "Ask for a shorter range, a longer step or fewer series."
        case .unknownMetric, .unknownLabel, .unknownLabelValue: "See docs/metrics.md for the names and values."
        case .unknownJob: "Name a job of prometheus.yml."
        case .unreadableFile: "Check the path and the permissions."
        default: "Correct the rule file and run csvctl rules check."
        }
    }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "; did you mean \(quoted($0))?" } ?? ""
    }

    /// A value shortened and with control characters escaped, in quotes.
    static func quoted(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars.prefix(80) {
            switch scalar {
            case "\n": text += "\\n"
            case "\"": text += "\\\""
            case _ where scalar.value < 32 || scalar.value == 127: text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"" + text + (value.unicodeScalars.count > 80 ? "…" : "") + "\""
    }
}

extension RuleError {
    package var problem: Problem {
        Problem(
            .ruleInvalid, description, remedy: fault.remedy,
            places: line > 0 ? [Problem.Place(line: line, column: file)] : nil)
    }
}
