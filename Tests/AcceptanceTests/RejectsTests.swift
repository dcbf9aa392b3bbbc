import Foundation
import Shared
import Testing

/// Rows kept aside come in after their correction: one, several, or those that fit; by REST, csvctl and the dataset's page.
@Suite(.serialized) struct RejectsTests {
    /// Lines 3, 5, 6 and 7 have too few or too many cells; the dates are month first by line 2.
    private static let csv = #"""
        id,when,name
        1,12/25/2020,Ann
        2,01/02/2021
        3,03/04/2021,Bob
        4,02/03/2021,Cyd,extra
        5,,
        6
        7,02/03/2021,"Di, ""E""",x

        """#

    private struct Readmitted: Decodable {
        var version: Int
        var rows: Int
        var rejected: Int
        var admitted: Int
        var refused: [Problem]
    }

    private func texts(_ daemon: DaemonProcess, _ name: String = "d") async throws -> [[String]] {
        try await daemon.get("/api/v1/datasets/\(name)/rows?values=text").decoded(RowsReply.self).rows.map {
            $0.map(\.plainText)
        }
    }

    private func numbers(_ daemon: DaemonProcess) async throws -> [Int] {
        try await daemon.get("/api/v1/datasets/d/rejects").decoded(Page<RejectReply>.self).items.map(\.number)
    }

    @Test func severalRowsComeInAsOneVersionInTheOrderGiven() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv).status == 201)
            #expect(try await numbers(daemon) == [1, 2, 3, 4])
            let reply = try await daemon.post(
                "/api/v1/datasets/d/rejects",
                json:
                    #"{"items":[{"number":4,"text":"7,02/03/2021,\"Di, \"\"E\"\"\""},{"number":1,"cells":["2","01/02/2021",null]}]}"#
            ).decoded(Readmitted.self)
            #expect(reply.version == 2 && reply.rows == 5 && reply.rejected == 2 && reply.admitted == 2)
            #expect(reply.refused.isEmpty)
            #expect(try await texts(daemon).suffix(2) == [["7", "02/03/2021", "Di, \"E\""], ["2", "01/02/2021", ""]])
            #expect(try await numbers(daemon) == [2, 3])
            // Month first, as the column is: alone, the date would be read day first.
            let month = try await daemon.post(
                "/api/v1/sql", json: #"{"sql":"SELECT strftime('%m', \"when\") FROM d WHERE id = 7"}"#)
            #expect(try month.decoded(SQLReply.self).rows == [[.string("02")]])
            // An undo brings both the rows and what was aside back.
            _ = try await daemon.post("/api/v1/datasets/d/undo", json: "{}")
            #expect(try await texts(daemon).count == 3)
            #expect(try await numbers(daemon) == [1, 2, 3, 4])
        }
    }

    @Test func oneRowThatDoesNotFitKeepsAllAsideUnlessItMayBeLeftOut() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv).status == 201)
            let items = #"{"number":1,"text":"2,01/02/2021,"},{"number":3,"text":"six,,"},{"number":2,"text":"4,x"}"#
            let refused = try await daemon.post("/api/v1/datasets/d/rejects", json: "{\"items\":[\(items)]}")
            #expect(refused.status == 422)
            let problem = try refused.decoded(Problem.self)
            #expect(
                problem.detail
                    == "2 of 3 rows cannot come in. Rejected row 3: \"six\" in \"id\" is no integer. Rejected row 2: The row has 2 cells, but the dataset has 3 columns."
            )
            #expect(problem.code == "csv.type_mismatch")
            #expect(problem.places?.map(\.line) == [7, 5])
            #expect(try await texts(daemon).count == 3)

            let reply = try await daemon.post(
                "/api/v1/datasets/d/rejects", json: "{\"on_error\":\"skip\",\"items\":[\(items)]}"
            ).decoded(Readmitted.self)
            #expect(reply.admitted == 1 && reply.rejected == 3 && reply.version == 2)
            #expect(
                reply.refused.map(\.detail) == [
                    "Rejected row 3: \"six\" in \"id\" is no integer.",
                    "Rejected row 2: The row has 2 cells, but the dataset has 3 columns.",
                ])
            #expect(try await texts(daemon).last == ["2", "01/02/2021", ""])
            #expect(try await numbers(daemon) == [2, 3, 4])
        }
    }

    @Test func refusalsNameWhatIsWrongWithTheRequest() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv).status == 201)
            func refusal(_ items: String) async throws -> Problem {
                try await daemon.post("/api/v1/datasets/d/rejects", json: "{\"items\":[\(items)]}").decoded(
                    Problem.self)
            }
            #expect(try await refusal("").detail == "There is no row to repair.")
            let absent = try await refusal(#"{"number":9,"text":"1,,"}"#)
            #expect(absent.status == 404 && absent.detail == "Dataset \"d\" has no rejected row 9.")
            #expect(
                try await refusal(#"{"number":1,"text":"1,,"},{"number":1,"text":"1,,"}"#).detail
                    == "The rejected row 1 comes twice.")
            #expect(
                try await refusal(#"{"number":1,"text":"1,,\n2,,"}"#).detail
                    == "Rejected row 1: The text is 2 rows rather than one.")
            let single = try await daemon.post("/api/v1/datasets/d/rejects/1", json: #"{"text":"x,,"}"#)
            #expect(try single.decoded(Problem.self).detail == "\"x\" in \"id\" is no integer.")
            let one = try await daemon.post("/api/v1/datasets/d/rejects/1", json: #"{"text":"2,,"}"#)
            #expect(try one.decoded(DatasetReply.self).rejected == 3)
        }
    }

    /// The second upload has another dialect, other formats and a line 3 of its own.
    @Test func appendedRowsLeaveThoseAsideThatWereAsideBefore() async throws {
        try await withDaemon { daemon in
            let first = "id,when,price\n1,12/25/2020,1.5\n2,01/02/2021\n3,02/03/2021,x,y\n"
            let second = "id;when;price\n4;31.12.2021;2,5\n5;01.02.2021\n"
            #expect(try await daemon.upload("d", first).status == 201)
            let appended = try await daemon.upload("d", second, query: "&if_exists=append")
            #expect(try appended.decoded(DatasetReply.self).rejected == 3)
            let rejects = try await daemon.get("/api/v1/datasets/d/rejects").decoded(Page<RejectReply>.self).items
            #expect(rejects.map(\.number) == [1, 2, 3])
            #expect(rejects.map(\.upload) == [1, 1, 2])
            #expect(rejects.map(\.line) == [3, 4, 3])
            let listed = try await daemon.csvctl("datasets", "rejects", "d")
            #expect(listed.output.contains("NO  VERSION  LINE"), "\(listed.output)")
            #expect(try await daemon.get("/datasets/d").text.contains("Line 3 of the upload of version 1"))
            // Month first and a point in the first upload; day first and a comma in the second.
            let reply = try await daemon.post(
                "/api/v1/datasets/d/rejects",
                json:
                    #"{"items":[{"number":3,"text":"5;01.02.2021;7,25"},{"number":1,"text":"2,01/02/2021,3.75"}]}"#
            ).decoded(Readmitted.self)
            #expect(reply.version == 3 && reply.rows == 4 && reply.rejected == 1 && reply.admitted == 2)
            #expect(
                try await texts(daemon).suffix(2) == [["5", "01.02.2021", "7,25"], ["2", "01/02/2021", "3.75"]])
            let read = try await daemon.post(
                "/api/v1/sql",
                json: #"{"sql":"SELECT strftime('%m', \"when\"), price FROM d WHERE id IN (2, 5) ORDER BY id"}"#)
            #expect(
                try read.decoded(SQLReply.self).rows == [
                    [.string("01"), .number(3.75)], [.string("02"), .number(7.25)],
                ])
            #expect(try await numbers(daemon) == [2])
            // A replacement or a new version is another table: its rejected rows are its own.
            let other = try await daemon.upload("d", first, query: "&if_exists=version")
            #expect(try other.decoded(DatasetReply.self).rejected == 2)
        }
    }

    @Test func rowsStayAsideOverAChangeAndComeInWhenTheTypeIsOther() async throws {
        try await withDaemon { daemon in
            let csv = "id,name\n1,a\nx2,b\n3,c\n"
            #expect(try await daemon.upload("d", csv, query: "&types=id:integer").status == 201)
            #expect(try await numbers(daemon) == [1])
            let refused = try await daemon.post("/api/v1/datasets/d/rejects", json: #"{"items":[{"number":1}]}"#)
            #expect(
                try refused.decoded(Problem.self).detail == "Rejected row 1: \"x2\" in \"id\" is no integer.")
            #expect(
                try await daemon.call(
                    .patch, "/api/v1/datasets/d", type: "application/json",
                    body: Array(#"{"types":{"id":"text"}}"#.utf8)
                ).status == 200)
            #expect(try await numbers(daemon) == [1])
            let reply = try await daemon.post("/api/v1/datasets/d/rejects", json: #"{"items":[{"number":1}]}"#)
            #expect(try reply.decoded(Readmitted.self).admitted == 1)
            #expect(try await texts(daemon) == [["1", "a"], ["3", "c"], ["x2", "b"]])
        }
    }

    @Test func csvctlWritesRowsToAFileAndTakesThemBackCorrected() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv).status == 201)
            let path = daemon.directory.path + "/rejects.json"
            let written = try await daemon.csvctl("datasets", "rejects", "d", "-o", path)
            #expect(written.output == "4 rejected rows are in \(path)\n", "\(written.error)")
            var document = try WireJSON.decode(
                Page<RejectReply>.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(document.items.map(\.line) == [3, 5, 7, 8])
            document.items[0].text += ",Bea"
            document.items[1].text = "4,02/03/2021,Cyd"
            document.items.removeLast(2)
            let corrected = String(decoding: try WireJSON.encode(document), as: UTF8.self)
            let run = try await daemon.csvctl("datasets", "rejects", "d", "--repair", "-", input: corrected)
            #expect(run.output == "d is now version 2: 2 rows came in, 2 aside\n", "\(run.error)")
            let refused = try await daemon.csvctl("datasets", "rejects", "d", "--readmit", "3")
            #expect(refused.status == 1)
            #expect(
                refused.error.hasPrefix(
                    "csvctl: Rejected row 3: The row has 1 cells, but the dataset has 3 columns.\n  at line 7, byte "),
                "\(refused.error)")
            let skipped = try await daemon.csvctl(
                "datasets", "rejects", "d", "--skip", "--repair", "-",
                input: #"[{"number":3,"text":"6,,"},{"number":4}]"#)
            #expect(
                skipped.output == """
                    stays aside: Rejected row 4: The row has 4 cells, but the dataset has 3 columns.
                    d is now version 3: 1 row came in, 1 aside

