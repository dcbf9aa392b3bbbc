import Shared

/// Plans grouped queries and DISTINCT.
struct GroupPlanner {
    private let planner: QueryPlanner
    private var plan = GroupPlan()
    private var kinds: [SQLCellKind] = []
    private var keyExpressions: [QueryExpression] = []
    private var keyKinds: [SQLCellKind] = []

    init(_ planner: QueryPlanner) throws {
        self.planner = planner
        let statement = planner.statement
        if statement.distinct {
            guard statement.groups.isEmpty, !planner.items.contains(where: { $0.expression.hasAggregate }) else {
                throw NativeRefusal("DISTINCT of groups")
            }
            keyExpressions = planner.items.map(\.expression)
        } else {
            for group in statement.groups { keyExpressions.append(try planner.groupExpression(group)) }
        }
        guard keyExpressions.count <= 32 else { throw NativeRefusal("many keys") }
        for expression in keyExpressions {
            guard !expression.hasAggregate, !expression.isConstant else { throw NativeRefusal("key") }
            let (key, kind) = try key(expression)
            plan.keys.append(key)
            keyKinds.append(kind)
        }
    }

    private func key(_ expression: QueryExpression) throws -> (GroupPlan.Key, SQLCellKind) {
        if case .column(let column) = expression, column.column >= 0 {
            return (.column(column), planner.kind(of: column))
        }
        let value = try planner.program.numeric(expression)
        return (.number(register: value.register, isReal: value.isReal), value.isReal ? .real : .integer)
    }

    mutating func plan(
        having: QueryExpression?, order: [(SelectStatement.OrderTerm, QueryExpression)]
    ) throws -> NativePlan {
        let statement = planner.statement
        guard having == nil || !statement.groups.isEmpty else { throw NativeRefusal("HAVING without groups") }
        var items: [ResultNode] = []
        for item in planner.items { items.append(try node(item.expression).node) }
        var sorting: [ResultOrder<ResultNode>] = []
        for (term, expression) in order { sorting.append(ResultOrder(try node(expression).node, term)) }
        let condition = try having.map { try self.condition($0) }
        var ties: [ResultOrder<ResultNode>] = []
        if statement.distinct {
            // First come, first served.
            guard planner.scope.sources.count == 1 else { throw NativeRefusal("DISTINCT of a join") }
            let row = try planner.program.numeric(
                .column(ColumnReference(side: 0, column: ColumnReference.rowNumber)))
            let first = GroupPlan.Aggregate(
                function: .least, input: .number(register: row.register, isReal: false))
            ties = [ResultOrder(add(first, .integer), descending: false)]
        } else {
            // SQLite sorts by the keys, downwards where the term of ORDER BY in the same place is, if there are as many of both.
            let mirrors = order.count == plan.keys.count
            for place in plan.keys.indices {
                ties.append(ResultOrder(.key(place), descending: mirrors && order[place].0.descending))
            }
        }
        let output = GroupOutput(
            items: items, having: condition, order: sorting, ties: ties, kinds: kinds, limit: statement.limit,
            offset: statement.offset)
        return .groups(try scan(), output)
    }

    // MARK: Expressions over groups

    private mutating func node(_ expression: QueryExpression) throws -> (node: ResultNode, kind: SQLCellKind) {
        if let place = keyExpressions.firstIndex(of: expression) { return (.key(place), keyKinds[place]) }
        switch expression {
        case .integer(let value): return (.constant(.integer(value)), .integer)
        case .truth(let value): return (.constant(.integer(value ? 1 : 0)), .integer)
        case .real(let value): return (.constant(.real(value)), .real)
        case .plus(let inner): return try number(inner)
        case .negate(let inner):
            let (node, kind) = try number(inner)
            return (.negate(node), kind)
        case .arithmetic(let operation, let left, let right):
            let (a, b) = (try number(left), try number(right))
            let kind: SQLCellKind = a.kind == .real || b.kind == .real ? .real : .integer
            // A sum may have become a real by overflow.
            guard operation != .remainder else { throw NativeRefusal("remainder of results") }
            return (.arithmetic(operation, a.node, b.node), kind)
        case .call("round", false, let arguments?) where arguments.count == 1 || arguments.count == 2:
            let value = try number(arguments[0])
            let digits = arguments.count == 2 ? try number(arguments[1]).node : nil
            return (.round(value.node, digits: digits), .real)
        case .call(let name, let distinct, let arguments): return try aggregate(name, distinct, arguments)
        default: throw NativeRefusal("neither a key nor an aggregate")
        }
    }

