import Foundation
import GRDB
import Shared
import Tabular
import Testing

@testable import Storage

/// The virtual table against a plain table with the same rows: every query must give the same.
@Suite struct VirtualTableTests {
    let scratch = ScratchDirectory()

    private static let columns = TwinTable.columns

    private static let literals = [
        "0", "1", "5", "-1", "100", "5.0", "5.5", "-0.0", "2.25", "NULL", "'5'", "'5.0'", "' 5 '", "'abc'", "''",
        "x'35'",
        "'red'", "'Zürich'", "'naïve3'", "9007199254740993", "9007199254740992.0", "9223372036854775807",
        "-9223372036854775808", "9.3e18", "-9.3e18", "1e400", "-1e400", "'2019-05-01'", "'2019-05'", "'2019-05-01x'",
        "'2020-09-13T12:26:4'", "'2020-09-13T12:28:20'", "'2020-09-13T12:28:20.5'", "'9'", "CAST(5 AS TEXT)",
        "CAST('5' AS NUMERIC)", "i", "d", "t", "big", "'long é'", "'2019-04-20' || ''", "(SELECT 7)", "+i", "9e15",
    ]

    private static func condition(_ random: inout SeededGenerator, depth: Int = 0) -> String {
        let names = columns.map(\.name) + ["rowid"]
        let name = names[Int.random(in: 0..<names.count, using: &random)]
        let literal = literals[Int.random(in: 0..<literals.count, using: &random)]
        let second = literals[Int.random(in: 0..<literals.count, using: &random)]
        switch Int.random(in: 0..<(depth < 2 ? 14 : 9), using: &random) {
        case 0: return "\(name) = \(literal)"
        case 1: return "\(name) < \(literal)"
        case 2: return "\(name) <= \(literal)"
        case 3: return "\(name) > \(literal)"
        case 4: return "\(name) >= \(literal)"
        case 5: return "\(name) IS \(literal)"
        case 6: return "\(name) IS NOT NULL"
        case 7: return "\(name) BETWEEN \(literal) AND \(second)"
        case 8: return "\(name) IN (\(literal), \(second), 3)"
        case 9: return "\(literal) < \(name)"
        case 10: return "\(name) <> \(literal)"
        case 11: return "\(name) = \(literal) COLLATE NOCASE"
        case 12: return "(\(condition(&random, depth: depth + 1)) OR \(condition(&random, depth: depth + 1)))"
        default: return "\(condition(&random, depth: depth + 1)) AND \(condition(&random, depth: depth + 1))"
        }
    }

    private static func query(_ random: inout SeededGenerator) -> String {
        let condition = condition(&random)
        let limit = Int.random(in: 0...20, using: &random)
        let offset = Int.random(in: 0...120, using: &random)
        let one = columns[Int.random(in: 0..<columns.count, using: &random)].name
        let other = columns[Int.random(in: 0..<columns.count, using: &random)].name
        switch Int.random(in: 0..<12, using: &random) {
        // Look-ups often enough for an index.
        case 10:
            return """
                SELECT a.rowid, (SELECT sum(rowid) FROM p b WHERE b.\(one) = a.\(other) AND \(condition)) FROM p a
                WHERE a.rowid <= 12 ORDER BY 1
                """
        case 11:
            return """
                SELECT count(*), sum(a.rowid * b.rowid) FROM p a JOIN p b ON b.\(one) = a.\(one) AND b.\(other) = a.\(other)
                """
        case 0: return "SELECT count(*), min(t), max(t), min(day), max(at), min(d), sum(i) FROM p WHERE \(condition)"
        case 1: return "SELECT rowid, * FROM p WHERE \(condition) ORDER BY rowid LIMIT \(limit) OFFSET \(offset)"
        case 2: return "SELECT rowid, * FROM p ORDER BY rowid LIMIT \(limit) OFFSET \(offset)"
        case 3: return "SELECT rowid, t FROM p WHERE \(condition) ORDER BY rowid DESC LIMIT \(limit) OFFSET \(offset)"
        case 4:
            return "SELECT cat, b, count(*), avg(d), max(t) FROM p WHERE \(condition) GROUP BY cat, b ORDER BY cat, b"
        case 5: return "SELECT rowid FROM p WHERE \(condition) ORDER BY d, rowid LIMIT \(limit) OFFSET \(offset)"
        case 6: return "SELECT DISTINCT cat FROM p WHERE \(condition) ORDER BY cat LIMIT 2 OFFSET 1"
        case 7: return "SELECT a.rowid, b.rowid FROM p a JOIN p b ON b.rowid = a.i WHERE a.rowid < 60 ORDER BY 1, 2"
        case 8:
            return "SELECT count(*), sum(rowid) FROM p WHERE i IN (SELECT i FROM p WHERE \(condition)) OR \(condition)"
        default: return "SELECT rowid, i, big, d, b, day, at, t, cat FROM p WHERE \(condition) ORDER BY rowid"
        }
    }

