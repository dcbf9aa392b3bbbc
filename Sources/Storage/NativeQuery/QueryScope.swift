import Shared
import Tabular

/// The tables of a query and what their columns are called.
struct QueryScope {
    struct Source {
        var table: StoredTable
        /// What qualifies its columns.
        var name: String
        var columns: [String]
        var types: [ColumnType]
    }

    var sources: [Source]
    /// Of `USING`: unqualified it is the first table's.
    var using: String?

    init(_ statement: SelectStatement, table: (String) throws(StorageError) -> StoredTable?) throws {
        sources = []
        for source in [statement.source] + (statement.join.map { [$0.source] } ?? []) {
            guard let stored = try table(source.name) else { throw NativeRefusal("no such table") }
            let columns = stored.version.columns.prefix(VirtualTable.columnLimit)
            sources.append(
                Source(
                    table: stored, name: source.alias ?? source.name,
                    columns: VirtualTable.distinct(columns.map(\.name)), types: columns.map(\.type)))
        }
        guard Set(sources.map(\.name.asciiLowercased)).count == sources.count else {
            throw NativeRefusal("two tables of one name")
        }
        using = statement.join?.using
    }

    func type(of reference: ColumnReference) -> ColumnType {
        reference.column < 0 ? .integer : sources[reference.side].types[reference.column]
    }

    /// What a name means; nil where no column has it.
    func column(table: String?, name: String) throws(NativeRefusal) -> ColumnReference? {
        var found: [ColumnReference] = []
        for (side, source) in sources.enumerated() {
            if let table, !Self.isSame(table, source.name) { continue }
            guard let column = source.columns.firstIndex(where: { Self.isSame($0, name) }) else { continue }
            found.append(ColumnReference(side: side, column: column))
        }
        if found.count > 1, let using, Self.isSame(using, name) { return found[0] }
        guard found.count < 2 else { throw NativeRefusal("ambiguous name") }
        if let column = found.first { return column }
        if sources.count == 1, ["rowid", "oid", "_rowid_"].contains(name.asciiLowercased),
            table.map({ Self.isSame($0, sources[0].name) }) ?? true
        {
            return ColumnReference(side: 0, column: ColumnReference.rowNumber)
        }
        return nil
    }

    /// The columns of `*` or of `table.*`, in order.
    func allColumns(of table: String?) throws(NativeRefusal) -> [ColumnReference] {
        var columns: [ColumnReference] = []
        for (side, source) in sources.enumerated() {
            if let table, !Self.isSame(table, source.name) { continue }
            for (column, name) in source.columns.enumerated() {
                if side == 1, table == nil, let using, Self.isSame(using, name) { continue }
                columns.append(ColumnReference(side: side, column: column))
            }
        }
        guard !columns.isEmpty else { throw NativeRefusal("no such table") }
        return columns
    }

    func title(of reference: ColumnReference) -> String {
        reference.column < 0 ? "rowid" : sources[reference.side].columns[reference.column]
    }

    /// The expression with every name looked up; names that are no columns are replaced from `aliases`.
    func resolve(
        _ expression: QueryExpression, aliases: [String: QueryExpression] = [:]
    ) throws(NativeRefusal) -> QueryExpression {
        switch expression {
        case .name(let table, let name):
            if let column = try column(table: table, name: name) { return .column(column) }
            if table == nil, let known = aliases[name.asciiLowercased] { return known }
            throw NativeRefusal("no such column: \(name)")
        case .truth(let value):
            guard !sources.contains(where: { $0.columns.contains { ["true", "false"].contains($0.asciiLowercased) } })
            else { throw NativeRefusal("a column called true") }
            return .truth(value)
        case .null, .integer, .real, .text, .column: return expression
        case .negate(let inner): return .negate(try resolve(inner, aliases: aliases))
        case .plus(let inner): return .plus(try resolve(inner, aliases: aliases))
        case .not(let inner): return .not(try resolve(inner, aliases: aliases))
        case .isNull(let inner): return .isNull(try resolve(inner, aliases: aliases))
        case .arithmetic(let operation, let left, let right):
            return .arithmetic(operation, try resolve(left, aliases: aliases), try resolve(right, aliases: aliases))
        case .compare(let comparison, let left, let right):
            return .compare(comparison, try resolve(left, aliases: aliases), try resolve(right, aliases: aliases))
        case .and(let left, let right):
            return .and(try resolve(left, aliases: aliases), try resolve(right, aliases: aliases))
        case .or(let left, let right):
            return .or(try resolve(left, aliases: aliases), try resolve(right, aliases: aliases))
        case .like(let left, let right):
            return .like(try resolve(left, aliases: aliases), try resolve(right, aliases: aliases))
        case .between(let value, let low, let high):
            return .between(
                try resolve(value, aliases: aliases), try resolve(low, aliases: aliases),
                try resolve(high, aliases: aliases))
        case .among(let value, let values):
            return .among(try resolve(value, aliases: aliases), try resolveAll(values, aliases))
        case .call(let name, let distinct, let arguments):
            guard let arguments else { return expression }
            return .call(name, distinct: distinct, arguments: try resolveAll(arguments, aliases))
        }
    }

    private func resolveAll(
        _ expressions: [QueryExpression], _ aliases: [String: QueryExpression]
    ) throws(NativeRefusal) -> [QueryExpression] {
        var resolved: [QueryExpression] = []
        for expression in expressions { resolved.append(try resolve(expression, aliases: aliases)) }
        return resolved
    }

    private static func isSame(_ a: String, _ b: String) -> Bool { a.asciiLowercased == b.asciiLowercased }
}
