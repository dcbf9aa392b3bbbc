import Foundation
import GRDB
import Shared
import Tabular
import Testing

@testable import Storage

/// The native path against plain tables with the same rows.
@Suite struct NativeQueryTests {
    let scratch = ScratchDirectory()

    /// Equal but for the last digits of reals: they are added in another order. `1e4` is above what the magnitudes of a sum add up to.
    static func isSame(_ a: [[JSONValue]], _ b: [[JSONValue]]) -> Bool {
        a.count == b.count
            && zip(a, b).allSatisfy { a, b in
                a.count == b.count
                    && zip(a, b).allSatisfy { a, b in
                        if case .number(let a) = a, case .number(let b) = b {
                            return a == b || abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e4)
                        }
                        return a == b
                    }
            }
    }

    /// The first rows that differ.
    static func difference(_ a: [[JSONValue]], _ b: [[JSONValue]]) -> String {
        func text(_ row: [JSONValue]?) -> String { row?.map(\.plainText).joined(separator: "|") ?? "no row" }
        for row in 0..<max(a.count, b.count) {
            let (a, b) = (row < a.count ? a[row] : nil, row < b.count ? b[row] : nil)
            if a == nil || b == nil || !isSame([a ?? []], [b ?? []]) {
                return "row \(row): \(text(a)) and not \(text(b))"
            }
        }
        return ""
    }

    @Test func randomQueriesGiveWhatAPlainTableGives() throws {
        let seed: UInt64 = 20_261_126
        var random = SeededGenerator(state: seed)
        var natives = 0
        let count = 2000
        let twin = try TwinTable(rows: 400, in: try scratch.catalogue(), &random)
        for number in 0..<count {
            var query = RandomQuery(random)
            let sql = query.make()
            random = query.random
            let expected = try twin.plainAnswer(sql)
            let result = try twin.native.run(sql)
            if result.isNative { natives += 1 }
            #expect(result.columns == expected.titles, "seed \(seed), query \(number): \(sql)")
            let isSame = Self.isSame(result.rows, expected.rows)
            #expect(isSame, "seed \(seed), query \(number): \(sql)\n\(Self.difference(result.rows, expected.rows))")
            if !isSame || result.columns != expected.titles { break }
        }
        // A sum of integers near 2^63, which may overflow, is left to SQLite.
        #expect(natives >= count * 9 / 10, "only \(natives) of \(count) queries were native")
    }

    @Test(arguments: [
        "SELECT i, max(d) FROM p", "SELECT i FROM p UNION SELECT i FROM p ORDER BY 1",
        "SELECT i || t FROM p ORDER BY 1",
        "SELECT count(*) FROM p WHERE t = 5", "SELECT count(*) FROM p WHERE i = '5'",
        "SELECT count(*) FROM p WHERE t > i",
        "SELECT group_concat(cat) FROM p", "SELECT sum(big) FROM p WHERE rowid = 5",
        "SELECT t FROM p WHERE t GLOB 'n*'",
        "SELECT count(*) FROM p, q WHERE p.i = q.id", "SELECT count(*) FROM p LEFT JOIN q ON p.i = q.id",
        "SELECT count(*) FROM (SELECT * FROM p)", "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
        "SELECT i FROM p WHERE i IN (SELECT id FROM q) ORDER BY i", "SELECT upper(t) FROM p ORDER BY rowid",
        "SELECT CASE WHEN b THEN 1 ELSE 2 END FROM p", "SELECT sum(d) OVER (ORDER BY rowid) FROM p",
        "SELECT count(*) FROM p WHERE t = 'Red' COLLATE NOCASE", "SELECT count(*) FROM p WHERE i = NULL",
        "SELECT count(*) FROM p WHERE t LIKE 'n%' ESCAPE '!'", "SELECT min(i, 5) FROM p ORDER BY 1", "SELECT 1",
        "SELECT count(*) FROM p WHERE day = 20190501", "SELECT big * 2 FROM p ORDER BY rowid", "SELECT -big FROM p",
        "SELECT count(*) FROM p WHERE (i = 1) = (b = 1)", "SELECT i << 1 FROM p", "SELECT count(*) FROM main.p",
        "SELECT count(*) FROM p NOT INDEXED", "SELECT sum(DISTINCT i) FROM p",
        "SELECT count(*) FILTER (WHERE b) FROM p",
        "SELECT i FROM p ORDER BY t COLLATE NOCASE, rowid", "SELECT count(*) FROM p WHERE d = big",
        "SELECT 5 % 2.5 FROM p",
        "SELECT i FROM p GROUP BY b ORDER BY 1", "SELECT count(*) FROM p WHERE b IS TRUE", "VALUES (1), (2)",
        "SELECT avg(t) FROM p", "SELECT 1e3 FROM p", "SELECT 0x10 FROM p",
        "SELECT count(*) FROM p WHERE t IN ('a', NULL)",
    ])
    func whatItDoesNotKnowGoesToTheVirtualTable(sql: String) throws {
        var random = SeededGenerator(state: 7)
        let twin = try TwinTable(rows: 90, in: try scratch.catalogue(), &random)
        let result = try twin.native.run(sql)
        let expected = try twin.plainAnswer(sql)
        #expect(!result.isNative)
        #expect(result.columns == expected.titles)
        // SQLite promises no order where none is asked for, and reads a virtual table in its own.
        let isSame = Self.isSame(result.rows, expected.rows)
        #expect(isSame, "\(Self.difference(result.rows, expected.rows))")
    }

    @Test(arguments: [
        "SELECT count( * ) , sum(i)+1 /* so */ AS total FROM p", "SELECT I, p.D, (b), +i, -i FROM p LIMIT 3",
        "select Count(*) As N from P as x where X.i>3;", "SELECT *, rowid, i+ 1  FROM p LIMIT 2",
        "SELECT oid, x.* FROM p x LIMIT 2", "SELECT \"i\", [d], `b` FROM p LIMIT 2",
        "SELECT count(*) -- the rows\n FROM p", "SELECT i AS a, i AS \"a\", 'x' IS NULL FROM p LIMIT 1",
    ])
    func titlesAreSQLites(sql: String) throws {
        var random = SeededGenerator(state: 8)
        let twin = try TwinTable(rows: 30, in: try scratch.catalogue(), &random)
        #expect(try twin.native.run(sql).columns == twin.plainAnswer(sql).titles)
    }

    @Test func parametersAreValues() throws {
        var random = SeededGenerator(state: 9)
        let twin = try TwinTable(rows: 200, in: try scratch.catalogue(), &random)
        let sql = "SELECT cat, count(*), max(d) FROM p WHERE i > ? AND (t = ? OR d < ?) GROUP BY cat ORDER BY 1 LIMIT ?"
        let result = try twin.native.run(sql, params: [.integer(10), .string("5"), .number(1.5), .integer(2)])
        #expect(result.isNative)
        #expect(result.rows == (try twin.plainAnswer(sql, [10, "5", 1.5, 2]).rows))
        #expect(throws: SQLError.parameter("The query has 1 parameters and 0 values were given")) {
            try twin.native.run("SELECT i FROM p WHERE i > ?")
        }
    }

    @Test func aSumThatOverflowsIsAnErrorAndOneThatMayIsExact() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(
            [TestColumn(name: "n", type: .integer, cells: ["9223372036854775807", "1", "-2"])], as: "n")
        let sandbox = SQLSandbox(catalogue: catalogue)
        #expect(throws: SQLError.failed("integer overflow")) { try sandbox.run("SELECT sum(n) FROM n") }
        #expect(try sandbox.run("SELECT sum(n) FROM n WHERE rowid > 1").rows == [[.integer(-1)]])
        #expect(try sandbox.run("SELECT n + 1 FROM n LIMIT 1").rows == [[.number(0x1p63)]])
    }

    @Test func noRowsGiveOneGroupOrNone() throws {
        var random = SeededGenerator(state: 13)
        let twin = try TwinTable(rows: 90, in: try scratch.catalogue(), &random)
        for sql in [
            "SELECT count(*), count(i), sum(i), avg(i), min(t), total(i), count(DISTINCT i) FROM p WHERE rowid < 0",
            "SELECT i, count(*) FROM p WHERE rowid < 0 GROUP BY i", "SELECT * FROM p WHERE i > 1000 ORDER BY i LIMIT 5",
        ] {
            let result = try twin.native.run(sql)
            #expect(result.isNative)
            #expect(result.rows == (try twin.plainAnswer(sql).rows), "\(sql)")
        }
    }

    @Test func sumsDoNotDependOnTheThreads() throws {
        let catalogue = try scratch.catalogue()
        var random = SeededGenerator(state: 10)
        let cells = (0..<20_000).map { _ in Optional("\(Double.random(in: -1e6...1e6, using: &random))") }
        try catalogue.store([TestColumn(name: "x", type: .decimal, cells: cells)], as: "x", groupRows: 500)
        let sandbox = SQLSandbox(catalogue: catalogue)
        let first = try sandbox.run("SELECT sum(x), avg(x * x), total(x / 3) FROM x").rows
        for _ in 0..<10 {
            #expect(try sandbox.run("SELECT sum(x), avg(x * x), total(x / 3) FROM x").rows == first)
        }
    }

    @Test func timeAndCancellationStopIt() throws {
        var random = SeededGenerator(state: 11)
        let twin = try TwinTable(rows: 90, in: try scratch.catalogue(), &random)
        #expect(throws: SQLError.cancelled) {
            try twin.native.run("SELECT avg(d) FROM p", isCancelled: { true })
        }
        #expect(throws: SQLError.timeout(seconds: 0)) {
            try twin.native.run("SELECT i FROM p", limits: SQLLimits(timeoutSeconds: 0))
        }
    }

    @Test func capsLeaveRowsOffAndSaySo() throws {
        var random = SeededGenerator(state: 12)
        let twin = try TwinTable(rows: 90, in: try scratch.catalogue(), &random)
        for sql in ["SELECT i FROM p", "SELECT i FROM p ORDER BY d, rowid", "SELECT rowid, count(*) FROM p GROUP BY 1"]
        {
            let cut = try twin.native.run(sql, limits: SQLLimits(maxRows: 89))
            #expect(cut.isNative && cut.truncated && cut.rows.count == 89)
            let whole = try twin.native.run(sql, limits: SQLLimits(maxRows: 90))
            #expect(!whole.truncated && whole.rows.count == 90)
        }
    }

    @Test func zonesOfTimeKeepTheOrderOfTexts() throws {
        let catalogue = try scratch.catalogue()
        let cells = ["2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z"]
        try catalogue.store([TestColumn(name: "at", type: .timestamp, cells: cells)], as: "z")
        let (native, virtual) = (
            SQLSandbox(catalogue: catalogue), SQLSandbox(catalogue: catalogue, usesNativePath: false)
        )
        for sql in [
            "SELECT at FROM z", "SELECT count(*) FROM z WHERE at > '2020-01-01T00:00:00.9Z'",
            "SELECT min(at), max(at) FROM z",
            "SELECT at, count(*) FROM z GROUP BY at", "SELECT at FROM z ORDER BY at LIMIT 2",
        ] { #expect(try native.run(sql).rows == virtual.run(sql).rows, "\(sql)") }
    }
}
