import Foundation
import Shared

/// Datasets, rows and rejected rows as people read them.
enum DatasetText {
    static func list(_ datasets: [DatasetReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !datasets.isEmpty else { return "no datasets" }
        var table = TextTable([
            .text("NAME"), .number("VERSION"), .number("ROWS"), .number("COLUMNS"), .number("REJECTED"),
            .number("SIZE"), .text("CREATED"), .text("ID"),
        ])
        for dataset in datasets {
            table.add([
                dataset.name, String(dataset.version), Quantities.count(dataset.rows),
                String(dataset.columns.count), Quantities.count(dataset.rejected), Quantities.bytes(dataset.bytes),
                Quantities.relative(dataset.createdAt, now: now), dataset.id,
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func detail(_ dataset: DatasetReply, now: Date, width: Int?, style: TextStyle = .plain) -> String {
        var fields = FieldList()
        fields.add("name", dataset.name)
        fields.add("description", dataset.description)
        fields.add("version", "\(dataset.version) (\(Quantities.relative(dataset.createdAt, now: now)))")
        fields.add("id", dataset.id)
        fields.add("rows", Quantities.count(dataset.rows))
        fields.add(
            "rejected",
            Quantities.count(dataset.rejected)
                + (dataset.rejected > 0 ? " (see `csvctl datasets rejects \(dataset.name)`)" : ""))
        fields.add(
            "size",
            Quantities.bytes(dataset.bytes) + " of CSV"
                + (dataset.storedBytes.map { ", " + Quantities.bytes($0) + " stored" } ?? ""))
        fields.add("dialect", dialect(dataset.dialect))
        for reason in dataset.dialect.reasons { fields.add("", reason) }
        for warning in dataset.warnings ?? [] { fields.add("warning", warning) { style.yellow($0) } }
        var table = TextTable([.text("COLUMN"), .text("TYPE"), .text("NULLS"), .text("FORMAT")])
        for column in dataset.columns {
            table.add([column.name, column.type.rawValue, column.nullable ? "yes" : "no", column.format ?? ""])
        }
        return fields.rendered(style: style) + "\n\n" + table.rendered(width: width, style: style)
    }

    /// `utf-8, delimiter ",", quote """, lf, header`
    static func dialect(_ dialect: DialectReply) -> String {
        var parts = [dialect.encoding, "delimiter \(quoted(dialect.delimiter))"]
        parts.append(dialect.quote.map { "quote \(quoted($0))" } ?? "no quotes")
        if let escape = dialect.escape { parts.append("escape \(quoted(escape))") }
        if let comment = dialect.comment { parts.append("comment \(quoted(comment))") }
        parts.append("line end \(dialect.lineEnding)")
        parts.append(dialect.header ? "header" : "no header")
        if dialect.skipRows > 0 { parts.append("\(dialect.skipRows) lines skipped") }
        if dialect.decimal != "." { parts.append("decimal \(quoted(dialect.decimal))") }
        if !dialect.nullValues.isEmpty {
            parts.append("null " + dialect.nullValues.map(quoted).joined(separator: " "))
        }
        return parts.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String { text == "\t" ? "tab" : "'\(text)'" }

    /// Cells of rows as a table. A column whose values are all numbers or null is aligned to the right.
    static func rows(
        columns: [String], rows: [[JSONValue]], width: Int?, style: TextStyle = .plain
    ) -> String {
        let headings = columns.indices.map { index in
            let isNumeric = !rows.isEmpty && rows.allSatisfy { index >= $0.count || $0[index].isNumberOrNull }
            return TextTable.Heading(title: PrintableText.line(columns[index]), alignment: isNumeric ? .right : .left)
        }
        var table = TextTable(headings)
        // Null and the empty text look the same in a table, so null is named.
        for row in rows { table.add(row.map { $0 == .null ? "null" : $0.plainText }) }
        return table.rendered(width: width, style: style)
    }

    static func rejects(_ rejects: [RejectReply], width: Int?, style: TextStyle = .plain) -> String {
        guard !rejects.isEmpty else { return "no rejected rows" }
        var table = TextTable([
            .number("NO"), .number("VERSION"), .number("LINE"), .number("BYTE"), .text("COLUMN"), .text("REASON"),
            .text("TEXT"),
        ])
        for reject in rejects {
            table.add([
                String(reject.number), reject.upload.map(String.init) ?? "-", String(reject.line), String(reject.byte),
                reject.column ?? "-", reject.reason, reject.text,
            ])
        }
        return table.rendered(width: width, style: style)
    }
}

extension JSONValue {
    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .null, .integer, .number: true
        default: false
        }
    }
}
