import Shared
import Tabular

/// A column read as a target: the task it makes, its classes, its values.
struct TargetReading {
    var task: TaskKind
    var classes: [String] = []
    var target: Target
    var rows: [Int32]

    /// Integers with at most so many distinct values may be classes.
    private static let mostIntegerClasses = 20

    init(_ column: TableColumn, task asked: TaskKind?) throws(LearningError) {
        let categories = column.categories()
        // A target of words is wrong however few rows there are: that is told first.
        if asked == .regression { _ = try Self.numbers(column, categories: categories) }
        rows = categories.codes.indices.filter { categories.codes[$0] >= 0 }.map(Int32.init)
        guard rows.count >= TrainingPlan.leastRows else {
            throw .tooFewRows(found: rows.count, needed: TrainingPlan.leastRows)
        }
        if categories.labels.count == 1 { throw .constantTarget(label: categories.labels[0]) }
        let isNumeric = column.type == .integer || column.type == .decimal
        if asked == .regression || (asked == nil && isNumeric && !Self.looksLikeClasses(categories, rows: rows.count)) {
            task = .regression
            let values = try Self.numbers(column, categories: categories)
            // Infinities cannot be learnt from; such rows count as having no target.
            rows = rows.filter { values[Int($0)].isFinite }
            guard rows.count >= TrainingPlan.leastRows else {
                throw .tooFewRows(found: rows.count, needed: TrainingPlan.leastRows)
            }
            target = .regression(values.map { $0.isFinite ? $0 : 0 })
            return
        }
        let count = categories.labels.count
        task = asked ?? (count == 2 ? .binary : .multiclass)
        if asked == .binary, count != 2 {
            throw .taskMismatch(task: "binary", target: column.name, reason: "it has \(count) different values")
        }
        // Two classes are one task, whichever word it was asked by.
        if count == 2 { task = .binary }
        let order = Self.sorted(categories.labels)
        var place = [Int32](repeating: 0, count: count)
        for (code, label) in order.enumerated() { place[label] = Int32(code) }
        classes = order.map { categories.labels[$0] }
        target = .classes(categories.codes.map { $0 < 0 ? 0 : place[Int($0)] }, count: count)
    }

    /// Two values are always classes; a few whole numbers are when each occurs often.
    private static func looksLikeClasses(_ categories: CategoryCodes, rows: Int) -> Bool {
        let count = categories.labels.count
        if count == 2 { return true }
        guard count <= mostIntegerClasses, rows >= count * count else { return false }
        return categories.labels.allSatisfy { label in Double(label).map { $0 == $0.rounded() } ?? false }
    }

    private static func numbers(_ column: TableColumn, categories: CategoryCodes) throws(LearningError) -> [Double] {
        guard column.type == .text else { return column.numbers() }
        let ofLabel = categories.labels.map { RawValue.number($0) }
        for (row, code) in categories.codes.enumerated() where code >= 0 && ofLabel[Int(code)] == nil {
            throw .nonNumericTarget(name: column.name, row: row + 1, value: categories.labels[Int(code)])
        }
        return categories.codes.map { $0 < 0 ? .nan : ofLabel[Int($0)] ?? .nan }
    }

    /// Indices of labels in the order of their numbers if all are numbers, of their characters otherwise.
    private static func sorted(_ labels: [String]) -> [Int] {
        let numbers = labels.map(Double.init)
        if numbers.allSatisfy({ $0 != nil }) {
            return labels.indices.sorted { (numbers[$0] ?? 0, labels[$0]) < (numbers[$1] ?? 0, labels[$1]) }
        }
        return labels.indices.sorted { labels[$0] < labels[$1] }
    }
}
