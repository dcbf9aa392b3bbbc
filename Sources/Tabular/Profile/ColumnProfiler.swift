import Shared

/// Gathers what a column's profile needs, chunk by chunk.
///
/// Exact while the values fit in `exactBytes`; past that, sketches with a stated error take over.
package struct ColumnProfiler: Sendable {
    private let name: String
    private let type: ColumnType
    private var rows = 0
    private var nulls = 0
    private var gathered: Gathered

    private enum Gathered: Sendable {
        /// While a chunk is being taken in: the only reference to the buffers is the profile's own.
        case taken
        case numbers(NumberProfile)
        case texts(TextProfile)
    }

    /// - Parameters:
    ///   - exactBytes: memory that exact counting may take.
    ///   - rows: how many are to come, where that is known.
    package init(name: String, type: ColumnType, exactBytes: Int = 64 << 20, rows: Int = 0) {
        self.name = name
        self.type = type
        gathered =
            type == .text
            ? .texts(TextProfile(exactBytes: exactBytes))
            : .numbers(
                NumberProfile(type: type, exactBytes: exactBytes, expected: rows))
    }

    /// For one of a table's columns, of which two are profiled at a time: within the same memory whether the table is being uploaded or
    /// read again, so that the profile is the same.
    package init(name: String, type: ColumnType, columns: Int, rows: Int) {
        self.init(
            name: name, type: type,
            exactBytes: type == .text ? Self.exactTextBytes(columns: columns) : Self.exactNumberBytes, rows: rows)
    }

    /// Takes the rows of `chunk` in.
    ///
    /// - Complexity: O(rows + bytes)
    package mutating func add(_ chunk: ColumnChunk) {
        rows += chunk.rows
        nulls += chunk.nulls?.nullCount ?? 0
        switch gathered {
        case .numbers(var numbers):
            gathered = .taken
            numbers.add(chunk)
            gathered = .numbers(numbers)
        case .texts(var texts):
            gathered = .taken
            texts.add(chunk)
            gathered = .texts(texts)
        case .taken: break
        }
    }

    /// The profile of all rows taken in. `count` counts the rows that are not null.
    ///
    /// - Complexity: O(values), a radix sort
    package consuming func finish() -> ColumnProfileReply {
        var reply = ColumnProfileReply(
            name: name, type: type, count: rows - nulls, nulls: nulls, distinct: 0, exact: true)
        let last = gathered
        gathered = .taken
        switch consume last {
        case .numbers(var numbers): numbers.finish(&reply)
        case .texts(let texts): texts.finish(&reply)
        case .taken: break
        }
        return reply
    }

    /// Values of a column of numbers that are held; there is a copy of them while they are sorted.
    private static let exactNumberBytes = 32 << 20

    /// What is held of the values of a text column: the same whether it is profiled from memory or read again.
    static func exactTextBytes(columns: Int) -> Int { max(4 << 20, (96 << 20) / max(1, columns)) }

    /// The profile of a whole column.
    package static func profile(_ column: TableColumn) -> ColumnProfileReply {
        var profiler = ColumnProfiler(name: column.name, type: column.type)
        for chunk in column.chunks { profiler.add(chunk) }
        return profiler.finish()
    }
}
