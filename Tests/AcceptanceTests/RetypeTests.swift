import Foundation
import Shared
import Testing

/// Columns take other types from the exact texts of their cells, without a new upload.
@Suite(.serialized) struct RetypeTests {
    private static let csv = """
        id,day,amount,stamp,code
        1,01/02/2020,"1.234,50",3/4/2020 10:00,007
        2,03/04/2020,"-0,5",3/5/2020 11:30,x
        3,05/06/2020,12,3/6/2020 00:00,009

        """

    private struct Changed: Decodable {
        struct Step: Decodable {
            struct Misfit: Decodable, Equatable {
                var column: String
                var row: Int
                var text: String
            }

            var failedCells: Int
            var misfits: [Misfit]
            var notes: [String]
        }

        var version: Int
        var columns: [ColumnReply]
        var steps: [Step]
    }

    private func patch(_ daemon: DaemonProcess, _ types: String) async throws -> (status: Int, body: Data) {
        let reply = try await daemon.call(
            .patch, "/api/v1/datasets/d", type: "application/json", body: Array("{\"types\":\(types)}".utf8))
        return (reply.status, Data(reply.body))
    }

    private func changed(_ daemon: DaemonProcess, _ types: String) async throws -> Changed {
        let reply = try await patch(daemon, types)
        return try WireJSON.decode(Changed.self, from: reply.body)
    }

    private func refused(_ daemon: DaemonProcess, _ types: String) async throws -> Problem {
        try WireJSON.decode(Problem.self, from: try await patch(daemon, types).body)
    }

    private func sql(_ daemon: DaemonProcess, _ columns: String) async throws -> [[JSONValue]] {
        try await daemon.post("/api/v1/sql", json: "{\"sql\":\"SELECT \(columns) FROM d ORDER BY rowid\"}").decoded(
            SQLReply.self
        ).rows
    }

    private func texts(_ daemon: DaemonProcess) async throws -> [[String]] {
        try await daemon.get("/api/v1/datasets/d/rows?values=text").decoded(RowsReply.self).rows.map {
            $0.map(\.plainText)
        }
    }

