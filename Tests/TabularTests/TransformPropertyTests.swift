import Shared
import Testing

@testable import Tabular

/// Random steps on random tables against a plain implementation on rows of texts.
@Suite struct TransformPropertyTests {
    private struct Random {
        var state: UInt64
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        mutating func of<T>(_ items: [T]) -> T { items[below(items.count)] }
    }

    /// Rows of exact texts; nil is null. `n` is an integer column, the others are texts.
    private struct Plain: Equatable {
        var names: [String]
        var rows: [[String?]]
    }

    private static func number(_ text: String?) -> Int? { text.flatMap { Int($0) } }

    private func plainTable(_ random: inout Random) -> Plain {
        Plain(
            names: ["n", "s", "t"],
            rows: (0..<random.below(25)).map { _ in
                [
                    random.below(4) == 0 ? nil : random.of(["0", "7", "-3", "007", "12", "500"]),
                    random.below(4) == 0 ? nil : random.of(["x", " x", "Xy", "", "a-b", "a-b-c", "é"]),
                    random.below(6) == 0 ? nil : random.of(["p", "q", "r"]),
                ]
            })
    }

    private func table(_ plain: Plain, _ random: inout Random) -> DataTable {
        var cuts = [0]
        while let last = cuts.last, last < plain.rows.count {
            cuts.append(min(plain.rows.count, last + 1 + random.below(9)))
        }
        return DataTable(
            columns: plain.names.enumerated().map { place, name in
                let type: ColumnType = name == "n" ? .integer : .text
                return TableColumn(
                    name: name, type: type,
                    chunks: zip(cuts, cuts.dropFirst()).map { start, end in
                        ColumnChunk.parse(texts: plain.rows[start..<end].map { $0[place] }, as: type).chunk.compacted()
                    })
            })
    }

    private func plain(_ table: ChunkedTable) throws -> Plain {
        var rows = [[String?]](repeating: [], count: table.rows)
        for place in table.columns.indices {
            try table.forEachChunk(place) { start, chunk in
                for row in 0..<chunk.rows {
                    let text = chunk.text(at: row)
                    rows[start + row].append(text.isEmpty && chunk.nulls?.isNull(row) == true ? nil : text)
                }
            }
        }
        return Plain(names: table.columns.map(\.name), rows: rows)
    }

