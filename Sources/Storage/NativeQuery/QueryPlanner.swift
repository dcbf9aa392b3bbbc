import Shared

/// How the native path answers a query.
enum NativePlan {
    case groups(GroupScan, GroupOutput)
    case rows(RowScan)
}

/// What becomes of the groups.
struct GroupOutput {
    var items: [ResultNode]
    var having: ResultNode?
    var order: [ResultOrder<ResultNode>]
    /// Between groups that the order leaves equal.
    var ties: [ResultOrder<ResultNode>]
    /// Kinds of what the aggregates join.
    var kinds: [SQLCellKind]
    var limit: Int?
    var offset: Int
}

/// Looks up the names of a statement and decides how it is answered, or refuses it.
struct QueryPlanner {
    let scope: QueryScope
    let statement: SelectStatement
    let program: ProgramBuilder
    let bounds: ColumnBounds
    /// The selected expressions with their titles.
    private(set) var items: [(expression: QueryExpression, title: String)] = []
    private(set) var aliases: [String: QueryExpression] = [:]

    init(_ statement: SelectStatement, _ scope: QueryScope) throws {
        self.statement = statement
        self.scope = scope
        bounds = ColumnBounds(scope)
        program = ProgramBuilder(scope, bounds)
        for item in statement.items {
            guard let expression = item.expression else {
                for column in try scope.allColumns(of: item.table) {
                    items.append((.column(column), scope.title(of: column)))
                }
                continue
            }
            let resolved = try scope.resolve(expression)
            var title = item.alias ?? item.text
            if item.alias == nil, case .column(let column) = resolved { title = scope.title(of: column) }
            items.append((resolved, title))
            // The first of two aliases that are the same is the one that is meant.
            if let alias = item.alias?.asciiLowercased, aliases[alias] == nil { aliases[alias] = resolved }
        }
        guard items.count <= 2000 else { throw NativeRefusal("many columns") }
    }

    var titles: [String] { items.map(\.title) }

    func plan() throws -> NativePlan {
        let order = try statement.order.map { ($0, try orderExpression($0.expression)) }
        let having = try statement.having.map { try scope.resolve($0, aliases: aliases) }
        let isAggregate = items.contains { $0.expression.hasAggregate } || having?.hasAggregate == true
        if !statement.groups.isEmpty || isAggregate || statement.distinct {
            var planner = try GroupPlanner(self)
            return try planner.plan(having: having, order: order)
        }
        guard having == nil, statement.join == nil else { throw NativeRefusal("rows of a join") }
        guard !order.contains(where: { $0.1.hasAggregate }) else { throw NativeRefusal("aggregate in ORDER BY") }
        return .rows(try rowScan(order))
    }

    /// ORDER BY means a place among the columns, an alias, or an expression; an alias before a column.
    private func orderExpression(_ expression: QueryExpression) throws -> QueryExpression {
        if case .name(nil, let name) = expression, let known = aliases[name.asciiLowercased] { return known }
        return try place(expression) ?? scope.resolve(expression, aliases: aliases)
    }

    /// GROUP BY means a place, or an expression; a column before an alias.
    func groupExpression(_ expression: QueryExpression) throws -> QueryExpression {
        try place(expression) ?? scope.resolve(expression, aliases: aliases)
    }

    private func place(_ expression: QueryExpression) throws -> QueryExpression? {
        if case .integer(let place) = expression {
            guard place >= 1, place <= items.count else { throw NativeRefusal("place") }
            return items[Int(place) - 1].expression
        }
        guard !expression.isConstant else { throw NativeRefusal("constant") }
        return nil
    }

    // MARK: Rows as they are

    private func rowScan(_ order: [(SelectStatement.OrderTerm, QueryExpression)]) throws -> RowScan {
        let values = try items.map { try rowValue($0.expression) }
        let keys = try order.map { term, expression in ResultOrder(try rowValue(expression), term) }
        let filter = try rowFilter(side: 0)
        return RowScan(
            table: scope.sources[0].table, items: values, program: program.program, filter: filter, order: keys,
            limit: statement.limit, offset: statement.offset)
    }

    private func rowValue(_ expression: QueryExpression) throws -> RowValue {
        if case .column(let column) = expression, column.column >= 0 { return .column(column) }
        let value = try program.numeric(expression)
        return .number(register: value.register, isReal: value.isReal)
    }

    /// The condition on one table: WHERE's terms that name only it.
    func rowFilter(side: Int) throws -> RowFilter? {
        guard let filter = statement.filter else { return nil }
        let resolved = try scope.resolve(filter)
        guard !resolved.hasAggregate else { throw NativeRefusal("aggregate in WHERE") }
        let terms = resolved.conjuncts.filter { $0.sides == [side] || (side == 0 && $0.sides.isEmpty) }
        guard let first = terms.first else { return nil }
        var compiler = PredicateCompiler(scope, ProgramBuilder(scope, bounds))
        let predicate = try compiler.compile(terms.dropFirst().reduce(first) { .and($0, $1) })
        return try RowFilter(predicate, compiler.program.program, scope)
    }
}

extension QueryExpression {
    static let aggregates: Set<String> = ["count", "sum", "total", "avg", "min", "max"]

    /// Expressions directly within.
    var parts: [QueryExpression] {
        switch self {
        case .null, .integer, .real, .text, .name, .truth, .column: []
        case .negate(let a), .plus(let a), .isNull(let a), .not(let a): [a]
        case .arithmetic(_, let a, let b), .compare(_, let a, let b), .like(let a, let b), .and(let a, let b),
            .or(let a, let b):
            [a, b]
        case .between(let a, let b, let c): [a, b, c]
        case .among(let a, let others): [a] + others
        case .call(_, _, let arguments): arguments ?? []
        }
    }

    var hasAggregate: Bool {
        if case .call(let name, _, _) = self, Self.aggregates.contains(name) { return true }
        return parts.contains(where: \.hasAggregate)
    }

    /// The tables whose columns it names.
    var sides: Set<Int> {
        if case .column(let column) = self { return [column.side] }
        return parts.reduce(into: []) { $0.formUnion($1.sides) }
    }

    var conjuncts: [QueryExpression] {
        if case .and(let left, let right) = self { return left.conjuncts + right.conjuncts }
        return [self]
    }
}