    @Test func datesAreReadInTheOrderOrFormatThatIsGivenAndKeepTheirTexts() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv, query: "&types=day:text,amount:text").status == 201)
            let before = try await texts(daemon)
            let open = try await changed(daemon, #"{"day":"date"}"#)
            #expect(
                open.steps.first?.notes == [
                    "The dates of 'day' are read day first; month first fits them as well: say which with order."
                ])
            #expect(try await sql(daemon, "day").first == [.string("2020-02-01")])
            #expect(try await changed(daemon, #"{"day":{"type":"date","order":"mdy"}}"#).steps.first?.notes == [])
            #expect(try await sql(daemon, "day").first == [.string("2020-01-02")])
            let format = try await changed(daemon, #"{"day":{"type":"date","format":"dd/mm/yyyy"}}"#)
            #expect(format.columns[1].type == .date && format.columns[1].format == "dd/mm/yyyy" && format.version == 4)
            #expect(try await sql(daemon, "day").first == [.string("2020-02-01")])
            let stamps = try await changed(
                daemon, #"{"stamp":{"type":"timestamp","format":"d/m/yyyy HH:MM"}}"#)
            #expect(stamps.columns[3].format == "d/m/yyyy HH:MM")
            #expect(try await sql(daemon, "strftime('%m', stamp)").first == [.string("04")])
            #expect(try await texts(daemon) == before)
            // All of it is in the recipe, and an undo goes back one by one.
            let recipe = try await daemon.get("/api/v1/datasets/d/recipe").decoded(RecipeSteps.self).steps
            #expect(recipe.count == 4)
            _ = try await daemon.post("/api/v1/datasets/d/undo", json: "{}")
            _ = try await daemon.post("/api/v1/datasets/d/undo", json: "{}")
            #expect(try await sql(daemon, "day").first == [.string("2020-01-02")])
        }
    }

    private struct RecipeSteps: Decodable { var steps: [JSONValue] }

    @Test func anOrderThatNoCellHasIsNotReplacedByAnother() async throws {
        try await withDaemon { daemon in
            #expect(
                try await daemon.upload("d", "day,n\n12/25/2020,1\n12/26/2020,2\n", query: "&types=day:text").status
                    == 201)
            let problem = try await refused(daemon, #"{"day":{"type":"date","order":"dmy"}}"#)
            #expect(
                problem.detail
                    == "There are 2 cells of 'day' that are no date: '12/25/2020' in row 1, '12/26/2020' in row 2.")
        }
    }

    @Test func numbersAreReadWithTheSignsThatAreGiven() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv, query: "&types=amount:text,day:text").status == 201)
            let before = try await texts(daemon)
            _ = try await changed(daemon, #"{"amount":{"type":"decimal","decimal":",","grouping":"."}}"#)
            #expect(try await sql(daemon, "amount * 10") == [[.integer(12345)], [.integer(-5)], [.integer(120)]])
            #expect(try await texts(daemon) == before)
            _ = try await changed(daemon, #"{"amount":"text"}"#)
            let problem = try await refused(daemon, #"{"amount":{"type":"decimal","decimal":"."}}"#)
            #expect(problem.code == "csv.type_mismatch")
            #expect(
                problem.detail
                    == "There are 2 cells of 'amount' that are no decimal: '1.234,50' in row 1, '-0,5' in row 2.")
        }
    }

    @Test func aCommaBeforeThreeDigitsIsWhatItIsInTheRestOfTheFile() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", "a;b\n1,5;1,234\n2,5;2,345\n", query: "&types=b:text").status == 201)
            _ = try await changed(daemon, #"{"b":"decimal"}"#)
            #expect(try await sql(daemon, "b") == [[.number(1.234)], [.number(2.345)]])
            #expect(
                try await daemon.upload("e", "a;b\n1.5;1,234\n2.5;2,345\n", query: "&types=b:text").status == 201)
            _ = try await daemon.call(
                .patch, "/api/v1/datasets/e", type: "application/json", body: Array(#"{"types":{"b":"decimal"}}"#.utf8))
            let rows = try await daemon.get("/api/v1/datasets/e/rows?columns=b").decoded(RowsReply.self).rows
            #expect(rows.map { $0.map(\.plainText) } == [["1234"], ["2345"]])
        }
    }

    @Test func cellsThatDoNotFitAreCountedAndNamed() async throws {
        try await withDaemon { daemon in
            let rows = (1...100).map { "\($0),\($0 % 9 == 0 ? "n/a-\($0)" : String($0))\n" }.joined()
            #expect(try await daemon.upload("d", "id,v\n" + rows).status == 201)
            let problem = try await refused(daemon, #"{"v":"integer"}"#)
            #expect(problem.status == 422 && problem.code == "csv.type_mismatch")
            #expect(
                problem.detail
                    == "There are 11 cells of 'v' that are no integer: 'n/a-9' in row 9, 'n/a-18' in row 18, 'n/a-27' in row 27 and 8 more."
            )
            #expect(problem.places?.count == 10)
            #expect(problem.places?.first == .init(column: "v", row: 9))
            #expect(try await daemon.get("/api/v1/datasets/d").decoded(DatasetReply.self).version == 1)
            let done = try await changed(daemon, #"{"v":{"type":"integer","misfits":"null"}}"#)
            #expect(done.steps.first?.failedCells == 11)
            #expect(done.steps.first?.misfits.count == 10)
            #expect(done.steps.first?.misfits.first == .init(column: "v", row: 9, text: "n/a-9"))
            #expect(try await sql(daemon, "count(v)") == [[.integer(89)]])
            #expect(try await texts(daemon)[8] == ["9", "n/a-9"])
            _ = try await changed(daemon, #"{"v":"text"}"#)
            #expect(try await sql(daemon, "count(v)") == [[.integer(100)]])
        }
    }

    @Test func aRefusedNameLeavesTheTypesAsTheyWere() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv).status == 201)
            #expect(try await daemon.upload("taken", Self.csv).status == 201)
            func change(_ body: String) async throws -> Int {
                try await daemon.call(
                    .patch, "/api/v1/datasets/d", type: "application/json", body: Array(body.utf8)
                ).status
            }
            #expect(try await change(#"{"name":"Taken","description":"x","types":{"id":"text"}}"#) == 409)
            #expect(try await change(#"{"name":"a@b","description":"x","types":{"id":"text"}}"#) == 422)
            #expect(try await change(#"{"name":"new","description":"x","types":{"code":"integer"}}"#) == 422)
            let same = try await daemon.get("/api/v1/datasets/d").decoded(DatasetReply.self)
            #expect(same.version == 1 && same.columns[0].type == .integer && same.description == nil)
            #expect(try await change(#"{"name":"new","description":"x","types":{"id":"text"}}"#) == 200)
            let changed = try await daemon.get("/api/v1/datasets/new").decoded(DatasetReply.self)
            #expect(changed.version == 2 && changed.columns[0].type == .text && changed.description == "x")
        }
    }

    @Test func csvctlAndThePageDoTheSame() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.csv, query: "&types=amount:text,day:text").status == 201)
            let run = try await daemon.csvctl(
                "datasets", "retype", "d", "amount", "decimal", "--decimal", ",", "--grouping", ".")
            #expect(run.output.hasSuffix("d is now version 2: 3 rows, 5 columns\n"), "\(run.output)\(run.error)")
            let refused = try await daemon.csvctl("datasets", "retype", "d", "code", "integer")
            #expect(
                refused.error.hasPrefix(
                    "csvctl: There is 1 cell of 'code' that is no integer: 'x' in row 2.\n  at row 2, column code\n"),
                "\(refused.error)")
            let misfit = try await daemon.csvctl("datasets", "retype", "d", "code", "integer", "--misfits", "null")
            #expect(misfit.output.contains("does not fit: 'x' in row 2 of code\n"), "\(misfit.output)\(misfit.error)")
            #expect(try await daemon.csvctl("datasets", "retype", "d", "code", "number").status == 64)

            func send(_ form: String) async throws -> (status: Int, text: String) {
                let reply = try await daemon.call(
                    .post, "/datasets/d/retype", type: "application/x-www-form-urlencoded", body: Array(form.utf8),
                    headers: [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")])
                return (reply.status, reply.text)
            }
            #expect(try await daemon.get("/datasets/d").text.contains("action=\"/datasets/d/retype\""))
            let done = try await send("column=day&type=date&order=mdy&format=&decimal=&grouping=&misfits=fail")
            #expect(done.status == 303, "\(done.text)")
            #expect(try await sql(daemon, "day").first == [.string("2020-01-02")])
            let bad = try await send("column=stamp&type=integer&misfits=fail")
            #expect(
                bad.status == 422 && bad.text.contains("3 cells of &#39;stamp&#39; that are no integer"), "\(bad.text)")
        }
    }
}
