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
    /// Sums of squares of larger numbers leave the range of the kernels' floats.
    private static let largestNumber = 1e18

    init(_ column: TableColumn, task asked: TaskKind?) throws(LearningError) {
        let isNumeric = column.type == .integer || column.type == .decimal
        // Infinities cannot be learnt from; such rows count as having no target.
        let categories = isNumeric ? Self.finite(column.categories()) : column.categories()
        // A target of words is wrong however few rows there are: that is told first.
        if asked == .regression { _ = try Self.numbers(column, categories: categories) }
        rows = categories.codes.indices.filter { categories.codes[$0] >= 0 }.map(Int32.init)
        guard rows.count >= TrainingPlan.leastRows else {
            throw .tooFewRows(found: rows.count, needed: TrainingPlan.leastRows)
        }
        if categories.labels.count == 1 { throw .constantTarget(label: categories.labels[0]) }
        if asked == .regression || (asked == nil && isNumeric && !Self.looksLikeClasses(categories, rows: rows.count)) {
            task = .regression
            let values = try Self.numbers(column, categories: categories)
            if let row = rows.first(where: { abs(values[Int($0)]) > Self.largestNumber }) {
                throw .targetTooLarge(name: column.name, row: Int(row) + 1, value: String(values[Int(row)]))
            }
            // Whole numbers that are too long for a double may differ as texts only.
            if let first = rows.first, rows.allSatisfy({ values[Int($0)] == values[Int(first)] }) {
                throw .constantTarget(label: categories.labels[0])
            }
            target = .regression(values.map { $0.isFinite ? $0 : 0 })
            return
        }
        let count = categories.labels.count
        if count == rows.count {
            throw .taskMismatch(
                task: (asked ?? .multiclass).rawValue, target: column.name,
                reason: "every row has a value of its own, so no class occurs twice")
        }
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
        // The answers are in the words of the table: yes and no where it says so.
        if column.type == .boolean, classes == ["false", "true"], let words = column.booleanWords() {
            classes = [words.no, words.yes]
        }
        target = .classes(categories.codes.map { $0 < 0 ? 0 : place[Int($0)] }, count: count)
    }

    /// Two values are always classes; a few whole numbers are when each occurs often.
    private static func looksLikeClasses(_ categories: CategoryCodes, rows: Int) -> Bool {
        let count = categories.labels.count
        if count == 2 { return true }
        guard count <= mostIntegerClasses, rows >= count * count else { return false }
        return categories.labels.allSatisfy { label in Double(label).map { $0 == $0.rounded() } ?? false }
    }

    /// The same without NaN and infinities.
    private static func finite(_ categories: CategoryCodes) -> CategoryCodes {
        let isKept = categories.labels.map { Double($0)?.isFinite ?? true }
        guard isKept.contains(false) else { return categories }
        var place: [Int32] = []
        var kept: [String] = []
        for (label, isKept) in zip(categories.labels, isKept) {
            place.append(isKept ? Int32(kept.count) : -1)
            if isKept { kept.append(label) }
        }
        return CategoryCodes(codes: categories.codes.map { $0 < 0 ? -1 : place[Int($0)] }, labels: kept)
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