    private mutating func number(_ expression: QueryExpression) throws -> (node: ResultNode, kind: SQLCellKind) {
        let found = try node(expression)
        guard found.kind != .text else { throw NativeRefusal("a text as a number") }
        return found
    }

    private mutating func condition(_ expression: QueryExpression) throws -> ResultNode {
        switch expression {
        case .and(let left, let right): return .and(try condition(left), try condition(right))
        case .or(let left, let right): return .or(try condition(left), try condition(right))
        case .not(let inner): return .not(try condition(inner))
        case .isNull(let inner): return .isNull(try node(inner).node)
        case .between(let value, let low, let high):
            return .and(try compare(.greaterOrEqual, value, low), try compare(.lessOrEqual, value, high))
        case .compare(let comparison, let left, let right): return try compare(comparison, left, right)
        default: return try number(expression).node
        }
    }

    /// Numbers with numbers, or texts with texts: other pairs depend on affinities.
    private mutating func compare(
        _ comparison: QueryExpression.Comparison, _ left: QueryExpression, _ right: QueryExpression
    ) throws -> ResultNode {
        func side(_ expression: QueryExpression) throws -> (node: ResultNode, kind: SQLCellKind) {
            if case .text(let bytes) = expression { return (.constant(.text(bytes)), .text) }
            return try node(expression)
        }
        let (a, b) = (try side(left), try side(right))
        guard (a.kind == .text) == (b.kind == .text) else { throw NativeRefusal("a text compared with a number") }
        return .compare(comparison, a.node, b.node)
    }

    // MARK: Aggregates

    private mutating func aggregate(
        _ name: String, _ distinct: Bool, _ arguments: [QueryExpression]?
    ) throws -> (node: ResultNode, kind: SQLCellKind) {
        let functions: [String: GroupPlan.Function] = [
            "count": .count, "sum": .sum, "total": .total, "avg": .average, "min": .least, "max": .greatest,
        ]
        guard let function = functions[name] else { throw NativeRefusal("function \(name)") }
        guard let arguments else {
            guard function == .count else { throw NativeRefusal("\(name)(*)") }
            return (add(GroupPlan.Aggregate(function: .rows), .integer), .integer)
        }
        guard arguments.count == 1, !arguments[0].hasAggregate, !distinct || function == .count else {
            throw NativeRefusal("arguments of \(name)")
        }
        if function == .count, !distinct, arguments[0].isConstant, arguments[0] != .null {
            return (add(GroupPlan.Aggregate(function: .rows), .integer), .integer)
        }
        let (input, kind) = try input(arguments[0], function)
        let result: SQLCellKind =
            switch function {
            case .rows, .count, .countDistinct: .integer
            case .total, .average: .real
            case .sum, .least, .greatest: kind
            }
        return (add(GroupPlan.Aggregate(function: distinct ? .countDistinct : function, input: input), kind), result)
    }