                    """)
            #expect(try await daemon.csvctl("datasets", "rejects", "d").output.contains("Di, \"\"E\"\"\",x"))
            #expect(try await daemon.csvctl("datasets", "rejects", "d", "--skip").status == 64)
        }
    }

    @Test func thePageLetsChosenRowsInWithoutAScript() async throws {
        try await withDaemon { daemon in
            let csv = "id,text\n1,a\n2,\"b\nc\",x\n3\n4,d\n5\n"
            #expect(try await daemon.upload("d", csv).status == 201)
            let page = try await daemon.get("/datasets/d").text
            #expect(page.contains("name=\"text-1\" rows=\"2\" spellcheck=\"false\">\n2,&quot;b\nc&quot;,x</textarea>"))
            #expect(page.contains("name=\"admit-2\""))
            func send(_ form: String) async throws -> (status: Int, location: String?, text: String) {
                let reply = try await daemon.call(
                    .post, "/datasets/d/rejects", type: "application/x-www-form-urlencoded", body: Array(form.utf8),
                    headers: [("Accept", "text/html"), ("Origin", "http://127.0.0.1:\(daemon.port)")])
                return (reply.status, reply.headers["Location"], reply.text)
            }
            // As a browser sends it: line ends are CR LF, rows that are not ticked come along.
            let unchanged = try await send("text-1=2%2C%22b%0D%0Ac%22%2Cx&admit-1=1&text-2=3&text-3=5")
            #expect(unchanged.status == 422)
            #expect(unchanged.text.contains("Rejected row 1: The row has 3 cells, but the dataset has 2 columns."))
            let done = try await send("text-1=2%2C%22b%0D%0Ac%22&admit-1=1&text-2=3%2Ce+f&admit-2=1&text-3=5")
            #expect(done.status == 303 && done.location == "/datasets/d#rejects", "\(done.text)")
            #expect(try await texts(daemon) == [["1", "a"], ["4", "d"], ["2", "b\nc"], ["3", "e f"]])
            #expect(try await numbers(daemon) == [3])
            #expect(try await send("text-3=5").text.contains("No row was chosen."))
            let foreign = try await daemon.call(
                .post, "/datasets/d/rejects", type: "application/x-www-form-urlencoded", body: Array("admit-3=1".utf8),
                headers: [("Origin", "http://elsewhere")])
            #expect(foreign.status == 400)
            // An older version can be read and not changed.
            #expect(try await daemon.get("/datasets/d?version=1").text.contains("<pre>2,&quot;b\nc&quot;,x</pre>"))
        }
    }
}
