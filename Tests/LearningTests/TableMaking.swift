import Shared
import Tabular

@testable import Learning

/// Tables made in tests.
enum TableMaking {
    static func integers(_ name: String, _ values: [Int64?]) -> TableColumn {
        column(name, .integer, .integers(values.map { $0 ?? 0 }), nulls: values.map { $0 == nil })
    }

    static func decimals(_ name: String, _ values: [Double?]) -> TableColumn {
        column(name, .decimal, .doubles(values.map { $0 ?? 0 }), nulls: values.map { $0 == nil })
    }

    static func texts(_ name: String, _ values: [String?]) -> TableColumn {
        column(name, .text, .texts(TextArray(values.map { $0 ?? "" })), nulls: values.map { $0 == nil })
    }

    static func dates(_ name: String, _ days: [Int64?]) -> TableColumn {
        column(name, .date, .integers(days.map { $0 ?? 0 }), nulls: days.map { $0 == nil })
    }

    static func column(_ name: String, _ type: ColumnType, _ values: ChunkValues, nulls: [Bool]) -> TableColumn {
        var bitmap = NullBitmap(rows: nulls.count)
        for (row, isNull) in nulls.enumerated() where isNull { bitmap.setNull(row) }
        let chunk = ColumnChunk(type: type, values: values, nulls: bitmap.nullCount > 0 ? bitmap : nil)
        return TableColumn(name: name, type: type, chunks: [chunk])
    }

    /// `x` decides the target mostly, `colour` a little, `joined` and `note` not at all; some values are missing.
    static func customers(_ rows: Int = 240, seed: UInt64 = 1) -> DataTable {
        var random = RandomStream(seed: seed)
        var x: [Double?] = []
        var colour: [String?] = []
        var joined: [Int64?] = []
        var price: [Double?] = []
        var kind: [String?] = []
        for row in 0..<rows {
            let value = random.normal()
            let shade = ["red", "green", "blue"][random.index(below: 3)]
            x.append(row % 17 == 3 ? nil : value)
            colour.append(row % 23 == 5 ? nil : shade)
            joined.append(19_000 + Int64(random.index(below: 700)))
            let score = 2 * value + (shade == "red" ? 1 : 0) + 0.5 * random.normal()
            price.append(100 + 10 * score)
            kind.append(score > 0.3 ? "yes" : "no")
        }
        return DataTable(columns: [
            decimals("x", x), texts("colour", colour), dates("joined", joined), decimals("price", price),
            texts("kind", kind),
        ])
    }

    private static let kind = Result { try train("kind") }
    private static let price = Result { try train("price") }

    /// The model of a quick search over the customers, made once.
    static func trained(target: String = "kind") throws -> ModelArtifact {
        try (target == "kind" ? kind : price).get()
    }

    private static func train(_ target: String) throws -> ModelArtifact {
        let table = customers(240)
        var options = TrainingOptions(target: target)
        options.exclude = [target == "kind" ? "price" : "kind"]
        options.maxTrials = 4
        options.budgetSeconds = 30
        options.algorithms = ["linear"]
        let plan = try TrainingPlan(table: table, options: options)
        return try AutoMLSearch(plan: plan, table: table).run()
    }
}
