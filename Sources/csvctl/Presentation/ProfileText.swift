import Shared

/// The profile of a dataset or of a column, with histograms.
enum ProfileText {
    static func overview(_ profile: ProfileReply, width: Int?, style: TextStyle = .plain) -> String {
        var table = TextTable([
            .text("COLUMN"), .text("TYPE"), .number("NULLS"), .number("DISTINCT"), .number("MIN"), .number("MEAN"),
            .number("MAX"), .text("DISTRIBUTION"),
        ])
        for column in profile.columns {
            let share = Double(column.nulls) / Double(max(1, column.count + column.nulls))
            table.add([
                column.name, column.type.rawValue, Quantities.percent(share),
                (column.exact ? "" : "~") + Quantities.count(column.distinct), shortened(column.min),
                column.mean.map(Quantities.number) ?? "", shortened(column.max), distribution(column),
            ])
        }
        let title =
            "\(PrintableText.line(profile.dataset)) version \(profile.version), "
            + "\(Quantities.count(profile.rows)) rows"
        let warnings = profile.warnings.map {
            style.yellow("warning: \(PrintableText.line($0.column)): \(PrintableText.line($0.text))")
        }
        return ([style.bold(title), table.rendered(width: width, style: style)] + warnings).joined(separator: "\n")
    }

    /// A histogram of numbers as blocks, or the most frequent values with their shares.
    private static func distribution(_ column: ColumnProfileReply) -> String {
        if let bins = column.histogram, !bins.isEmpty { return Sparkline.counts(bins.map(\.count), width: 20) }
        let total = max(1, column.count)
        return column.top.prefix(2).map {
            "\(DisplayWidth.truncated($0.value, to: 14)) \(Quantities.percent(Double($0.count) / Double(total)))"
        }.joined(separator: ", ")
    }

    private static func shortened(_ text: String?) -> String {
        text.map { DisplayWidth.truncated(PrintableText.line($0), to: 16) } ?? ""
    }

    static func column(_ column: ColumnProfileReply, width: Int?, style: TextStyle = .plain) -> String {
        var sections = [facts(column, style: style)]
        if let quantiles = column.quantiles, !quantiles.isEmpty {
            var table = TextTable(quantiles.map { .number("q" + Quantities.number($0.q)) })
            table.add(quantiles.map { Quantities.number($0.value) })
            sections.append(table.rendered(width: width, style: style))
        }
        if let bins = column.histogram, !bins.isEmpty {
            let labels = bins.map { "\(Quantities.number($0.from)) … \(Quantities.number($0.to))" }
            sections.append(bars(labels, bins.map(\.count), style: style, title: "RANGE"))
        }
        if !column.top.isEmpty {
            sections.append(bars(column.top.map(\.value), column.top.map(\.count), style: style, title: "VALUE"))
        }
        return sections.joined(separator: "\n\n")
    }

    private static func facts(_ column: ColumnProfileReply, style: TextStyle) -> String {
        var fields = FieldList()
        fields.add("column", column.name)
        fields.add("type", column.type.rawValue)
        fields.add("values", Quantities.count(column.count))
        fields.add("nulls", Quantities.count(column.nulls))
        let error = column.error.map { ", within \(Quantities.percent($0))" } ?? ""
        fields.add("distinct", Quantities.count(column.distinct) + (column.exact ? "" : " (estimated\(error))"))
        fields.add("min", column.min)
        fields.add("max", column.max)
        fields.add("mean", column.mean.map(Quantities.number))
        fields.add("standard deviation", column.standardDeviation.map(Quantities.number))
        fields.add("skewness", column.skewness.map(Quantities.number))
        fields.add("kurtosis", column.kurtosis.map(Quantities.number))
        fields.add("outliers", column.outliers.map(Quantities.count))
        fields.add(
            "text length",
            column.textLength.map { "\($0.min) … \($0.max), mean \(Quantities.number($0.mean))" })
        return fields.rendered(style: style)
    }

    private static func bars(_ labels: [String], _ counts: [Int], style: TextStyle, title: String) -> String {
        let most = max(1, counts.max() ?? 1)
        var table = TextTable([
            TextTable.Heading(title: title, alignment: title == "RANGE" ? .right : .left), .number("COUNT"), .text(""),
        ])
        for (label, count) in zip(labels, counts) {
            table.add([
                DisplayWidth.truncated(PrintableText.line(label), to: 40), Quantities.count(count),
                Bar.text(Double(count) / Double(most), width: 30),
            ])
        }
        return table.rendered(style: style)
    }
}
