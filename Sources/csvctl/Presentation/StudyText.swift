import Shared

/// Correlations, repeated rows and comparisons as tables.
enum StudyText {
    static func associations(
        _ reply: AssociationReply, top: Int, width: Int?, style: TextStyle = .plain
    ) -> String {
        var table = TextTable([
            .text("COLUMN"), .text("WITH"), .text("MEASURE"), .number("VALUE"), .number("SPEARMAN"), .number("ROWS"),
            .text(""),
        ])
        for pair in reply.pairs.prefix(max(0, top)) {
            table.add([
                pair.x, pair.y, pair.kind.replacing("_", with: " "), pair.value.map { fixed($0) } ?? "",
                pair.spearman.map { fixed($0) } ?? "", Quantities.count(pair.rows),
                Bar.text(abs(pair.value ?? 0), width: 20),
            ])
        }
        var lines = [
            style.bold(title(reply.dataset, reply.version, reply.rows)), table.rendered(width: width, style: style),
        ]
        if reply.pairs.count > top {
            lines.append("\(reply.pairs.count - max(0, top)) more pairs: --top \(reply.pairs.count)")
        }
        if let rows = reply.rankedRows { lines.append("Spearman of \(Quantities.count(rows)) evenly spaced rows") }
        lines += reply.leftOut.map { "left out: \(PrintableText.line($0.column)): \(PrintableText.line($0.reason))" }
        lines += reply.warnings.map { style.yellow("warning: \(PrintableText.line($0.text))") }
        return lines.joined(separator: "\n")
    }

    static func duplicates(_ reply: DuplicatesReply, width: Int?, style: TextStyle = .plain) -> String {
        let title = style.bold(title(reply.dataset, reply.version, reply.rows))
        guard reply.groups > 0 else { return title + "\nno row comes twice" }
        var table = TextTable([.number("TIMES"), .text("FIRST ROWS")])
        for group in reply.largest {
            table.add([Quantities.count(group.count), group.rows.map(String.init).joined(separator: ", ")])
        }
        let sum =
            "\(Quantities.count(reply.repeated)) rows repeat an earlier one, "
            + "\(Quantities.count(reply.groups)) different ones"
        return [title, sum, table.rendered(width: width, style: style)].joined(separator: "\n")
    }

    static func comparison(_ reply: ComparisonReply, width: Int?, style: TextStyle = .plain) -> String {
        var table = TextTable([
            .text("COLUMN"), .text("CHANGE"), .text("TYPE"), .number("PSI"), .number("KS"), .number("NULLS"),
            .number("BEFORE"), .number("MEAN"), .number("BEFORE"), .text("NEW"), .text("GONE"),
        ])
        for column in reply.columns {
            let types = [column.typeBefore, column.type].compactMap { $0?.rawValue }
            table.add([
                column.name, column.change == .same ? column.verdict.rawValue : column.change.rawValue,
                types.first == types.last ? types.first ?? "" : types.joined(separator: " to "),
                column.psi.map { fixed($0) } ?? "", column.ks.map { fixed($0) } ?? "",
                column.nullShare.map(Quantities.percent) ?? "", column.nullShareBefore.map(Quantities.percent) ?? "",
                column.mean.map(Quantities.number) ?? "", column.meanBefore.map(Quantities.number) ?? "",
                values(column.newValues), values(column.goneValues),
            ])
        }
        let before = reply.with
        let title =
            title(reply.dataset, reply.version, reply.rows) + ", before: "
            + title(before.dataset, before.version, before.rows)
        let verdict = "verdict: \(reply.verdict.rawValue)"
        return [
            style.bold(title), table.rendered(width: width, style: style),
            reply.verdict == .stable ? verdict : style.yellow(verdict),
        ].joined(separator: "\n")
    }

    static func rules(_ reply: DataRulesReply, width: Int?, style: TextStyle = .plain) -> String {
        let title = style.bold("\(PrintableText.line(reply.dataset)) version \(reply.version)")
        guard !reply.rules.isEmpty else { return title + "\nno rules" }
        var table = TextTable([.text("RULE"), .text("KIND"), .text("STATE"), .text("FOUND"), .text("ASKED FOR")])
        for (index, rule) in reply.rules.enumerated() {
            let result = reply.results.indices.contains(index) ? reply.results[index] : nil
            table.add([
                rule.name, rule.kind.rawValue, result.map { $0.passed ? "passed" : "FAILED" } ?? "not checked",
                result?.found ?? "", result?.expected ?? "",
            ])
        }
        return title + "\n" + table.rendered(width: width, style: style)
    }

    private static func values(_ values: ComparisonReply.Values?) -> String {
        guard let values, values.count > 0 else { return "" }
        let shown = values.most.prefix(2).map { DisplayWidth.truncated(PrintableText.line($0.value), to: 12) }
        let rest = values.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " +\(rest)" : "")
    }

    private static func title(_ dataset: String, _ version: Int, _ rows: Int) -> String {
        "\(PrintableText.line(dataset)) version \(version), \(Quantities.count(rows)) rows"
    }

    /// Three decimals, so that a column of them is read at a glance.
    static func fixed(_ value: Double) -> String {
        let thousandths = Int((abs(value) * 1000).rounded())
        let digits = String(thousandths % 1000)
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        return "\(sign)\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
