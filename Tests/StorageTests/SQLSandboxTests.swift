import Foundation
import Shared
import Tabular
import Testing

@testable import Storage

@Suite struct SQLSandboxTests {
    let scratch = ScratchDirectory()

    private func sandbox() throws -> SQLSandbox {
        let catalogue = try scratch.catalogue()
        try catalogue.store(
            [
                TestColumn(name: "city", type: .text, cells: ["Oslo", "Bern", nil, "Lima"]),
                TestColumn(name: "size", type: .integer, cells: ["3", "1", "2", nil]),
                TestColumn(name: "price", type: .decimal, cells: ["1.50", "2.25", nil, "-3.00"]),
                TestColumn(name: "open", type: .boolean, cells: ["true", "false", "true", nil]),
                TestColumn(name: "since", type: .date, cells: ["2020-01-31", "1999-12-01", nil, "2024-02-29"]),
            ], as: "shops", groupRows: 2)
        try catalogue.store(
            [TestColumn(name: "City", type: .text, cells: ["Oslo", "Lima"])], as: "my cities")
        return SQLSandbox(catalogue: catalogue)
    }

    @Test func valuesHaveTheirTypes() throws {
        let result = try sandbox().run("SELECT rowid, * FROM shops")
        #expect(result.columns == ["rowid", "city", "size", "price", "open", "since"])
        #expect(
            result.rows == [
                [.integer(1), .string("Oslo"), .integer(3), .number(1.5), .integer(1), .string("2020-01-31")],
                [.integer(2), .string("Bern"), .integer(1), .number(2.25), .integer(0), .string("1999-12-01")],
                [.integer(3), .null, .integer(2), .null, .integer(1), .null],
                [.integer(4), .string("Lima"), .null, .number(-3), .null, .string("2024-02-29")],
            ])
    }

    @Test func datasetsJoin() throws {
        let result = try sandbox().run(
            #"SELECT s.city, c.rowid FROM shops s JOIN "my cities" c ON c.city = s.city ORDER BY 1"#)
        #expect(result.rows == [[.string("Lima"), .integer(2)], [.string("Oslo"), .integer(1)]])
    }

    @Test func parametersAreBound() throws {
        let sandbox = try sandbox()
        let result = try sandbox.run(
            "SELECT city FROM shops WHERE size >= ? AND open = ?", params: [.integer(2), .bool(true)])
        #expect(result.rows == [[.string("Oslo")], [.null]])
        #expect(throws: SQLError.parameter("The query has 1 parameters and 0 values were given")) {
            try sandbox.run("SELECT ?")
        }
        #expect(throws: SQLError.parameter("Value 1 is an array or an object")) {
            try sandbox.run("SELECT ?", params: [.array([])])
        }
    }

    @Test func earlierVersionsAreTablesToo() throws {
        let catalogue = try scratch.catalogue()
        for (number, ifExists) in [(1, ExistingDataset.error), (2, .version)] {
            try catalogue.store(
                [TestColumn(name: "n", type: .integer, cells: ["\(number)"])], as: "numbers", ifExists: ifExists)
        }
        let result = try SQLSandbox(catalogue: catalogue).run(
            #"SELECT a.n, b.n FROM "numbers@1" a, numbers b"#)
        #expect(result.rows == [[.integer(1), .integer(2)]])
    }

    @Test(arguments: [
        "ATTACH 'x.db' AS x", "PRAGMA user_version", "PRAGMA writable_schema = 1", "VACUUM", "BEGIN", "SAVEPOINT a",
        "CREATE TABLE t(a)", "CREATE TEMP TABLE t(a)", "CREATE VIEW v AS SELECT 1",
        "INSERT INTO shops VALUES (1,2,3,4,5)",
        "UPDATE shops SET size = 1", "DELETE FROM shops", "DROP TABLE shops", "ALTER TABLE shops RENAME TO x",
        "SELECT load_extension('x')", "SELECT 1; SELECT 2", "SELECT * FROM sqlite_master",
        "SELECT * FROM pragma_database_list", "ANALYZE", "REINDEX", "SELECT randomblob(1000000000)",
        "CREATE VIRTUAL TABLE t USING fts5(a)", "EXPLAIN DELETE FROM shops", "DETACH main", "SELECT fts5(1)",
    ])
    func whatDoesNotReadDatasetsIsRefused(sql: String) throws {
        let error = #expect(throws: SQLError.self) { try sandbox().run(sql) }
        #expect([ErrorCode.sqlNotAllowed.rawValue, ErrorCode.sqlSyntax.rawValue].contains(error?.problem.code))
        if case .syntax(let message, _, _)? = error { #expect(message.hasPrefix("no such function")) }
    }

    @Test(arguments: ["SELECT readfile('/etc/passwd')", "SELECT writefile('/tmp/x', 1)", "SELECT edit('x')"])
    func functionsOfTheShellAreUnknown(sql: String) throws {
        let error = #expect(throws: SQLError.self) { try sandbox().run(sql) }
        #expect(error?.problem.code == "sql.syntax")
    }

    @Test func errorsNameThePlaceAndTheNearestName() throws {
        let sandbox = try sandbox()
        #expect(
            throws: SQLError.syntax(
                message: "near \"SELEC\": syntax error", offset: 0,
                remedy:
                    "Correct the query at the place given; names with spaces stand in double quotes, texts in single ones."
            )
        ) { try sandbox.run("SELEC 1") }
        #expect(
            throws: SQLError.syntax(message: "no such table: shop", offset: nil, remedy: "Did you mean \"shops\"?")
        ) { try sandbox.run("SELECT * FROM shop") }
        #expect(
            throws: SQLError.syntax(message: "no such column: sise", offset: 7, remedy: "Did you mean \"size\"?")
        ) { try sandbox.run("SELECT sise FROM shops") }
        #expect(
            throws: SQLError.syntax(
                message: "no such table: zzzzzzzzzzzz", offset: nil,
                remedy: "The datasets are \"shops\", \"my cities\".")
        ) { try sandbox.run("SELECT * FROM zzzzzzzzzzzz") }
    }

    @Test func aQueryThatFailsWhileRunningSaysWhy() throws {
        #expect(throws: SQLError.failed("integer overflow")) {
            try sandbox().run("SELECT abs(-9223372036854775807 - 1)")
        }
    }

    @Test func timeIsLimited() throws {
        let sandbox = try sandbox()
        #expect(throws: SQLError.timeout(seconds: 0.05)) {
            try sandbox.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                limits: SQLLimits(timeoutSeconds: 0.05))
        }
    }

    @Test func aQueryCanBeCancelled() throws {
        let sandbox = try sandbox()
        let start = Date()
        #expect(throws: SQLError.cancelled) {
            try sandbox.run(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                isCancelled: { Date().timeIntervalSince(start) > 0.02 })
        }
    }

    @Test func capsLeaveRowsOffAndSaySo() throws {
        let sandbox = try sandbox()
        let byRows = try sandbox.run("SELECT * FROM shops", limits: SQLLimits(maxRows: 3))
        #expect(byRows.rows.count == 3)
        #expect(byRows.truncated)
        let exact = try sandbox.run("SELECT * FROM shops", limits: SQLLimits(maxRows: 4))
        #expect(!exact.truncated)
        let byBytes = try sandbox.run("SELECT * FROM shops", limits: SQLLimits(maxBytes: 100))
        #expect(byBytes.rows.count == 2)
        #expect(byBytes.truncated)
    }

    @Test func registeredFunctionsGetAndGiveValues() throws {
        let sandbox = try sandbox()
        sandbox.register(
            SQLFunction(name: "predict") { arguments in
                guard case .string(let model)? = arguments.first else {
                    throw Problem(.modelNotFound, "predict() wants a model", remedy: "")
                }
                return .string("\(model):\(arguments.dropFirst().map(\.plainText).joined(separator: "|"))")
            })
        let result = try sandbox.run("SELECT predict('m', size, city) FROM shops LIMIT 1")
        #expect(result.rows == [[.string("m:3|Oslo")]])
        #expect(throws: SQLError.failed("predict() wants a model")) { try sandbox.run("SELECT predict(1)") }
    }

    @Test func countingNeedsNoSegments() throws {
        let sandbox = try sandbox()
        #expect(try sandbox.run("select COUNT(*) from Shops;").rows == [[.integer(4)]])
        #expect(try sandbox.run("select COUNT(*) from Shops;").columns == ["COUNT(*)"])
        #expect(try sandbox.run("SELECT count(*) FROM shops WHERE 1").rows == [[.integer(4)]])
    }

    @Test func columnsThatDifferInCaseOnlyGetNumbers() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(
            [
                TestColumn(name: "a", type: .integer, cells: ["1"]),
                TestColumn(name: "A", type: .integer, cells: ["2"]),
                TestColumn(name: "a\"b", type: .integer, cells: ["3"]),
            ], as: "odd \"name")
        let result = try SQLSandbox(catalogue: catalogue).run(#"SELECT a, a_2, "a""b" FROM "odd ""name""#)
        #expect(result.rows == [[.integer(1), .integer(2), .integer(3)]])
    }

    @Test func damagedSegmentsAreAnErrorNeverWrongRows() throws {
        let catalogue = try scratch.catalogue()
        let cells = (0..<5000).map { Optional("value \($0 * 7919 % 10_007)") }
        let version = try catalogue.store(
            [TestColumn(name: "t", type: .text, cells: cells)], as: "texts", groupRows: 5000)
        let file = scratch.path + "/segments/" + (version.columns[0].runs[0].file) + ".db"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        for place in stride(from: bytes.count - 9000, to: bytes.count, by: 512) { bytes[place] ^= 0x40 }
        try bytes.write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: SQLError.self) {
            try SQLSandbox(catalogue: catalogue).run("SELECT max(t) FROM texts")
        }
        #expect(error?.problem.code == "storage.damaged")
    }
}
