import Foundation
import Shared
import Testing

/// What was wrong with the data in the application that csvand replaces: each a test, over HTTP as a client sees it.
@Suite(.serialized) struct ReplacedApplicationTests {
    private func rows(_ daemon: DaemonProcess, _ name: String, query: String = "values=text") async throws -> [[String]]
    {
        try await daemon.get("/api/v1/datasets/\(name)/rows?\(query)").decoded(RowsReply.self).rows.map {
            $0.map(\.plainText)
        }
    }

    private func sql(_ daemon: DaemonProcess, _ sql: String) async throws -> [[JSONValue]] {
        let body = String(decoding: try WireJSON.encode(SQLRequest(sql: sql)), as: UTF8.self)
        return try await daemon.post("/api/v1/sql", json: body).decoded(SQLReply.self).rows
    }

    /// What a browser sends for a form with a file.
    private func form(_ daemon: DaemonProcess, file: String, csv: String, fields: String = "") async throws -> (
        status: Int, body: Data
    ) {
        let text =
            fields
            + "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file)\"\r\nContent-Type: text/csv\r\n\r\n\(csv)\r\n--b0--\r\n"
        let reply = try await daemon.call(
            .post, "/api/v1/datasets", type: "multipart/form-data; boundary=b0", body: Array(text.utf8))
        return (reply.status, Data(reply.body))
    }