    @Test func randomQueriesGiveWhatAPlainTableGives() throws {
        var random = SeededGenerator(state: 20_261_123)
        let twin = try TwinTable(rows: 400, in: try scratch.catalogue(), &random)
        for number in 0..<1000 {
            let sql = Self.query(&random)
            let expected = try twin.plainAnswer(sql)
            let result = try twin.sandbox.run(sql)
            #expect(result.rows == expected.rows, "query \(number): \(sql)")
            if result.rows != expected.rows { break }
        }
    }

    @Test func boundsRuleRowGroupsOut() throws {
        let catalogue = try scratch.catalogue()
        let cells = (0..<1000).map { Optional(String($0)) }
        let version = try catalogue.store(
            [TestColumn(name: "n", type: .integer, cells: cells)], as: "n", groupRows: 100)
        // With the payloads of the other groups spoiled, only the group that can hold the row may be read.
        let file = scratch.path + "/segments/\(version.columns[0].runs[0].file).db"
        let queue = try DatabaseQueue(path: file)
        try queue.write { try $0.execute(sql: "UPDATE segment SET payload = x'00' WHERE id <> 4") }
        try queue.close()
        let sandbox = SQLSandbox(catalogue: catalogue, usesNativePath: false)
        #expect(try sandbox.run("SELECT rowid FROM n WHERE n = 450").rows == [[.integer(451)]])
        #expect(try sandbox.run("SELECT count(n) FROM n WHERE n >= 400 AND n < 500").rows == [[.integer(100)]])
        #expect(try sandbox.run("SELECT n FROM n WHERE rowid = 401").rows == [[.integer(400)]])
        #expect(try sandbox.run("SELECT n FROM n ORDER BY rowid LIMIT 1 OFFSET 499").rows == [[.integer(499)]])
        #expect(throws: SQLError.self) { try sandbox.run("SELECT sum(n) FROM n") }
    }

    @Test func integersBeyondTheDoublesCompareExactly() {
        // Double(2^53 + 1) is 2^53.
        #expect(ColumnFilter.reals(.equal, Int64(1 << 53) + 1) == .nothing)
        #expect(ColumnFilter.reals(.less, Int64.max) == .reals(-.infinity, 0x1p63.nextDown))
        #expect(ColumnFilter.reals(.lessOrEqual, Int64.max) == .reals(-.infinity, 0x1p63.nextDown))
        #expect(ColumnFilter.reals(.greater, Int64.max) == .reals(0x1p63, .infinity))
        #expect(ColumnFilter.integers(.greater, 0x1p63) == .nothing)
        #expect(ColumnFilter.integers(.less, 0x1p63) == .notNull)
        #expect(ColumnFilter.integers(.greaterOrEqual, -0x1p63) == .integers(.min, .max))
        #expect(ColumnFilter.integers(.less, -0x1p63) == .nothing)
        #expect(ColumnFilter.integers(.greater, 5.5) == .integers(6, .max))
        #expect(ColumnFilter.integers(.lessOrEqual, -5.5) == .integers(.min, -6))
    }

    @Test func nanIsNull() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        let chunk = ColumnChunk(type: .decimal, values: .doubles([1, .nan, -.infinity]))
        try writer.append(column: 0, rowGroup: 0, SegmentCodec.encode(chunk))
        let file = try writer.seal()
        try catalogue.store(
            NewVersion(
                columns: [ColumnRecord(name: "x", type: .decimal, nullable: false)], rowCounts: file.rowCounts,
                bytes: 0,
                origin: "upload", dialect: plainDialect, files: [file]), as: "x", at: dawn)
        let sandbox = SQLSandbox(catalogue: catalogue, usesNativePath: false)
        #expect(try sandbox.run("SELECT rowid FROM x WHERE x IS NULL").rows == [[.integer(2)]])
        #expect(try sandbox.run("SELECT rowid FROM x WHERE x IS NOT NULL").rows == [[.integer(1)], [.integer(3)]])
        #expect(try sandbox.run("SELECT rowid FROM x WHERE x < 5").rows == [[.integer(1)], [.integer(3)]])
    }

    @Test func anAppendedColumnThatWidenedIsFilteredByItsNewType() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store([TestColumn(name: "v", type: .integer, cells: ["10", "9", nil])], as: "v")
        try catalogue.store([TestColumn(name: "v", type: .text, cells: ["abc", "10"])], as: "v", ifExists: .append)
        let sandbox = SQLSandbox(catalogue: catalogue, usesNativePath: false)
        #expect(try sandbox.run("SELECT rowid FROM v WHERE v = '10'").rows == [[.integer(1)], [.integer(5)]])
        #expect(try sandbox.run("SELECT rowid FROM v WHERE v < '5'").rows == [[.integer(1)], [.integer(5)]])
    }
}
