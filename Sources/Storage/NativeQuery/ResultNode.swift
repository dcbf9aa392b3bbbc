/// An expression over the keys and aggregates of a group.
indirect enum ResultNode {
    case key(Int)
    case aggregate(Int)
    case constant(SQLCell)
    case negate(ResultNode)
    case arithmetic(QueryExpression.Arithmetic, ResultNode, ResultNode)
    case round(ResultNode, digits: ResultNode?)
    case compare(QueryExpression.Comparison, ResultNode, ResultNode)
    case isNull(ResultNode)
    case not(ResultNode)
    case and(ResultNode, ResultNode)
    case or(ResultNode, ResultNode)

    /// The value for one group.
    func value(_ keys: [SQLCell], _ aggregates: [SQLCell], _ functions: ScalarFunctions) -> SQLCell {
        func inner(_ node: ResultNode) -> SQLCell { node.value(keys, aggregates, functions) }
        func truth(_ value: Bool?) -> SQLCell { value.map { .integer($0 ? 1 : 0) } ?? .null }
        switch self {
        case .key(let place): return keys[place]
        case .aggregate(let place): return aggregates[place]
        case .constant(let value): return value
        case .negate(let node): return inner(node).negated()
        case .arithmetic(let operation, let a, let b): return .arithmetic(operation, inner(a), inner(b))
        case .round(let node, let digits): return functions.round(inner(node), digits.map(inner))
        case .isNull(let node): return truth(inner(node) == .null)
        case .compare(let comparison, let a, let b):
            let (a, b) = (inner(a), inner(b))
            return a == .null || b == .null ? .null : truth(comparison.holds(a.order(to: b)))
        case .not(let node): return truth(inner(node).truth.map { !$0 })
        case .and(let a, let b):
            let (a, b) = (inner(a).truth, inner(b).truth)
            return truth(a == false || b == false ? false : a == nil || b == nil ? nil : true)
        case .or(let a, let b):
            let (a, b) = (inner(a).truth, inner(b).truth)
            return truth(a == true || b == true ? true : a == nil || b == nil ? nil : false)
        }
    }
}

/// What results are put in order by.
struct ResultOrder<Node> {
    var node: Node
    var descending: Bool
    var nullsFirst: Bool

    init(_ node: Node, _ term: SelectStatement.OrderTerm) {
        self.node = node
        descending = term.descending
        // Nulls are below everything.
        nullsFirst = term.nullsFirst ?? !term.descending
    }

    init(_ node: Node, descending: Bool) {
        self.node = node
        self.descending = descending
        nullsFirst = !descending
    }

    /// Negative, 0 or positive.
    func order(_ a: SQLCell, _ b: SQLCell) -> Int {
        if a == .null || b == .null {
            if a == b { return 0 }
            return (a == .null) == nullsFirst ? -1 : 1
        }
        let order = a.order(to: b)
        return descending ? -order : order
    }
}
