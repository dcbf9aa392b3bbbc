/// A query that the native path understands, as written: names are not looked up yet.
struct SelectStatement {
    struct Item {
        /// Nil for `*` and `table.*`.
        var expression: QueryExpression?
        /// Of `table.*`.
        var table: String?
        var alias: String?
        /// The text of the expression, which is its title where it has no alias.
        var text: String
    }

    struct Source {
        var name: String
        var alias: String?
    }

    struct Join {
        var source: Source
        var condition: QueryExpression?
        /// Of `USING (column)`.
        var using: String?
    }

    struct OrderTerm {
        var expression: QueryExpression
        var descending = false
        /// Nil for SQLite's own order: nulls below everything.
        var nullsFirst: Bool?
    }

    var distinct = false
    var items: [Item] = []
    var source = Source(name: "")
    var join: Join?
    var filter: QueryExpression?
    var groups: [QueryExpression] = []
    var having: QueryExpression?
    var order: [OrderTerm] = []
    var limit: Int?
    var offset = 0
}

/// An expression as written.
indirect enum QueryExpression: Hashable {
    enum Arithmetic: Character { case add = "+", subtract = "-", multiply = "*", divide = "/", remainder = "%" }
    enum Comparison { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case name(table: String?, name: String)
    /// `TRUE` and `FALSE`.
    case truth(Bool)
    /// A name that was looked up.
    case column(ColumnReference)
    case negate(QueryExpression)
    /// Unary plus: the value, without being a column any more.
    case plus(QueryExpression)
    case arithmetic(Arithmetic, QueryExpression, QueryExpression)
    case compare(Comparison, QueryExpression, QueryExpression)
    case between(QueryExpression, QueryExpression, QueryExpression)
    case among(QueryExpression, [QueryExpression])
    case isNull(QueryExpression)
    case like(QueryExpression, QueryExpression)
    case not(QueryExpression)
    case and(QueryExpression, QueryExpression)
    case or(QueryExpression, QueryExpression)
    /// `arguments` are nil for `f(*)`. The name is in lower case.
    case call(String, distinct: Bool, arguments: [QueryExpression]?)
}

/// A column of one of the tables of a query.
struct ColumnReference: Hashable {
    /// 0 for the first table, 1 for the joined one.
    var side: Int
    /// `rowNumber` for the row's number from 1.
    var column: Int

    static let rowNumber = -1
}

/// Says that a query, or the data it meets, is not for the native path; the virtual table then answers it. `reason` is for tests.
struct NativeRefusal: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
