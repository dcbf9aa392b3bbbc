import Shared
import Tabular

extension SQLSandbox {
    /// Which rows of a table an SQL expression holds for: one flag a row.
    ///
    /// Throws: `syntax` with its place in the expression, and what `run` throws.
    package func matching(
        _ expression: String, in table: StoredTable, timeoutSeconds: Double,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(SQLError) -> [Bool] {
        var flags = [Bool](repeating: false, count: table.rows)
        let head = "SELECT rowid FROM \(VirtualTable.quoted(table.dataset.name)) WHERE ("
        let query = try open(head, expression, "\n)", table, timeoutSeconds, isCancelled)
        while let batch = try query.next() {
            for row in 0..<batch.rows {
                let number = Int(truncatingIfNeeded: batch.words[row]) - 1
                if flags.indices.contains(number) { flags[number] = true }
            }
        }
        return flags
    }

    /// The value of an SQL expression in every row of a table, handed on in the order of the rows, some at a time.
    ///
    /// Throws: `syntax` with its place in the expression, `failed` for an expression that has not one value a row, what `run` throws, and
    /// what `take` throws.
    package func evaluate(
        _ expression: String, in table: StoredTable, timeoutSeconds: Double,
        isCancelled: @escaping @Sendable () -> Bool = { false }, take: ([JSONValue]) throws -> Void
    ) throws {
        let tail = "\n) FROM \(VirtualTable.quoted(table.dataset.name))"
        let query = try open("SELECT rowid, (", expression, tail, table, timeoutSeconds, isCancelled)
        var next = 1
        // Window functions may give rows in another order: what comes out of turn waits to the end.
        var late: [(row: Int, value: JSONValue)] = []
        while let batch = try query.next() {
            var values: [JSONValue] = []
            values.reserveCapacity(batch.rows)
            for row in 0..<batch.rows {
                let number = Int(truncatingIfNeeded: batch.words[row * 2])
                if number == next, late.isEmpty {
                    values.append(batch.value(row * 2 + 1))
                    next += 1
                } else {
                    late.append((number, batch.value(row * 2 + 1)))
                }
            }
            try take(values)
        }
        late.sort { $0.row < $1.row }
        guard next - 1 + late.count == table.rows, late.indices.allSatisfy({ late[$0].row == next + $0 }) else {
            throw SQLError.failed(
                "the expression has \(next - 1 + late.count) values for \(table.rows) rows; an aggregate needs OVER ()")
        }
        if !late.isEmpty { try take(late.map(\.value)) }
    }

    private func open(
        _ head: String, _ expression: String, _ tail: String, _ table: StoredTable, _ timeoutSeconds: Double,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(SQLError) -> SQLQuery {
        try Self.checkExpression(expression)
        do throws(SQLError) {
            return try open(
                head + expression + tail, params: [], over: table,
                limits: SQLLimits(timeoutSeconds: timeoutSeconds, maxRows: .max, maxBytes: .max),
                isCancelled: isCancelled)
        } catch .syntax(let message, let place, let remedy) {
            throw .syntax(message: message, offset: place.map { max(0, $0 - head.utf8.count) }, remedy: remedy)
        }
    }
}
