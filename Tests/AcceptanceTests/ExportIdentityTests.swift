import Foundation
import Shared
import Testing

/// What is uploaded comes back from an export, cell by cell, whatever is in the cells.
@Suite(.serialized) struct ExportIdentityTests {
    private static let tables = 48
    private static let fixed = "&delimiter=,&quote=%22&escape=none&comment=none&header=true&encoding=utf-8&null_values="

    @Test(.timeLimit(.minutes(3)))
    func aRawExportReadsBackAsTheSameTable() async throws {
        try await withDaemon { daemon in
            for number in 0..<Self.tables {
                let table = HostileTable(seed: SeededRandom.seed &+ UInt64(number), isLong: number % 12 == 5)
                let told = "table \(number) of seed \(SeededRandom.seed)"
                let first = try await daemon.call(
                    .post, "/api/v1/datasets?name=a\(number)&delimiter=\(table.delimiterParameter)" + Self.rest(table),
                    type: "text/csv", body: table.csv)
                try #require(first.status == 201, "\(told): \(first.text)")
                #expect(try first.decoded(DatasetReply.self).rejected == 0, "\(told)")
                let before = try await daemon.texts(of: "a\(number)")
                try #require(table.difference(from: before) == nil, "\(told): \(table.difference(from: before) ?? "")")

                let export = try await daemon.get("/api/v1/datasets/a\(number)/export?raw=true")
                #expect(export.status == 200)
                let second = try await daemon.call(
                    .post, "/api/v1/datasets?name=b\(number)" + Self.fixed, type: "text/csv", body: export.body)
                try #require(second.status == 201, "\(told): \(second.text)")
                let after = try await daemon.texts(of: "b\(number)")
                #expect(after.columns == before.columns, "\(told)")
                #expect(after.rows.count == before.rows.count, "\(told)")
                for (row, (now, then)) in zip(after.rows, before.rows).enumerated() {
                    // A line cannot say that its only cell is no value, so that it is the empty text on the way back.
                    let then = then.count == 1 && then[0] == .null ? [.string("")] : then
                    let now = now.count == 1 && now[0] == .null ? [.string("")] : now
                    if now != then { Issue.record("\(told), row \(row): \(now) instead of \(then)") }
                }
                let again = try await daemon.get("/api/v1/datasets/b\(number)/export?raw=true")
                #expect(again.body == export.body, "\(told): a second export has other bytes")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func anExportForSpreadsheetsDiffersInNothingButApostrophesBeforeFormulas() async throws {
        try await withDaemon { daemon in
            for number in 0..<12 {
                let table = HostileTable(seed: SeededRandom.seed &+ 1_000 &+ UInt64(number), isLong: false)
                let told = "table \(number) of seed \(SeededRandom.seed)"
                let first = try await daemon.call(
                    .post, "/api/v1/datasets?name=a\(number)&delimiter=\(table.delimiterParameter)" + Self.rest(table),
                    type: "text/csv", body: table.csv)
                try #require(first.status == 201, "\(told): \(first.text)")
                let types = try first.decoded(DatasetReply.self).columns.map(\.type)
                let export = try await daemon.get("/api/v1/datasets/a\(number)/export")
                let second = try await daemon.call(
                    .post, "/api/v1/datasets?name=b\(number)" + Self.fixed, type: "text/csv", body: export.body)
                try #require(second.status == 201, "\(told): \(second.text)")
                let after = try await daemon.texts(of: "b\(number)")
                for (row, (now, cells)) in zip(after.rows, table.rows).enumerated() {
                    let wanted = zip(cells, types).map { cell, type in
                        let isNumber = type == .integer || type == .decimal
                        return !isNumber && cell.first.map { "=+-@\t\r".contains($0) || $0 == "\r\n" } == true
                            ? "'" + cell : cell
                    }
                    if now.map(\.plainText) != wanted {
                        Issue.record("\(told), row \(row): \(now) instead of \(wanted)")
                    }
                }
            }
        }
    }

    private static func rest(_ table: HostileTable) -> String {
        "&quote=%22&escape=none&comment=none&header=true&encoding=utf-8&null_values=&skip_rows=0"
    }
}

/// A random table of cells that readers and writers of CSV get wrong, as a file in one of the usual dialects.
private struct HostileTable {
    let delimiter: String
    let names: [String]
    let rows: [[String]]
    let csv: [UInt8]

    init(seed: UInt64, isLong: Bool) {
        var random = SeededRandom(seed)
        let delimiter = [",", ";", "\t", "|"][random.below(4)]
        let lineEnd = ["\n", "\r\n"][random.below(2)]
        let columns = 1 + random.below(6)
        var makers: [Int] = []
        for _ in 0..<columns { makers.append(random.below(4)) }
        names = (0..<columns).map {
            ["plain", "with, comma", "with \"quote\"", "é 名前 🎂", "=1+1", "a;b|c"][($0 + Int(seed % 6)) % 6]
        }
        var rows: [[String]] = []
        for _ in 0..<(1 + random.below(60)) {
            rows.append(makers.map { Self.cell($0, &random) })
        }
        if isLong {
            rows[random.below(rows.count)][random.below(columns)] = String(repeating: "long \"cell\",\n", count: 40_000)
        }
        self.rows = rows
        var text: [UInt8] = []
        for row in [names] + rows {
            for (column, cell) in row.enumerated() {
                if column > 0 { text += delimiter.utf8 }
                // An empty cell has quotes or none: a text, or no value.
                if cell.isEmpty, columns > 1, random.next() % 2 == 0 { continue }
                text += ("\"" + cell.replacing("\"", with: "\"\"") + "\"").utf8
            }
            text += lineEnd.utf8
        }
        self.delimiter = delimiter
        csv = text
    }

    var delimiterParameter: String { ["\t": "tab", ";": "%3B", "|": "%7C"][delimiter] ?? delimiter }

    /// Why an answer of `rows?values=text` is not this table; nil when it is.
    func difference(from reply: RowsReply) -> String? {
        if reply.columns != names { return "the columns are \(reply.columns)" }
        if reply.rows.count != rows.count { return "\(reply.rows.count) rows instead of \(rows.count)" }
        for (number, (found, wanted)) in zip(reply.rows, rows).enumerated() where found.map(\.plainText) != wanted {
            return "row \(number): \(found) instead of \(wanted)"
        }
        return nil
    }

    private static let hostile = [
        "", " ", "  ", "\"", "\"\"", "\"\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "a\nb", "a\r\nb", "a\rb",
        "\n\n", ",\n\"", "'",
        "'x'", "\u{FEFF}", "\u{FEFF}x", "x\u{FEFF}", "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "-", "=", " lead",
        "trail ", " both ", "\tt\t",
        "#", "# no comment", "\\", "\\\"", "\\n", "a\\", "NULL", "NA", "null", "nan", "N/A", "-0", "007", "1.50", "1,5",
        "1.234,5",
        "1e5", "inf", "true", "TRUE", "01/02/2020", "2020-02-30", "\0", "a\0b", "é", "e\u{301}", "名前", "🎂", "👩‍👩‍👧",
        "\u{202E}x",
        "\u{2028}", "\u{85}", "\u{A0}", "\u{7F}", "\u{1B}[31m", "sep=;", "a,b", "\"a\",\"b\"", "a\"b", "a\"\"b", "\"a",
        "a\"",
        "9223372036854775808", "00000000000000000000001", "1_000", "0x10", "٣", "½", "<b>", "${x}", "%00", "..",
        "\u{FFFD}",
    ]

    private static func cell(_ maker: Int, _ random: inout SeededRandom) -> String {
        switch maker {
        case 0: return hostile[random.below(hostile.count)]
        case 1:
            var text = ""
            for _ in 0..<random.below(5) { text += hostile[random.below(hostile.count)] }
            return text
        // Columns that have a type, with exceptions.
        case 2:
            return random.below(8) == 0
                ? ""
                : [
                    "\(random.below(1000) - 500)", "+\(random.below(9))", "0\(random.below(99))", " \(random.below(9))",
                ][random.below(4)]
        default: return random.below(6) == 0 ? "" : "\(random.below(99)).\(random.below(10))\(random.below(10))"
        }
    }
}
