import Shared
import Tabular

/// Rows of the training table with the outputs that the model gave for them when it was made.
package struct TestVectors: Sendable, Equatable {
    package static let count = 32

    /// Raw cells by feature name.
    package var rows: [[String: JSONValue]]
    /// Row-major, `rows x outputs`, after calibration.
    package var outputs: [Double]

    /// Raw cells of rows spread evenly over the usable rows of a table.
    static func sample(_ table: DataTable, features: [RawFeature], rows: [Int32]) -> [[String: JSONValue]] {
        let count = min(count, rows.count)
        let columns = table.columns(named: features.map(\.name)).compactMap(\.self)
        return (0..<count).map { index in
            let row = Int(rows[index * rows.count / count])
            var cells: [String: JSONValue] = [:]
            for column in columns { cells[column.name] = column.json(row) }
            return cells
        }
    }
}

extension TableColumn {
    /// The typed value of a row of the column, null past its end.
    func json(_ row: Int) -> JSONValue {
        var row = row
        for chunk in chunks {
            if row < chunk.rows { return chunk.jsonValue(at: row) }
            row -= chunk.rows
        }
        return .null
    }
}