    private func input(
        _ expression: QueryExpression, _ function: GroupPlan.Function
    ) throws -> (GroupPlan.Input, SQLCellKind) {
        let input: GroupPlan.Input
        let kind: SQLCellKind
        var bounds: ClosedRange<Int64> = 0...0
        let isSum = [.sum, .total, .average].contains(function)
        if case .column(let column) = expression, column.column >= 0 {
            kind = planner.kind(of: column)
            input = .column(column, register: try planner.program.raw(column))
            if isSum, planner.scope.type(of: column) == .integer { bounds = try planner.bounds.bounds(column) }
            if isSum, planner.scope.type(of: column) == .boolean { bounds = 0...1 }
        } else {
            let value = try planner.program.numeric(expression)
            kind = value.isReal ? .real : .integer
            input = .number(register: value.register, isReal: value.isReal)
            bounds = value.bounds
        }
        guard isSum else { return (input, kind) }
        guard kind != .text else { throw NativeRefusal("sum of texts") }
        // No order of adding may overflow: SQLite fails where one of its partial sums does.
        var rows: UInt64 = 1
        for source in planner.scope.sources {
            let (product, overflow) = rows.multipliedReportingOverflow(by: UInt64(max(source.table.rows, 1)))
            rows = overflow ? .max : product
        }
        let most = max(bounds.lowerBound.magnitude, bounds.upperBound.magnitude)
        let (sum, overflow) = most.multipliedReportingOverflow(by: rows)
        guard kind == .real || (!overflow && sum < 1 << 62) else { throw NativeRefusal("sum that may overflow") }
        return (input, kind)
    }

    private mutating func add(_ aggregate: GroupPlan.Aggregate, _ kind: SQLCellKind) -> ResultNode {
        if let place = plan.aggregates.firstIndex(of: aggregate) { return .aggregate(place) }
        plan.aggregates.append(aggregate)
        kinds.append(kind)
        return .aggregate(plan.aggregates.count - 1)
    }

    // MARK: Tables

    private func scan() throws -> GroupScan {
        let scope = planner.scope
        let columns = plan.columns.union(planner.program.program.columns)
        guard scope.sources.count == 2 else {
            let filter = try planner.rowFilter(side: 0)
            return GroupScan(
                table: scope.sources[0].table, side: 0, plan: plan, program: planner.program.program, filter: filter,
                join: nil, scope: scope, columns: columns.union(filter?.columns ?? []))
        }
        if let filter = planner.statement.filter {
            // Without a column in it a term is neither table's; with columns of both it is no condition on rows of one.
            for term in try scope.resolve(filter).conjuncts where term.sides.count != 1 {
                throw NativeRefusal("condition over both tables")
            }
        }
        let on = try joinColumns()
        let build = scope.sources[1].table.rows <= scope.sources[0].table.rows ? 1 : 0
        let probe = 1 - build
        let (own, other) = build == on.0.side ? (on.0, on.1) : (on.1, on.0)
        let join = try JoinTable(
            scope, side: build, on: (own, other), columns: columns, filter: try planner.rowFilter(side: build))
        let filter = try planner.rowFilter(side: probe)
        return GroupScan(
            table: scope.sources[probe].table, side: probe, plan: plan, program: planner.program.program,
            filter: filter, join: join, scope: scope, columns: columns.union([other]).union(filter?.columns ?? []))
    }

    /// The columns of `ON a.x = b.y` or `USING (x)`, of kinds that compare without conversion.
    private func joinColumns() throws -> (ColumnReference, ColumnReference) {
        let scope = planner.scope
        var columns: [ColumnReference] = []
        guard let join = planner.statement.join else { throw NativeRefusal("join") }
        if let name = join.using {
            for source in scope.sources {
                if let column = try scope.column(table: source.name, name: name) { columns.append(column) }
            }
        } else if let condition = join.condition,
            case .compare(.equal, let left, let right) = try scope.resolve(condition)
        {
            for side in [left, right] { if case .column(let column) = side { columns.append(column) } }
        }
        guard columns.count == 2, Set(columns.map(\.side)).count == 2, columns.allSatisfy({ $0.column >= 0 }) else {
            throw NativeRefusal("join on something else than two columns")
        }
        let groups: [Set<ColumnType>] = [[.integer, .boolean], [.text], [.date]]
        let types = Set(columns.map { scope.type(of: $0) })
        guard groups.contains(where: { types.isSubset(of: $0) }) else { throw NativeRefusal("join of other kinds") }
        return (columns[0], columns[1])
    }
}

extension QueryPlanner {
    func kind(of column: ColumnReference) -> SQLCellKind {
        switch scope.type(of: column) {
        case .integer, .boolean: .integer
        case .decimal: .real
        case .date, .timestamp, .text: .text
        }
    }
}
