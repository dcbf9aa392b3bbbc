import Shared
import Tabular

/// Whether a column is fit to be learnt from.
enum ColumnFitness {
    /// Fewer rows than these say nothing about identifiers and leaks.
    private static let leastRows = 50
    private static let mostLeakLevels = 20

    /// Why a column is better left out; nil when it is fit.
    ///
    /// - Parameter rows: rows that have a target.
    /// - Complexity: O(rows)
    static func reasonToLeaveOut(
        _ column: TableColumn, target: Target, rows: [Int32]
    ) -> TrainingPlan.LeftOutColumn.Reason? {
        if column.type == .text || column.type == .boolean {
            return textReason(column.categories(), target: target, rows: rows)
        }
        return numberReason(column, target: target, rows: rows)
    }

    private static func textReason(
        _ categories: CategoryCodes, target: Target, rows: [Int32]
    ) -> TrainingPlan.LeftOutColumn.Reason? {
        var counts = [Int](repeating: 0, count: categories.labels.count)
        var filled = 0
        for row in rows where categories.codes[Int(row)] >= 0 {
            counts[Int(categories.codes[Int(row)])] += 1
            filled += 1
        }
        let levels = counts.count { $0 > 0 }
        if filled == 0 || (levels == 1 && filled == rows.count) { return .constant }
        guard rows.count >= leastRows else { return nil }
        // Names and codes differ in nearly every row; free text does too, but has several words.
        if levels * 100 >= filled * 95, !TextTerms.looksLikeFreeText(categories.labels) { return .identifier }
        if levels <= mostLeakLevels, decides(target, codes: categories.codes, counts: counts, rows: rows) {
            return .leak
        }
        return nil
    }

    /// Whether each level of a column occurs with one class only, often enough not to be chance.
    private static func decides(_ target: Target, codes: [Int32], counts: [Int], rows: [Int32]) -> Bool {
        guard case .classes(let classes, _) = target else { return false }
        guard counts.filter({ $0 > 0 }).allSatisfy({ $0 >= 5 }) else { return false }
        var classOfLevel = [Int32](repeating: -1, count: counts.count)
        for row in rows {
            let code = Int(codes[Int(row)])
            guard code >= 0 else { continue }
            if classOfLevel[code] < 0 { classOfLevel[code] = classes[Int(row)] }
            if classOfLevel[code] != classes[Int(row)] { return false }
        }
        return Set(classOfLevel.filter { $0 >= 0 }).count > 1
    }

    private static func numberReason(
        _ column: TableColumn, target: Target, rows: [Int32]
    ) -> TrainingPlan.LeftOutColumn.Reason? {
        let all = column.numbers()
        let values = rows.map { all[Int($0)] }
        guard let first = values.first(where: { !$0.isNaN }) else { return .constant }
        if values.allSatisfy({ $0 == first }) { return .constant }
        guard values.count >= leastRows else { return nil }
        if column.type == .integer, namesRows(values, name: column.name) { return .identifier }
        switch target {
        case .regression(let targets):
            return abs(correlation(values, rows.map { targets[Int($0)] })) > 0.999_999 ? .leak : nil
        case .classes:
            guard levels(of: values, atMost: mostLeakLevels) != nil else { return nil }
            let categories = column.categories()
            var counts = [Int](repeating: 0, count: categories.labels.count)
            for row in rows where categories.codes[Int(row)] >= 0 { counts[Int(categories.codes[Int(row)])] += 1 }
            return decides(target, codes: categories.codes, counts: counts, rows: rows) ? .leak : nil
        }
    }

    /// Whether no value occurs twice, and the values ascend or the name says what they are.
    private static func namesRows(_ values: [Double], name: String) -> Bool {
        if zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) { return true }
        return namesIdentifier(name) && Set(values).count == values.count && !values.contains(where: \.isNaN)
    }

    /// How many distinct values there are; nil when more than `most`, which is mostly seen after a few rows.
    private static func levels(of values: [Double], atMost most: Int) -> Int? {
        var distinct = Set<Double>()
        for value in values where !value.isNaN {
            distinct.insert(value)
            if distinct.count > most { return nil }
        }
        return distinct.count
    }

    private static func namesIdentifier(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["id", "uuid", "guid", "index", "row", "key", "rownames"].contains(name) || name.hasSuffix("_id")
            || name.hasSuffix(" id")
    }

    /// Pearson's correlation over the rows where both are numbers.
    private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let pairs = zip(a, b).filter { $0.0.isFinite && $0.1.isFinite }
        guard pairs.count >= leastRows else { return 0 }
        let n = Double(pairs.count)
        let meanA = pairs.reduce(0) { $0 + $1.0 } / n
        let meanB = pairs.reduce(0) { $0 + $1.1 } / n
        var ab = 0.0
        var aa = 0.0
        var bb = 0.0
        for (x, y) in pairs {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }
}
