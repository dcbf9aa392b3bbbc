@testable import Storage

/// Random queries within the grammar of the native path.
///
/// Nothing is put in order or dropped by a sum of reals: its last digits may differ between the two sides.
struct RandomQuery {
    var random: SeededGenerator

    init(_ random: SeededGenerator) { self.random = random }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func make() -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "SELECT \(list(1...4) { $0.aggregate() }) FROM p\(filter())"
        case 1, 2: return grouped()
        case 3: return "SELECT \(list(1...4) { $0.value() }) FROM p\(filter())\(limit(70))"
        case 4:
            let order = list(1...2) { $0.order($0.orderValue()) }
            return "SELECT \(list(1...4) { $0.value() }) FROM p\(filter()) ORDER BY \(order), rowid\(limit(80))"
        case 5: return joined()
        case 6:
            let columns = list(1...2) { $0.key() }
            return
                "SELECT DISTINCT \(columns) FROM p\(filter())\(chance(50) ? " ORDER BY \(order("1"))" : "")\(limit(40))"
        default:
            return "SELECT count(DISTINCT \(value())), \(aggregate()) FROM p\(filter())"
        }
    }

    private mutating func list(_ count: ClosedRange<Int>, _ item: (inout RandomQuery) -> String) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in item(&self) }.joined(separator: ", ")
    }

    private mutating func grouped() -> String {
        let keys = (0..<Int.random(in: 1...3, using: &random)).map { _ in key() }
        let aggregates = list(1...3) { $0.aggregate() }
        let places = keys.indices.map { String($0 + 1) }
        var sql = "SELECT \(keys[0]) AS first"
        for key in keys.dropFirst() { sql += ", \(key)" }
        sql += ", \(aggregates), count(*) AS n FROM p\(filter()) GROUP BY "
        switch Int.random(in: 0..<3, using: &random) {
        case 0: sql += places.joined(separator: ", ")
        case 1: sql += keys.joined(separator: ", ")
        default: sql += (["first"] + keys.dropFirst()).joined(separator: ", ")
        }
        if chance(30) { sql += " HAVING \(having())" }
        if chance(60) {
            let term = pick(["n", "1", "count(*)", "first", "max(i)", "min(t)", "count(d) + 1", "sum(b)"])
            sql += " ORDER BY \(order(term))\(chance(40) ? ", \(order(keys[0]))" : "")"
        }
        return sql + limit(40)
    }

    private mutating func having() -> String {
        pick([
            "n > 3", "count(*) BETWEEN 2 AND 9", "max(i) > 50 OR min(i) IS NULL", "NOT n = 1", "max(t) > 'b'", "n",
            "sum(b) < 4 AND n > 1", "avg(i) > 20.003", "min(day) >= '2019-05-01'", "count(t) * 2 > count(*)",
        ])
    }

    private mutating func joined() -> String {
        let on = pick(["p.i = q.id", "q.id = p.i", "p.cat = q.kind", "q.kind = p.cat", "p.t = q.word", "p.b = q.good"])
        let tables = pick(["p JOIN q", "q JOIN p", "p INNER JOIN q"])
        let key = pick(["kind", "good", "cat", "b", "word", "weight", "q.id"])
        let aggregates = list(1...3) {
            $0.pick([
                "count(*)", "sum(i)", "sum(id)", "avg(d)", "max(word)", "min(t)", "sum(d * weight)", "count(weight)",
                "max(day)",
            ])
        }
        var sql = "SELECT \(key), \(aggregates) FROM \(tables) ON \(on)"
        if chance(60) {
            sql += " WHERE \(chance(50) ? condition() : pick(["good", "weight > 1", "kind <> 'red'", "id < 60"]))"
        }
        if chance(30) { sql += sql.contains(" WHERE ") ? " AND \(pick(["good = 1", "p.i > 10"]))" : "" }
        return sql + " GROUP BY \(key) ORDER BY 1\(chance(30) ? " DESC" : "")"
    }

    private mutating func key() -> String {
        pick([
            "i", "big", "d", "b", "day", "at", "t", "cat", "cat", "b", "i / 10", "i % 7", "d * 2", "-i", "rowid % 5",
            "i + b",
        ])
    }

    private mutating func value() -> String {
        pick([
            "i", "big", "d", "b", "day", "at", "t", "cat", "rowid", "i + 1", "i * b", "d - 0.5", "d / b", "i / b",
            "i % 7", "-d", "7",
            "2.5", "i * 1.5 - d", "(i + 2) * (b - 3)", "d / 0", "p.i", "+d",
        ])
    }

    /// A number would be a place.
    private mutating func orderValue() -> String {
        let value = value()
        return value == "7" || value == "2.5" ? "t" : value
    }

    private mutating func aggregate() -> String {
        pick([
            "count(*)", "count(i)", "count(t)", "sum(i)", "sum(d)", "sum(b)", "avg(i)", "avg(d)", "total(d)",
            "total(i)", "min(i)",
            "max(i)", "min(d)", "max(d)", "min(t)", "max(t)", "min(cat)", "max(day)", "min(at)", "max(big)", "min(b)",
            "avg(b)",
            "sum(i * b)", "sum(d * d)", "sum(i + d)", "max(i - rowid)", "min(d / b)", "count(DISTINCT t)",
            "count(distinct i)",
            "count(1)", "round(max(d), 1)", "round(sum(i) * 1.0 / count(*), 3)", "max(i) - min(i)", "-sum(i)",
            "sum(i) / count(i)",
            "max(rowid)", "5 + count(*)",
        ])
    }

    private mutating func order(_ term: String) -> String {
        term + pick(["", "", " ASC", " DESC", " DESC", " NULLS LAST", " DESC NULLS FIRST"])
    }

    private mutating func limit(_ percent: Int) -> String {
        guard chance(percent) else { return "" }
        return " LIMIT \(Int.random(in: 0...40, using: &random))"
            + (chance(40) ? " OFFSET \(Int.random(in: 0...100, using: &random))" : "")
    }

    private mutating func filter() -> String { chance(65) ? " WHERE \(condition())" : "" }

    mutating func condition(depth: Int = 0) -> String {
        switch Int.random(in: 0..<(depth < 2 ? 13 : 9), using: &random) {
        case 0, 1: return "p.i \(comparison()) \(number())"
        case 2: return "big \(comparison()) \(number())"
        case 3: return "d \(comparison()) \(number())"
        case 4: return "t \(comparison()) \(text())"
        case 5: return "day \(comparison()) \(date())"
        case 6: return "at \(comparison()) \(time())"
        case 7:
            return pick([
                "d IS NULL", "t IS NOT NULL", "b", "NOT b", "i + 1 > d * 3", "i - rowid = -2", "d * 2 <> i",
                "cat ISNULL",
                "i % 3 = 1", "day NOTNULL", "(i + b) IS NULL", "b = TRUE", "b <> FALSE", "rowid > 200",
                "rowid BETWEEN 60 AND 130",
            ])
        case 8:
            return pick([
                "i BETWEEN 10 AND 90", "d NOT BETWEEN -1 AND 2.5", "cat IN ('red', 'blue')", "i IN (1, 5, 70, -3)",
                "t LIKE 'na%'",
                "t LIKE '%_ü%'", "t NOT LIKE '%5'", "cat LIKE 'R__'", "cat NOT IN ('red')", "t BETWEEN 'a' AND 'o'",
                "5 < i", "'green' = cat", "d IN (2.25, 1)", "day BETWEEN '2019-04-20' AND '2019-05-10'",
                "t LIKE 'LONG É%'",
            ])
        case 9: return "(\(condition(depth: depth + 1)) OR \(condition(depth: depth + 1)))"
        case 10: return "NOT (\(condition(depth: depth + 1)))"
        default: return "\(condition(depth: depth + 1)) AND \(condition(depth: depth + 1))"
        }
    }

    private mutating func comparison() -> String { pick(["=", "==", "<", "<=", ">", ">=", "<>", "!="]) }

    private mutating func number() -> String {
        pick([
            "0", "1", "5", "-1", "100", "5.0", "5.5", "-0.0", "2.25", "9007199254740993", "9007199254740992.0",
            "9223372036854775807",
            "9223372036854775800", "-9223372036854775807", "-2.25", "70",
        ])
    }

    private mutating func text() -> String {
        pick(["'5'", "'5.0'", "'abc'", "''", "'red'", "'Zürich'", "'naïve3'", "'9'", "'long é'"])
    }
    private mutating func date() -> String {
        pick(["'2019-05-01'", "'2019-05'", "'2019-05-01x'", "'9'", "''", "'2019-04-20'"])
    }

    private mutating func time() -> String {
        pick([
            "'2020-09-13T12:26:4'", "'2020-09-13T12:28:20'", "'2020-09-13T12:28:20.5'", "'2020-09-13T12:28:20.55'",
            "'2021'", "''",
        ])
    }
}
