import Foundation
import Shared
import Testing
import Transfer

/// SQL over HTTP as clients have it: streams, their ends, and queries that no one waits for any more.
@Suite struct SQLAnswerTests {
    private static let people = "name,age,city\nAnn,31,Oslo\nBob,,\"Bergen, old\"\nEve,22,=1+1\n"

    /// As many rows as asked for; the row `failing`, if there is one, overflows.
    private static func numbers(_ count: Int, failing: Int = 0) -> String {
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) \
        SELECT CASE WHEN i = \(failing) THEN abs(-9223372036854775807 - 1) ELSE i END AS v FROM n
        """
    }

    private func answer(
        _ daemon: DaemonProcess, _ sql: String, format: String? = nil, limit: Int? = nil
    ) async throws -> TransferReply {
        let body = try WireJSON.encode(SQLRequest(sql: sql, limit: limit, format: format))
        return try await daemon.post("/api/v1/sql", json: String(decoding: body, as: UTF8.self))
    }

    private func lines(_ reply: TransferReply) -> [String] {
        String(decoding: reply.body, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func answersComeInThreeForms() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("people", Self.people).status == 201)
            let sql = "SELECT name, age, city FROM people"
            let whole = try await answer(daemon, sql).decoded(SQLReply.self)
            #expect(whole.columns == ["name", "age", "city"])
            #expect(whole.rows[1] == [.string("Bob"), .null, .string("Bergen, old")])
            #expect(
                lines(try await answer(daemon, sql, format: "ndjson")) == [
                    #"{"name":"Ann","age":31,"city":"Oslo"}"#, #"{"name":"Bob","age":null,"city":"Bergen, old"}"#,
                    #"{"name":"Eve","age":22,"city":"=1+1"}"#,
                ])
            #expect(
                String(decoding: try await answer(daemon, sql, format: "csv").body, as: UTF8.self)
                    == "name,age,city\r\nAnn,31,Oslo\r\nBob,,\"Bergen, old\"\r\nEve,22,\"'=1+1\"\r\n")
            let none = try await answer(daemon, "SELECT name FROM people WHERE age > 99", format: "csv")
            #expect(String(decoding: none.body, as: UTF8.self) == "name\r\n")
            let refused = try await answer(daemon, sql, format: "xml")
            #expect(refused.status == 422 || refused.status == 400)
        }
    }

    @Test func aStreamHasNoCapAndSaysWhenItIsNotWhole() async throws {
        try await withDaemon(configuration: "sql:\n  max_rows: 100\n") { daemon in
            #expect(try await answer(daemon, Self.numbers(2000)).decoded(SQLReply.self).rows.count == 100)
            let whole = lines(try await answer(daemon, Self.numbers(30_000), format: "ndjson"))
            #expect(whole.count == 30_000)
            #expect(whole.last == #"{"v":30000}"#)
            let cut = lines(try await answer(daemon, Self.numbers(30_000), format: "ndjson", limit: 2500))
            #expect(cut.count == 2501)
            #expect(cut.last == #"{"$end":"truncated","rows":2500}"#)
            let failed = lines(try await answer(daemon, Self.numbers(9000, failing: 3000), format: "ndjson"))
            #expect(failed.count == 2049)
            #expect(failed.last?.hasPrefix(#"{"$end":"error","rows":2048,"problem":{"code":"sql.failed""#) == true)
            let early = try await answer(daemon, Self.numbers(9000, failing: 1), format: "ndjson")
            #expect(early.status == 422)
            await #expect(throws: (any Error).self, "a CSV that breaks off is no whole answer") {
                try await answer(daemon, Self.numbers(9000, failing: 3000), format: "csv")
            }
        }
    }

    @Test func csvctlWritesStreams() async throws {
        try await withDaemon { daemon in
            let csv = try await daemon.csvctl("sql", Self.numbers(3000), "--format", "csv")
            #expect(csv.status == 0)
            #expect(csv.output.split(separator: "\r\n").count == 3001)
            let failed = try await daemon.csvctl("sql", Self.numbers(9000, failing: 3000), "--format", "ndjson")
            #expect(failed.status == 1)
            #expect(failed.error.contains("integer overflow"))
            let file = daemon.stateDirectory + ".ndjson"
            defer { unlink(file) }
            #expect(try await daemon.csvctl("sql", Self.numbers(10), "-o", file).status == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 10)
        }
    }

    @Test func aQueryEndsWhenItsClientLeaves() async throws {
        try await withDaemon(configuration: "sql:\n  timeout_seconds: 600\n") { daemon in
            let body = String(
                decoding: try WireJSON.encode(
                    SQLRequest(
                        sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")),
                as: UTF8.self)
            do {
                let connection = try RawConnection(port: daemon.port)
                try connection.send(
                    "POST /api/v1/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + "\(body.utf8.count)\r\n\r\n\(body)")
                try await Task.sleep(for: .milliseconds(400))
                #expect(try processorSeconds(daemon.processID ?? 0) > 0)
            }
            // The connection is closed; what the query may still use is a moment's work.
            try await Task.sleep(for: .milliseconds(500))
            let before = try processorSeconds(daemon.processID ?? 0)
            try await Task.sleep(for: .milliseconds(800))
            let spent = try processorSeconds(daemon.processID ?? 0) - before
            #expect(spent < 0.4, "the query goes on: \(spent) s of processor time in 0.8 s")
        }
    }

    private func processorSeconds(_ process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return (Double(fields[12]) ?? 0) / 100 + (Double(fields[13]) ?? 0) / 100
    }
}
