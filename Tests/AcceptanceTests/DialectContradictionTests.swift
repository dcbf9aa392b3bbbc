import Foundation
import Shared
import Testing

/// What contradicts the dialect only behind the first 256 KiB: the file is read again, or refused, or the rows are kept aside; what is
/// read is never wrong without a word.
@Suite(.serialized) struct DialectContradictionTests {
    /// More than the sample that the dialect is decided by.
    private static let lines = 40_000

    /// `id` and a text, so many that whatever follows is behind the sample.
    private static func csv(
        _ delimiter: String = ",", names: String = "id,name,n", row: (Int) -> String, then rest: String
    )
        -> String
    {
        var text = names + "\n"
        for number in 1...lines { text += row(number) + "\n" }
        precondition(text.utf8.count > 400_000)
        return text + rest
    }

    private static let plain: @Sendable (Int) -> String = { "\($0),name \($0 % 100),\($0 % 7)" }

    private func upload(_ daemon: DaemonProcess, _ name: String, _ bytes: [UInt8], query: String = "") async throws -> (
        status: Int, body: Data
    ) {
        let reply = try await daemon.call(
            .post, "/api/v1/datasets?name=\(name)\(query)", type: "text/csv", body: bytes)
        return (reply.status, Data(reply.body))
    }

    private func stored(_ daemon: DaemonProcess, _ name: String, _ csv: String, query: String = "") async throws
        -> DatasetReply
    {
        let reply = try await upload(daemon, name, Array(csv.utf8), query: query)
        guard reply.status == 201 else { throw TestFailure(String(decoding: reply.body, as: UTF8.self)) }
        return try WireJSON.decode(DatasetReply.self, from: reply.body)
    }

    private func refused(_ daemon: DaemonProcess, _ name: String, _ csv: String) async throws -> Problem {
        let reply = try await upload(daemon, name, Array(csv.utf8))
        #expect(reply.status == 422)
        return try WireJSON.decode(Problem.self, from: reply.body)
    }

    private func last(_ daemon: DaemonProcess, _ name: String, _ count: Int = 1) async throws -> [[String]] {
        let total = try await daemon.get("/api/v1/datasets/\(name)").decoded(DatasetReply.self).rows
        return try await daemon.get("/api/v1/datasets/\(name)/rows?values=text&offset=\(total - count)").decoded(
            RowsReply.self
        ).rows.map { $0.map(\.plainText) }
    }

    private func rejects(_ daemon: DaemonProcess, _ name: String) async throws -> [RejectReply] {
        try await daemon.get("/api/v1/datasets/\(name)/rejects").decoded(Page<RejectReply>.self).items
    }