    /// A step, and what it does to plain rows.
    private func step(_ random: inout Random) -> ([String: JSONValue], (Plain) -> Plain) {
        let column = random.of(["s", "t"])
        func place(_ plain: Plain, _ name: String) -> Int { plain.names.firstIndex(of: name) ?? 0 }
        func mapped(_ name: String, _ change: @escaping (String?) -> String?) -> (Plain) -> Plain {
            { plain in
                var result = plain
                for row in plain.rows.indices {
                    result.rows[row][place(plain, name)] = change(plain.rows[row][place(plain, name)])
                }
                return result
            }
        }
        func filtered(_ keep: @escaping ([String?]) -> Bool) -> (Plain) -> Plain {
            { Plain(names: $0.names, rows: $0.rows.filter(keep)) }
        }
        switch random.below(13) {
        case 0: return (["op": "remove_nulls"], filtered { !$0.contains(nil) })
        case 1: return (["op": "upper", "column": .string(column)], mapped(column) { $0?.uppercased() })
        case 2:
            return (
                ["op": "replace", "column": "n", "value": 7, "with": .null],
                mapped("n") { Self.number($0) == 7 ? nil : $0 }
            )
        case 3: return (["op": "fill_constant", "column": "n", "value": 5], mapped("n") { $0 ?? "5" })
        case 4:
            return (
                ["op": "replace", "column": .string(column), "value": "-", "with": "+", "part": true],
                mapped(column) { $0?.replacing("-", with: "+") }
            )
        case 5:
            return (
                ["op": "remove_duplicates", "columns": ["n", "t"], "keep": "last"],
                { plain in
                    var seen: Set<[String]> = []
                    let kept = plain.rows.reversed().filter { row in
                        let key = [Self.number(row[0]).map(String.init) ?? "-", row[2] ?? "NULL"]
                        return seen.insert(key).inserted
                    }
                    return Plain(names: plain.names, rows: kept.reversed())
                }
            )
        case 6:
            let descends = random.below(2) == 0
            return (
                ["op": "sort", "columns": [.string(descends ? "-n" : "n"), "t"]],
                { plain in
                    let order = plain.rows.indices.sorted { one, two in
                        let (a, b) = (plain.rows[one], plain.rows[two])
                        let (x, y) = (Self.number(a[0]), Self.number(b[0]))
                        if x != y {
                            guard let x else { return false }
                            guard let y else { return true }
                            return descends ? x > y : x < y
                        }
                        if a[2] != b[2] {
                            guard let left = a[2] else { return false }
                            guard let right = b[2] else { return true }
                            return left < right
                        }
                        return one < two
                    }
                    return Plain(names: plain.names, rows: order.map { plain.rows[$0] })
                }
            )
        case 7:
            return (
                ["op": "fill_forward", "by": "t", "column": "n"],
                { plain in
                    var result = plain
                    var last: [String?: String] = [:]
                    for row in plain.rows.indices {
                        if let value = plain.rows[row][0] {
                            last[plain.rows[row][2]] = value
                        } else {
                            result.rows[row][0] = last[plain.rows[row][2]]
                        }
                    }
                    return result
                }
            )
        case 8:
            return (
                [
                    "op": "join", "dataset": "other", "on": "t", "with": "k",
                    "how": random.below(2) == 0 ? "left" : "left",
                ],
                { plain in
                    let other: [(String, String)] = [("p", "1"), ("q", "2"), ("p", "3")]
                    return Plain(
                        names: plain.names + ["v"],
                        rows: plain.rows.flatMap { row -> [[String?]] in
                            let found = other.filter { $0.0 == row[2] }.map { row + [$0.1] }
                            return found.isEmpty ? [row + [nil]] : found
                        })
                }
            )
        case 9:
            return (
                ["op": "append", "dataset": "other"],
                { plain in
                    Plain(
                        names: plain.names + ["k", "v"],
                        rows: plain.rows.map { $0 + [nil, nil] }
                            + [("p", "1"), ("q", "2"), ("p", "3")].map {
                                [String?](repeating: nil, count: plain.names.count) + [$0.0, $0.1]
                            })
                }
            )
        case 10:
            return (
                [
                    "op": "group", "by": "t",
                    "aggregates": [
                        .object(["function": "count", "as": "rows"]),
                        .object(["function": "sum", "column": "n", "as": "sum"]),
                        .object(["function": "max", "column": "n", "as": "max"]),
                        .object(["function": "distinct", "column": "s", "as": "kinds"]),
                    ],
                ],
                { plain in
                    var keys: [String?] = []
                    for row in plain.rows where !keys.contains(row[2]) { keys.append(row[2]) }
                    return Plain(
                        names: ["t", "rows", "sum", "max", "kinds"],
                        rows: keys.map { key in
                            let rows = plain.rows.filter { $0[2] == key }
                            let numbers = rows.compactMap { Self.number($0[0]) }
                            let most = numbers.max()
                            return [
                                key, String(rows.count), numbers.isEmpty ? nil : String(numbers.reduce(0, +)),
                                rows.first { Self.number($0[0]) == most && most != nil }?[0],
                                String(Set(rows.compactMap { $0[1] }).count),
                            ]
                        })
                }
            )
        case 11:
            return (
                ["op": "split_column", "column": "s", "delimiter": "-", "into": ["a", "b"], "keep": false],
                { plain in
                    Plain(
                        names: ["n", "a", "b", "t"],
                        rows: plain.rows.map { row in
                            guard let text = row[1] else { return [row[0], nil, nil, row[2]] }
                            let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(
                                String.init)
                            return [row[0], parts[0], parts.count > 1 ? parts[1] : nil, row[2]]
                        })
                }
            )
        default: return (["op": "convert", "column": "n", "to": "text"], { $0 })
        }
    }

    @Test func stepsDoWhatTheyDoOnPlainRows() throws {
        var random = Random(state: 3)
        for _ in 0..<600 {
            let plainRows = plainTable(&random)
            let table = ChunkedTable(table(plainRows, &random))
            let other = ["k": ["p", "q", "p"], "v": ["1", "2", "3"]]
            let ids = try ["k", "v"].map { name in
                let type: ColumnType = name == "k" ? .text : .integer
                let chunk = ColumnChunk.parse(texts: other[name]?.map(Optional.some) ?? [], as: type).chunk
                return ChunkedColumn(name: name, type: type, chunks: [try table.shelf.keep(chunk)])
            }
            var surroundings = TransformSurroundings.none
            let shelf = table.shelf
            surroundings.dataset = { _, _ in ChunkedTable(columns: ids, rowCounts: [3], shelf: shelf) }
            let (json, reference) = step(&random)
            let (result, report) = try TransformStep(json: .object(json)).apply(to: table, surroundings)
            #expect(try plain(result) == reference(plainRows), "\(json) on \(plainRows)")
            #expect(result.rows == table.rows - report.removedRows + report.addedRows)
            // The table before is as it was.
            #expect(try plain(table) == plainRows)
        }
    }

    @Test func everyOperationTakesAnEmptyTable() throws {
        var random = Random(state: 9)
        for _ in 0..<200 {
            let (json, reference) = step(&random)
            let empty = Plain(names: ["n", "s", "t"], rows: [])
            let table = ChunkedTable(table(empty, &random))
            var surroundings = TransformSurroundings.none
            let shelf = table.shelf
            surroundings.dataset = { _, _ in
                ChunkedTable(
                    columns: [
                        ChunkedColumn(name: "k", type: .text, chunks: []),
                        ChunkedColumn(name: "v", type: .integer, chunks: []),
                    ], rowCounts: [], shelf: shelf)
            }
            let (result, _) = try TransformStep(json: .object(json)).apply(to: table, surroundings)
            #expect(result.rows == 0)
            #expect(result.columns.map(\.name) == reference(empty).names)
        }
    }
}