    @Test func conversionToNumberAndToDateWorks() async throws {
        try await withDaemon { daemon in
            let csv = "price,day,stay\n\"$1,200.50\",03/02/2020,x1\n$7,14/02/2020,2\n,,3\n"
            #expect(try await daemon.upload("t", csv, query: "&types=price:text,day:text").status == 201)
            let steps = """
                {"steps":[{"op":"convert","column":"price","to":"number","ignore":"$"},\
                {"op":"convert","column":"day","to":"date"},{"op":"convert","column":"stay","to":"number"}]}
                """
            let reply = try await daemon.post("/api/v1/datasets/t/transform", json: steps)
            #expect(reply.status == 200, "\(reply.text)")
            let types = try reply.decoded(DatasetReply.self).columns.map(\.type)
            #expect(types == [.decimal, .date, .decimal])
            #expect(
                try await sql(daemon, "SELECT price * 2, strftime('%Y-%m-%d', day), stay FROM t") == [
                    [.integer(2401), .string("2020-02-03"), .null], [.integer(14), .string("2020-02-14"), .integer(2)],
                    [.null, .null, .integer(3)],
                ])
            // What did not fit is empty and not lost.
            #expect(try await rows(daemon, "t")[0] == ["$1,200.50", "03/02/2020", "x1"])
            #expect(
                try await daemon.call(
                    .patch, "/api/v1/datasets/t", type: "application/json",
                    body: Array(#"{"types":{"stay":"text","price":"text","day":"timestamp"}}"#.utf8)
                ).status == 200)
            #expect(try await sql(daemon, "SELECT stay FROM t")[0] == [.string("x1")])
        }
    }

    @Test func theDelimiterIsNotGuessedFromALetterInTheNames() async throws {
        try await withDaemon { daemon in
            for rows in [0, 1, 2, 40] {
                let csv =
                    "first_name,last_name,date_of_birth\n"
                    + (0..<rows).map { "ann_\($0),lee_\($0),19\(50 + $0)-01-02\n" }.joined()
                let sniffed = try await daemon.call(
                    .post, "/api/v1/sniff", type: "text/csv", body: Array(csv.utf8))
                if rows > 0 {
                    let sniff = try sniffed.decoded(SniffReply.self)
                    #expect(sniff.dialect.delimiter == "," && sniff.dialect.header, "\(rows) rows")
                    #expect(sniff.columns.map(\.name) == ["first_name", "last_name", "date_of_birth"])
                    #expect(try await daemon.upload("t\(rows)", csv).decoded(DatasetReply.self).columns.count == 3)
                } else {
                    #expect(
                        try await daemon.upload("t0", csv, query: "&header=true").decoded(Problem.self).code
                            == "csv.header_only")
                }
            }
        }
    }

    @Test func latin1FilesAreRead() async throws {
        try await withDaemon { daemon in
            // Latin-1 of é, ñ and ü, and Windows-1252's euro sign, in a form and as a body.
            var csv = Array("name,price\nCaf".utf8) + [0xE9] + Array(",1\nSe".utf8) + [0xF1] + Array("or,2\nM".utf8)
            csv += [0xFC] + Array("nchen,3".utf8) + [0x80] + [0x0A]
            let reply = try await daemon.call(.post, "/api/v1/datasets?name=l", type: "text/csv", body: csv)
            #expect(reply.status == 201, "\(reply.text)")
            #expect(try reply.decoded(DatasetReply.self).dialect.encoding == "windows-1252")
            #expect(try await rows(daemon, "l") == [["Café", "1"], ["Señor", "2"], ["München", "3€"]])
            let given = try await daemon.call(
                .post, "/api/v1/datasets?name=g&encoding=latin-1", type: "text/csv", body: csv)
            #expect(given.status == 201)
            #expect(try await rows(daemon, "g") == rows(daemon, "l"))
            let export = try await daemon.get("/api/v1/datasets/l/export")
            #expect(export.text == "name,price\r\nCafé,1\r\nSeñor,2\r\nMünchen,3€\r\n")
        }
    }

    @Test func twoUsersWithTheSameFileNameDoNotOverwriteEachOther() async throws {
        try await withDaemon { daemon in
            #expect(try await form(daemon, file: "sales.csv", csv: "a,b\n1,2\n").status == 201)
            let second = try await form(daemon, file: "C:\\fakepath\\sales.csv", csv: "a,b\n8,9\n")
            let problem = try WireJSON.decode(Problem.self, from: second.body)
            #expect(problem.status == 409 && problem.code == "dataset.exists")
            #expect(problem.detail == "A dataset named \"sales\" exists already.")
            #expect(problem.remedy == "Choose another name, or pass if_exists=replace, append or version.")
            #expect(try await rows(daemon, "sales") == [["1", "2"]])
            let named = "--b0\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nmy sales\r\n"
            #expect(try await form(daemon, file: "sales.csv", csv: "a,b\n8,9\n", fields: named).status == 201)
            #expect(try await rows(daemon, "my%20sales") == [["8", "9"]])
            #expect(try await rows(daemon, "sales") == [["1", "2"]])
            // At the same time: one of them has the name, and its own rows under it.
            let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for user in 1...6 {
                    group.addTask {
                        (user, try await self.form(daemon, file: "race.csv", csv: "a,b\n\(user),\(user)\n").status)
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
            }
            let winners = statuses.filter { $0.value == 201 }.keys
            #expect(winners.count == 1 && statuses.values.allSatisfy { $0 == 201 || $0 == 409 }, "\(statuses)")
            let winner = String(winners.first ?? 0)
            #expect(try await rows(daemon, "race") == [[winner, winner]])
            #expect(daemon.files(in: "segments").count == 3)
        }
    }

    @Test func eachVersionKeepsItsOwnRows() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("v", "a,b\n1,2\n").status == 201)
            #expect(try await daemon.upload("v", "a,b\n3,4\n5,6\n", query: "&if_exists=version").status == 201)
            _ = try await daemon.post("/api/v1/datasets/v/transform", json: #"{"steps":[{"op":"drop","column":"b"}]}"#)
            #expect(try await rows(daemon, "v", query: "values=text&version=1") == [["1", "2"]])
            #expect(try await rows(daemon, "v", query: "values=text&version=2") == [["3", "4"], ["5", "6"]])
            #expect(try await rows(daemon, "v") == [["3"], ["5"]])
            #expect(
                try await sql(daemon, "SELECT (SELECT b FROM \"v@1\"), (SELECT sum(b) FROM \"v@2\")") == [
                    [.integer(2), .integer(10)]
                ])
            #expect(daemon.files(in: "segments").count == 2)
            #expect(try await daemon.upload("v", "a,b\n7,8\n", query: "&if_exists=replace").status == 201)
            #expect(try await rows(daemon, "v") == [["7", "8"]])
            #expect(daemon.files(in: "segments").count == 1, "what no version names is gone")
        }
    }

    @Test func theSizeLimitIsKeptHoweverTheBytesCome() async throws {
        try await withDaemon(configuration: "datasets:\n  max_upload_bytes: 200000\n") { daemon in
            let body = "a,b\n" + String(repeating: "12345,67890\n", count: 20_000)
            let detail = "The upload is larger than the limit of 200000 bytes."
            for way in ["length", "chunked", "gzip", "form", "csvctl"] {
                switch way {
                case "length":
                    let reply = try await daemon.upload("big", body)
                    #expect(reply.status == 413)
                    #expect(try reply.decoded(Problem.self).detail == detail)
                case "chunked":
                    let connection = try RawConnection(port: daemon.port)
                    try? connection.send(
                        "POST /api/v1/datasets?name=big HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
                    let answer = try await connection.receive()
                    #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains(detail), "\(answer)")
                case "gzip":
                    let packed = daemon.directory.path + "/big.csv.gz"
                    let run = try await ProgramRun.run("/bin/sh", ["-c", "gzip > \(packed)"], input: body)
                    #expect(run.status == 0)
                    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: packed)))
                    #expect(bytes.count < 10_000)
                    let reply = try await daemon.call(
                        .post, "/api/v1/datasets?name=big", type: "text/csv", body: bytes,
                        headers: [("Content-Encoding", "gzip")])
                    #expect(reply.status == 413)
                    #expect(
                        try reply.decoded(Problem.self).detail
                            == "The unpacked upload is larger than the limit of 200000 bytes.")
                case "form": #expect(try await form(daemon, file: "big.csv", csv: body).status == 413)
                default:
                    let run = try await daemon.csvctl("datasets", "import", "-", "--name", "big", input: body)
                    #expect(run.status == 1 && run.error.hasPrefix("csvctl: " + detail), "\(run.error)")
                }
            }
            let most = "a,b\n" + String(repeating: "12345,67890\n", count: 16_000)
            #expect(most.utf8.count < 200_000)
            #expect(try await daemon.upload("most", most).status == 201)
            #expect(try await daemon.datasetNames() == ["most"])
            #expect(daemon.files(in: "segments").count == 1 && daemon.files(in: "spool").isEmpty)
        }
    }
}
