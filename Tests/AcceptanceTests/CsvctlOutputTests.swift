import Foundation
import Shared
import Testing

@testable import csvctl

@Suite("csvctl: tables, numbers and texts")
struct CsvctlOutputTests {
    @Test("columns are aligned by display width, numbers to the right")
    func alignment() {
        var table = TextTable([.text("NAME"), .number("ROWS")])
        table.add(["été", "7"])
        table.add(["東京", "1,234"])
        table.add(["e\u{301}t", "10"])
        #expect(table.rendered() == "NAME   ROWS\nété       7\n東京  1,234\ne\u{301}t       10")
    }

    @Test("a table too wide for the terminal cuts texts, never numbers")
    func truncation() {
        var table = TextTable([.text("NAME"), .number("ROWS"), .text("COMMENT")])
        table.add(["short", "123,456,789", "a comment that goes on and on"])
        let text = table.rendered(width: 32)
        #expect(text == "NAME          ROWS  COMMENT\nshort  123,456,789  a comment t…")
        #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 32 })
    }

    @Test("cells with control characters cannot act on the terminal")
    func controls() {
        var table = TextTable([.text("X")])
        table.add(["a\u{1B}[2Jb\r\nc\u{9B}\u{202E}"])
        #expect(table.rendered() == "X\na\\u{1b}[2Jb\\r\\nc\\u{9b}\\u{202e}")
        #expect(PrintableText.block("a\n\tb\u{7F}") == "a\n\tb\\u{7f}")
    }

    @Test("a stream to a terminal is escaped across piece borders")
    func streamedControls() {
        var filter = PrintableBytes()
        var shown = filter.pass(Array("é\u{1B}[m".utf8)) + filter.pass([0xC2]) + filter.pass([0x9B, 0xC2])
        shown += filter.pass([0xA9, 0x0A]) + filter.finish()
        #expect(String(decoding: shown, as: UTF8.self) == "é\\x1b[m\\x9b©\n")
    }

