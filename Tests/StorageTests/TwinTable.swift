import Foundation
import GRDB
import Shared
import Tabular

@testable import Storage

/// The same random rows as datasets in small row groups and as plain tables of SQLite: `p`, and a smaller `q` to join it with.
struct TwinTable {
    /// By the virtual table only.
    let sandbox: SQLSandbox
    /// As the product has it.
    let native: SQLSandbox
    private let plain: DatabaseQueue

    static let columns: [(name: String, type: ColumnType)] = [
        ("i", .integer), ("big", .integer), ("d", .decimal), ("b", .boolean), ("day", .date), ("at", .timestamp),
        ("t", .text), ("cat", .text),
    ]

    private static func cell(_ type: Int, row: Int, _ random: inout SeededGenerator) -> String? {
        if Int.random(in: 0..<12, using: &random) == 0 { return nil }
        switch type {
        // Mostly ascending, so that bounds rule row groups out.
        case 0: return String(row / 3 + Int.random(in: -3...3, using: &random))
        case 1:
            let near: [Int64] = [1 << 53, .max - 3, -(1 << 53), 0, .min + 3]
            return String(near[Int.random(in: 0..<5, using: &random)] + Int64.random(in: -3...3, using: &random))
        case 2:
            let cents = Int.random(in: -500...500, using: &random)
            return String(format: "%d.%02d", cents / 100, abs(cents % 100))
        case 3: return Bool.random(using: &random) ? "true" : "false"
        case 4: return DateFormat.iso.text(daysSince1970: Int64.random(in: 18_000...18_060, using: &random))
        case 5:
            var format = TimestampFormat()
            format.fractionDigits = 1
            return format.text(
                microsecondsSince1970: Int64.random(in: 1_600_000_000_0...1_600_000_300_0, using: &random) * 100_000)
        case 6:
            let words = [
                "Zürich", "zurich", "", "5", "5.0", "-1", "007", "naïve", "a'b", "x\"y",
                "long " + String(repeating: "é", count: 50),
            ]
            let word = words[Int.random(in: 0..<words.count, using: &random)]
            return word.isEmpty ? nil : word + (Bool.random(using: &random) ? "" : String(row % 7))
        default: return ["red", "green", "blue"][Int.random(in: 0..<3, using: &random)]
        }
    }

    private static let smallColumns: [(name: String, type: ColumnType)] = [
        ("id", .integer), ("kind", .text), ("weight", .decimal), ("good", .boolean), ("word", .text),
    ]

    private static func smallCell(_ column: Int, row: Int, _ random: inout SeededGenerator) -> String? {
        switch column {
        case 0: return row % 9 == 8 ? nil : String(row * 2 - 5)
        case 1: return ["red", "green", "violet", "blue"][Int.random(in: 0..<4, using: &random)]
        case 2: return row % 7 == 3 ? nil : "\(row % 5).25"
        case 3: return row % 2 == 0 ? "true" : "false"
        default: return row % 4 == 1 ? nil : "naïve\(row % 6)"
        }
    }

    init(rows: Int, in catalogue: Catalogue, _ random: inout SeededGenerator) throws {
        let plain = try DatabaseQueue()
        self.plain = plain
        sandbox = SQLSandbox(catalogue: catalogue, usesNativePath: false)
        native = SQLSandbox(catalogue: catalogue)
        func make(
            _ name: String, _ columns: [(name: String, type: ColumnType)], rows: Int, groupRows: Int,
            _ cell: (Int, Int) -> String?
        ) throws {
            var data = columns.map { TestColumn(name: $0.name, type: $0.type, cells: []) }
            for row in 0..<rows {
                for column in data.indices { data[column].cells.append(cell(column, row)) }
            }
            try catalogue.store(data, as: name, groupRows: groupRows)
            try Self.insert(data, into: name, of: plain)
        }
        try make("p", Self.columns, rows: rows, groupRows: 64) { Self.cell($0, row: $1, &random) }
        try make("q", Self.smallColumns, rows: 60, groupRows: 25) { Self.smallCell($0, row: $1, &random) }
    }

    private static func insert(_ data: [TestColumn], into name: String, of plain: DatabaseQueue) throws {
        let declared = data.map { column in
            switch column.type {
            case .integer, .boolean: column.name + " INTEGER"
            case .decimal: column.name + " REAL"
            default: column.name + " TEXT"
            }
        }
        try plain.write { database in
            try database.execute(sql: "CREATE TABLE \(name)(\(declared.joined(separator: ", ")))")
            let marks = Array(repeating: "?", count: data.count).joined(separator: ", ")
            for row in data[0].cells.indices {
                let cells: [(any DatabaseValueConvertible)?] = data.map { column in
                    guard let text = column.cells[row] else { return nil }
                    switch column.type {
                    case .integer: return Int64(text)
                    case .decimal: return Double(text)
                    case .boolean: return text == "true" ? 1 : 0
                    case .timestamp: return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
                    default: return text
                    }
                }
                try database.execute(
                    sql: "INSERT INTO \(name) VALUES (\(marks))", arguments: StatementArguments(cells))
            }
        }
    }

    /// What the plain tables answer.
    func plainAnswer(_ sql: String, _ arguments: StatementArguments = []) throws -> (
        titles: [String], rows: [[JSONValue]]
    ) {
        try plain.read { database in
            let statement = try database.makeStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: arguments).map { Array($0.databaseValues).map(Self.json) }
            return (statement.columnNames, rows)
        }
    }

    private static func json(_ value: DatabaseValue) -> JSONValue {
        switch value.storage {
        case .null: .null
        case .int64(let value): .integer(value)
        case .double(let value): .number(value)
        case .string(let value): .string(value)
        case .blob: .string("blob")
        }
    }
}