    @Test func bytesThatAreNotUTF8SwitchTheEncodingOrAreKeptAside() async throws {
        try await withDaemon { daemon in
            let start = Array(Self.csv(row: Self.plain, then: "").utf8)
            let latin = Array("40001,Caf".utf8) + [0xE9] + Array(",1\n".utf8)
            let ascii = try await upload(daemon, "ascii", start + latin)
            #expect(ascii.status == 201)
            let dataset = try WireJSON.decode(DatasetReply.self, from: ascii.body)
            #expect(dataset.dialect.encoding == "windows-1252" && dataset.rejected == 0)
            #expect(
                dataset.dialect.reasons.contains(
                    "Read again as windows-1252, since line 40002 (byte \(start.count)) is not UTF-8 and nothing else needs UTF-8."
                ), "\(dataset.dialect.reasons)")
            #expect(try await last(daemon, "ascii") == [["40001", "Café", "1"]])
            // Where the sample needs UTF-8, one encoding does not fit all.
            let utf8 = Array(Self.csv(row: { "\($0),né \($0 % 100),\($0 % 7)" }, then: "").utf8)
            let mixed = try await upload(daemon, "mixed", utf8 + latin)
            #expect(mixed.status == 201)
            let kept = try WireJSON.decode(DatasetReply.self, from: mixed.body)
            #expect(kept.dialect.encoding == "utf-8" && kept.rejected == 1 && kept.rows == Self.lines)
            #expect(try await rejects(daemon, "mixed").map(\.text) == ["40001,Café,1"])
            #expect(try await upload(daemon, "strict", utf8 + latin, query: "&strict=true").status == 422)
        }
    }

    @Test func anotherDelimiterIsKeptAsideOrRefused() async throws {
        try await withDaemon { daemon in
            let few = (1...50).map { "\(Self.lines + $0);other \($0);3\n" }.joined()
            let some = try await stored(daemon, "some", Self.csv(row: Self.plain, then: few))
            #expect(some.rejected == 50 && some.rows == Self.lines)
            #expect(try await rejects(daemon, "some")[0].reason.contains("1"))
            let many = (1...Self.lines + 10).map { "\($0);other \($0);3\n" }.joined()
            let problem = try await refused(
                daemon, "many", Self.csv(row: Self.plain, then: "").replacing("\n40000,", with: "\n40000,") + many)
            #expect(problem.code == "csv.too_many_rejects" || problem.code == "csv.dialect_mismatch", "\(problem)")
            // One cell fewer or more is no other delimiter, and is not filled up.
            let ragged = try await stored(daemon, "ragged", Self.csv(row: Self.plain, then: "1,2\n1,2,3,4\n"))
            #expect(ragged.rejected == 2)
        }
    }

    @Test func theFirstDecimalCommaIsReadAsOne() async throws {
        try await withDaemon { daemon in
            let csv = Self.csv(
                names: "id;name;n", row: { "\($0);name;\($0 % 7)" }, then: "40001;x;2,5\n40002;y;1.234,5\n")
            let dataset = try await stored(daemon, "comma", csv)
            #expect(dataset.dialect.decimal == "," && dataset.columns[2].type == .decimal && dataset.rejected == 0)
            #expect(
                dataset.dialect.reasons.contains(
                    "Read again with decimal commas, which the column 'n' has behind the sample."))
            let sum = try await daemon.post(
                "/api/v1/sql", json: #"{"sql":"SELECT n * 2 FROM comma WHERE id > 40000"}"#
            ).decoded(SQLReply.self)
            #expect(sum.rows == [[.integer(5)], [.integer(2469)]], "\(sum.rows)")
            // Both signs contradict each other: text, and no value is guessed.
            let both = try await stored(
                daemon, "both", Self.csv(names: "id;name;n", row: { "\($0);name;\($0 % 7).5" }, then: "40001;x;2,5\n"))
            #expect(both.columns[2].type == .text && both.rejected == 0)
            #expect(try await last(daemon, "both") == [["40001", "x", "2,5"]])
        }
    }

    @Test func theFirstQuotesAreUnderstood() async throws {
        try await withDaemon { daemon in
            let doubled = try await stored(
                daemon, "doubled", Self.csv(row: Self.plain, then: "40001,\"a, \"\"b\"\"\nc\",1\n"))
            #expect(doubled.rejected == 0)
            #expect(try await last(daemon, "doubled") == [["40001", "a, \"b\"\nc", "1"]])
            // Spaces before quotes, more than once.
            let spaced = try await stored(
                daemon, "spaced", Self.csv(row: Self.plain, then: "40001, \"a, b\", 1\n40002, \"c, d\", 2\n"))
            #expect(spaced.rejected == 0)
            #expect(try await last(daemon, "spaced", 2).map { $0[1] } == ["a, b", "c, d"])
        }
    }

    @Test func backslashesBeforeQuotesAreUnderstoodOrReported() async throws {
        try await withDaemon { daemon in
            let rest = "40001,\"say \\\"hi\\\"\",1\n40002,\"a \\\", b\\\"\",2\n40003,plain,3\n"
            let dataset = try await stored(daemon, "escaped", Self.csv(row: Self.plain, then: rest))
            #expect(
                dataset.dialect.escape == "\\" && dataset.rejected == 0, "\(dataset.dialect) \(dataset.warnings ?? [])")
            #expect(
                try await last(daemon, "escaped", 3) == [
                    ["40001", "say \"hi\"", "1"], ["40002", "a \", b\"", "2"], ["40003", "plain", "3"],
                ])
            #expect(
                dataset.dialect.reasons.contains(
                    "Read again with backslashes before quotes, which line 40002 has and the sample has not."),
                "\(dataset.dialect.reasons)")
            // Where all such rows are repaired and none is rejected, they are understood all the same.
            let repaired = try await stored(
                daemon, "repaired", Self.csv(row: Self.plain, then: "40001,\"say \\\"hi\\\"\",1\n40002,\"x\\y\",2\n"))
            #expect(try await last(daemon, "repaired", 2).map { $0[1] } == ["say \"hi\"", "x\\y"])
            #expect(repaired.warnings ?? [] == [])
            // A backslash that ends a cell is one.
            let path = try await stored(
                daemon, "paths", Self.csv(row: Self.plain, then: "40001,\"C:\\\",1\n40002,\"D:\\\",2\n"))
            #expect(path.dialect.escape == nil && path.rejected == 0)
            #expect(try await last(daemon, "paths", 2).map { $0[1] } == ["C:\\", "D:\\"])
        }
    }

    @Test func aQuoteThatIsNeverClosedIsRefusedWithItsPlaceHoweverMuchFollows() async throws {
        try await withDaemon { daemon in
            for megabytes in [1, 20] {
                let start = Self.csv(row: Self.plain, then: "")
                let rest = String(repeating: "1,two three four five,6\n", count: megabytes << 20 / 24)
                let problem = try await refused(daemon, "open", start + "40001,\"open,1\n" + rest)
                #expect(problem.code == "csv.unterminated_quote", "\(megabytes) MB: \(problem)")
                #expect(problem.places?.first?.line == Self.lines + 2, "\(megabytes) MB: \(problem)")
                // Of a row over the limit of length only the start is known.
                #expect(
                    problem.places?.first?.byte == start.utf8.count + (megabytes > 16 ? 0 : 6),
                    "\(megabytes) MB: \(problem)")
            }
            #expect(daemon.files(in: "segments").isEmpty)
        }
    }

    @Test func absentValuesLineEndsAndDatesThatAppearLater() async throws {
        try await withDaemon { daemon in
            let words = try await stored(daemon, "words", Self.csv(row: Self.plain, then: "40001,x,N/A\n40002,y,5\n"))
            #expect(words.columns[2].type == .integer && words.dialect.nullValues == ["N/A"])
            let ends = try await stored(
                daemon, "ends", Self.csv(row: Self.plain, then: "40001,x,1\r\n40002,y,2\r40003,z,3"))
            #expect(ends.rows == Self.lines + 3 && ends.rejected == 0)
            #expect(try await last(daemon, "ends", 3).map { $0[1] } == ["x", "y", "z"])
            // All of the sample can be read in both orders; the last cell decides.
            let dates = try await stored(
                daemon, "dates",
                Self.csv(row: { "\($0),0\($0 % 9 + 1)/0\($0 % 7 + 1)/2020,\($0)" }, then: "40001,12/25/2020,1\n"))
            #expect(dates.columns[1].format == "mm/dd/yyyy" && dates.columns[1].type == .date)
            let texts = try await stored(
                daemon, "orders",
                Self.csv(
                    row: { "\($0),0\($0 % 9 + 1)/0\($0 % 7 + 1)/2020,\($0)" }, then: "1,12/25/2020,1\n2,25/12/2020,2\n")
            )
            #expect(texts.columns[1].type == .text)
            let warnings = try await daemon.get("/api/v1/datasets/orders/profile").decoded(ProfileReply.self).warnings
            #expect(warnings.contains { $0.kind == "mixed_date_orders" && $0.column == "name" }, "\(warnings)")
        }
    }
}
