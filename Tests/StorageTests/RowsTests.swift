import Foundation
import Shared
import Tabular
import Testing

@testable import Storage

@Suite struct RowsTests {
    let scratch = ScratchDirectory()

    private func sandbox() throws -> (SQLSandbox, StoredTable) {
        let catalogue = try scratch.catalogue()
        try catalogue.store(
            [
                TestColumn(name: "id", type: .text, cells: (0..<25).map { "row \($0)" }),
                TestColumn(name: "code", type: .integer, cells: (0..<25).map { $0 % 5 == 4 ? nil : "00\($0 % 5)" }),
            ], as: "t", groupRows: 4)
        return (SQLSandbox(catalogue: catalogue), try catalogue.table("t"))
    }

    private func ids(_ page: RowPage) -> [String] { page.rows.compactMap(\.first?.plainText) }

    @Test func plainPagesFollowOneAnother() throws {
        let (sandbox, table) = try sandbox()
        var seen: [String] = []
        var query = RowsQuery(limit: 7)
        repeat {
            let page = try sandbox.rows(of: table, query)
            seen += ids(page)
            query.after = page.next
        } while query.after != nil
        #expect(seen == (0..<25).map { "row \($0)" })
        #expect(try ids(sandbox.rows(of: table, RowsQuery(offset: 23))) == ["row 23", "row 24"])
        #expect(try sandbox.rows(of: table, RowsQuery(offset: 99)).rows.isEmpty)
    }

    /// Where the cache is full, no more of a row group is decoded than a page shows.
    @Test func pagesAreTheSameWithAFullCache() throws {
        let catalogue = try scratch.catalogue(cacheBytes: 64 << 10)
        let rows = 9000
        try catalogue.store(
            [
                TestColumn(name: "id", type: .integer, cells: (0..<rows).map { "\($0)" }),
                TestColumn(
                    name: "price", type: .decimal, cells: (0..<rows).map { $0 % 7 == 0 ? nil : "\($0 * 37 % 1000).25" }),
                TestColumn(name: "day", type: .date, cells: (0..<rows).map { "20\(10 + $0 / 1000)-03-0\(1 + $0 % 9)" }),
                TestColumn(name: "flag", type: .boolean, cells: (0..<rows).map { $0 / 50 % 2 == 0 ? "true" : "false" }),
                TestColumn(
                    name: "city", type: .text, cells: (0..<rows).map { $0 % 11 == 3 ? nil : "city \($0 / 3 % 40)" }),
                TestColumn(name: "note", type: .text, cells: (0..<rows).map { "note number \($0 * 7919)" }),
            ], as: "t", groupRows: 3000)
        let (sandbox, table) = (SQLSandbox(catalogue: catalogue), try catalogue.table("t"))
        let all = try sandbox.rows(of: table, RowsQuery(limit: rows)).rows
        #expect(all.count == rows)
        // The second time from segments that are kept as they are stored.
        for offset in [0, 1].flatMap({ _ in stride(from: 0, to: rows, by: 613) }) {
            let page = try sandbox.rows(of: table, RowsQuery(offset: offset, limit: 90))
            #expect(page.rows == Array(all[offset..<min(offset + 90, rows)]))
        }
        // From many row groups, in no order of rows.
        let sorted = try sandbox.rows(of: table, RowsQuery(sort: "-price,day", limit: 40))
        for row in sorted.rows {
            guard case .integer(let id) = row[0] else { continue }
            #expect(row == all[Int(id)])
        }
    }

    @Test func textGivesTheExactCellsAndTypedTheValues() throws {
        let (sandbox, table) = try sandbox()
        let text = try sandbox.rows(of: table, RowsQuery(columns: ["code"], offset: 3, limit: 2, values: .text))
        #expect(text.rows == [[.string("003")], [.null]])
        let typed = try sandbox.rows(of: table, RowsQuery(columns: ["code"], offset: 3, limit: 2))
        #expect(typed.rows == [[.integer(3)], [.null]])
    }

    @Test func filtersAndSortsPage() throws {
        let (sandbox, table) = try sandbox()
        let filtered = try sandbox.rows(of: table, RowsQuery(filter: "code = 2 -- the second", limit: 2))
        #expect(ids(filtered) == ["row 2", "row 7"])
        let next = try sandbox.rows(of: table, RowsQuery(filter: "code = 2", after: filtered.next, limit: 2))
        #expect(ids(next) == ["row 12", "row 17"])
        let sorted = try sandbox.rows(of: table, RowsQuery(sort: "-code,id", limit: 3))
        #expect(ids(sorted) == ["row 13", "row 18", "row 23"])
        let more = try sandbox.rows(of: table, RowsQuery(sort: "-code,id", after: sorted.next, limit: 2))
        #expect(ids(more) == ["row 3", "row 8"])
    }

    @Test(arguments: ["1) OR (1", "1; DROP TABLE t", "'", "a)"])
    func aFilterIsOneExpression(filter: String) throws {
        let (sandbox, table) = try sandbox()
        let error = #expect(throws: SQLError.self) { try sandbox.rows(of: table, RowsQuery(filter: filter)) }
        #expect(error?.problem.code == "sql.syntax")
    }

    @Test func anUnknownColumnNamesTheNearest() throws {
        let (sandbox, table) = try sandbox()
        #expect(throws: SQLError.storage(.columnNotFound("cod", dataset: "t", nearest: "code"))) {
            try sandbox.rows(of: table, RowsQuery(columns: ["cod"]))
        }
        #expect(
            throws: SQLError.syntax(message: "no such column: cod", offset: 0, remedy: "Did you mean \"code\"?")
        ) { try sandbox.rows(of: table, RowsQuery(filter: "cod = 1")) }
    }

    @Test func aBadCursorIsRefused() throws {
        let (sandbox, table) = try sandbox()
        #expect(throws: SQLError.parameter("after must be the next of the page before, not \"x\"")) {
            try sandbox.rows(of: table, RowsQuery(after: "x"))
        }
    }
}
