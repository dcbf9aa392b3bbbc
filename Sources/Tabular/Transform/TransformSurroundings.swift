import Shared

/// What steps need from beyond their table: other datasets, and SQL expressions over rows.
package struct TransformSurroundings: Sendable {
    /// Another dataset at a version (the current one without), on the shelf of the table.
    package var dataset: @Sendable (_ name: String, _ version: Int?) throws -> ChunkedTable
    /// Which rows an expression holds for: one flag a row.
    package var matching: @Sendable (_ expression: String, _ table: ChunkedTable) throws -> [Bool]
    /// The value of an expression in every row, handed on in order, some rows at a time.
    package var evaluate:
        @Sendable (_ expression: String, _ table: ChunkedTable, _ take: ([JSONValue]) throws -> Void) throws -> Void
    /// Most rows that a join or an append may give.
    package var rowLimit: Int
    /// The decimal sign of the file that the table was read from.
    package var decimal: UInt8

    package init(
        dataset: @escaping @Sendable (_ name: String, _ version: Int?) throws -> ChunkedTable,
        matching: @escaping @Sendable (_ expression: String, _ table: ChunkedTable) throws -> [Bool],
        evaluate:
            @escaping @Sendable (
                _ expression: String, _ table: ChunkedTable, _ take: ([JSONValue]) throws -> Void
            ) throws -> Void, rowLimit: Int, decimal: UInt8 = UInt8(ascii: ".")
    ) {
        self.dataset = dataset
        self.matching = matching
        self.evaluate = evaluate
        self.rowLimit = rowLimit
        self.decimal = decimal
    }
}