    @Test(
        "durations, sizes and counts are short and exact",
        arguments: [
            (Quantities.duration(seconds: 0.0042), "4.20 ms"), (Quantities.duration(seconds: 0.85), "850 ms"),
            (Quantities.duration(seconds: 4.24), "4.2 s"), (Quantities.duration(seconds: 59.9), "1 min"),
            (Quantities.duration(seconds: 200), "3 min 20 s"), (Quantities.duration(seconds: 7500), "2 h 5 min"),
            (Quantities.duration(seconds: 273_600), "3 d 4 h"), (Quantities.duration(seconds: .infinity), "-"),
            (Quantities.duration(seconds: 0.9999), "1.0 s"), (Quantities.duration(seconds: 9.97), "10 s"),
            (Quantities.bytes(999), "999 B"), (Quantities.bytes(1500), "1.50 kB"),
            (Quantities.bytes(27_400_000), "27.4 MB"), (Quantities.bytes(999_999), "1.00 MB"),
            (Quantities.count(32561), "32,561"), (Quantities.count(-1000), "-1,000"),
            (Quantities.count(.min), "-9,223,372,036,854,775,808"),
            (Quantities.number(0.91274), "0.9127"), (Quantities.number(48842), "48,842"),
            (Quantities.number(1.2e-7), "1.2e-07"), (Quantities.number(.nan), "NaN"),
            (Quantities.number(1e300), "1e+300"),
            (Quantities.percent(0), "0 %"), (Quantities.percent(0.0001), "<0.1 %"),
            (Quantities.percent(0.123), "12.3 %"),
        ])
    func quantities(shown: String, expected: String) { #expect(shown == expected) }

    @Test("times are relative for a month, then dates")
    func relativeTimes() {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(Quantities.relative(now.addingTimeInterval(-0.2), now: now) == "now")
        #expect(Quantities.relative(now.addingTimeInterval(-59), now: now) == "59 s ago")
        #expect(Quantities.relative(now.addingTimeInterval(-7200), now: now) == "2 h ago")
        #expect(Quantities.relative(now.addingTimeInterval(300), now: now) == "in 5 min")
        #expect(Quantities.relative(now.addingTimeInterval(-86400 * 60), now: now) == "2026-11-16")
    }

    @Test("a sparkline spans its range, keeps peaks and shows gaps")
    func sparkline() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([0, 0, 0]) == "▁▁▁")
        #expect(Sparkline.text([3, .nan, 3]) == "▄ ▄")
        #expect(Sparkline.text([-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude]) == "▁█")
        var long = [Double](repeating: 0, count: 600)
        long[333] = 1
        let text = Sparkline.text(long, width: 60)
        #expect(text.count == 60)
        #expect(text.contains("█"))
        #expect(Sparkline.text([]) == "")
        #expect(Sparkline.counts([0, 1, 100]) == " ▁█")
    }

    @Test("shares of a profile are of all rows for nulls, of the values for the most frequent")
    func profileShares() {
        var column = ColumnProfileReply(name: "city", type: .text, count: 10, nulls: 30, distinct: 2, exact: true)
        column.top = [.init(value: "Bern", count: 9), .init(value: "Genf", count: 1)]
        let profile = ProfileReply(dataset: "homes", version: 1, rows: 40, columns: [column], warnings: [])
        let line = ProfileText.overview(profile, width: nil).split(separator: "\n").last
        #expect(
            line.map { $0.split(separator: " ").joined(separator: " ") }
                == "city text 75.0 % 2 Bern 90.0 %, Genf 10.0 %")
    }

    @Test("bars are in eighths and show the least of something")
    func bars() {
        #expect(Bar.text(1, width: 4) == "████")
        #expect(Bar.text(0.5, width: 3) == "█▌")
        #expect(Bar.text(1e-9, width: 3) == "▏")
        #expect(Bar.text(.nan, width: 3) == "")
        #expect(Bar.signed(-0.5, halfWidth: 4) == "  ██│")
        #expect(Bar.signed(1, halfWidth: 4) == "    │████")
    }

    @Test("JSON is reindented and nothing else is changed")
    func json() {
        let text = #"{"z":1.50,"a":[{"k":"v, [x]\"{"},{}],"n":[],"r":[1,2.0e5,"a,b"],"t":true}"#
        #expect(
            JSONText.indented(text.utf8) == """
                {
                  "z": 1.50,
                  "a": [
                    {
                      "k": "v, [x]\\"{"
                    },
                    {}
                  ],
                  "n": [],
                  "r": [1, 2.0e5, "a,b"],
                  "t": true
                }
                """)
        #expect(JSONText.indented("\"a\u{9B}b\u{7F}\"".utf8) == #""a\u009bb\u007f""#)
        #expect(JSONText.indented("]]}\"\\".utf8).isEmpty == false)
    }

    @Test("an error says what, where and what to do")
    func problem() {
        var problem = Problem(
            .csvTypeMismatch, "the value \"abc\u{7}\" is no integer", remedy: "give --type age:text",
            places: [.init(line: 3, column: "age"), .init(byte: 17)])
        problem.requestId = "r-1"
        let error = CsvctlError.refused(problem)
        #expect(
            ErrorText.rendered(error) == """
                csvctl: the value "abc\\u{7}" is no integer
                  at line 3, column age
                  at byte 17
                  remedy: give --type age:text
                  request: r-1

                """)
        #expect(error.exitStatus == 1)
        #expect(CsvctlError.refused(Problem(.accessForbidden, "no", remedy: "")).exitStatus == 77)
        #expect(CsvctlError.unexpectedAnswer(status: 401, text: "").exitStatus == 77)
        #expect(CsvctlError.socketForbidden(socket: "/x").exitStatus == 77)
    }

    @Test("the socket is the option's, the environment's, the unit's or the installed one")
    func socketPath() {
        #expect(ControlSocket.defaultPath(environment: [:]) == "/run/csvand/csvand.sock")
        #expect(ControlSocket.defaultPath(environment: ["CSVAND_SOCKET": ""]) == "/run/csvand/csvand.sock")
        #expect(ControlSocket.defaultPath(environment: ["RUNTIME_DIRECTORY": "/run/x:/run/y"]) == "/run/x/csvand.sock")
        #expect(
            ControlSocket.defaultPath(environment: ["RUNTIME_DIRECTORY": "/run/x", "CSVAND_SOCKET": "/s"]) == "/s")
    }

    @Test("names that users choose stay one part of a path")
    func paths() {
        #expect(ControlPath.api("datasets", "a/b c?é", "rows") == "/api/v1/datasets/a%2Fb%20c%3F%C3%A9/rows")
        #expect(ControlPath.api("datasets", "..") == "/api/v1/datasets/%2E%2E")
        #expect(ControlPath.escaped("a\u{1}") == "a%01")
    }

    @Test("arguments are read as documented")
    func arguments() {
        #expect(DurationArgument(argument: "90")?.seconds == 90)
        #expect(DurationArgument(argument: "1.5h")?.seconds == 5400)
        for bad in ["", "0", "-1", "5x", "h", "1e9", "9999999d"] { #expect(DurationArgument(argument: bad) == nil) }
        #expect(
            MatcherArgument(argument: "team=~\"a|b\"")?.matcher
                == SilenceMatcher(name: "team", op: .matches, value: "a|b"))
        #expect(
            MatcherArgument(argument: "team!=x")?.matcher == SilenceMatcher(name: "team", op: .notEqual, value: "x"))
        #expect(MatcherArgument(argument: "=x") == nil)
        #expect(
            StepArgument(argument: "fill_constant:city:value=12")?.step
                == .object(["op": .string("fill_constant"), "column": .string("city"), "value": .integer(12)]))
        #expect(
            StepArgument(argument: "replace:city:from=a=b")?.step
                == .object(["op": .string("replace"), "column": .string("city"), "from": .string("a=b")]))
        #expect(StepArgument(argument: ":age") == nil)
        #expect(ScalarArgument.value("007") == .string("007"))
        #expect(ScalarArgument.value("-1.5") == .number(-1.5))
        #expect(ScalarArgument.value("null") == .null)
        #expect(CellArgument(argument: "age=")?.value == .null)
        #expect(CellArgument(argument: "a=b=c")?.value == .string("b=c"))
        #expect(CellArgument(argument: "=b") == nil)
        #expect(ImportCommand.name(of: "data/Titanic.CSV.gz") == "Titanic")
        #expect(ImportCommand.name(of: ".csv") == ".csv")
        #expect(ExportCommand.format(of: "x.tar.XLSX") == .xlsx)
        #expect(ExportCommand.format(of: nil) == .csv)
    }

    @Test("metrics are filtered by name and labels, not by value")
    func metrics() {
        let text = "# HELP a x\na 5\nb{type=\"simulated\"} 3\nb{type=\"x\"} 5\n"
        #expect(MetricsCommand.filtered(text, by: ["simulated", "a"]) == "a 5\nb{type=\"simulated\"} 3\n")
        #expect(MetricsCommand.filtered(text, by: ["5"]) == "")
    }

    @Test("an upload shows bar, amount, speed and time left")
    func upload() {
        #expect(
            UploadLine.text(sent: 5_000_000, total: 10_000_000, seconds: 2)
                == "████████████            ▕  50 %  5.00 MB of 10.0 MB  2.50 MB/s  2.0 s left")
        #expect(UploadLine.text(sent: 1500, total: nil, seconds: 0) == "1.50 kB")
    }
}
