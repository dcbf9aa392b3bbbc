import Shared

extension TransformError {
    /// The problem as a client sees it.
    package var problem: Problem { problem(step: nil) }

    /// The problem as a client sees it.
    ///
    /// - Parameter step: the place of the step among the steps of the request, from 1.
    package func problem(step: Int?) -> Problem {
        let place = step.map { "Step \($0): " } ?? ""
        switch self {
        case .notAStep(let value):
            return Problem(
                .recipeBadStep, "\(place)\(Excerpt.quoted(value)) is not a step.",
                remedy: "Write a step as {\"op\":\"fill_median\",\"column\":\"age\"}.")
        case .unknownOperation(let name, let nearest):
            let known = TransformStep.Operation.allCases.map(\.rawValue).joined(separator: ", ")
            return Problem(
                .recipeBadStep, "\(place)there is no operation \(Excerpt.quoted(name)).",
                remedy: nearest.map { "Did you mean \($0)?" } ?? "The operations are \(known).")
        case .unknownKey(let op, let key, let nearest, let known):
            return Problem(
                .recipeBadStep, "\(place)\(op) does not know the key \(Excerpt.quoted(key)).",
                remedy: nearest.map { "Did you mean \($0)?" }
                    ?? "The keys are \(known.joined(separator: ", ")).", places: [.init(column: key)])
        case .unknownColumn(let op, let name, let nearest):
            return Problem(
                .datasetColumnNotFound, "\(place)\(op) names the column \(Excerpt.quoted(name)), which does not exist.",
                remedy: nearest.map { "Did you mean \(Excerpt.quoted($0))?" } ?? "Name a column of the dataset.",
                places: [.init(column: name)])
        case .missing(let op, let key):
            return Problem(
                .recipeBadStep, "\(place)\(op) needs the key \(key).", remedy: "Add \(key) to the step.",
                places: [.init(column: key)])
        case .badValue(let op, let key, let value, let expected):
            return Problem(
                .recipeBadStep, "\(place)\(op) cannot use \(Excerpt.quoted(value)) as \(key).",
                remedy: "Give \(expected).", places: [.init(column: key)])
        case .wrongType(let op, let column, let type, let expected):
            return Problem(
                .recipeBadStep, "\(place)\(op) does not apply to \(Excerpt.quoted(column)), which is of type \(type).",
                remedy: "Choose a column of type \(expected), or convert this one first.",
                places: [.init(column: column)])
        case .noValue(let op, let column):
            return Problem(
                .recipeBadStep, "\(place)\(op) finds no value in \(Excerpt.quoted(column)) to fill in.",
                remedy: "Use fill_constant, or drop the column.", places: [.init(column: column)])
        case .tooLarge(let op, let column):
            return Problem(
                .recipeBadStep, "\(place)\(op) cannot hold the texts of \(Excerpt.quoted(column)): more than 4 GB.",
                remedy: "Drop the column first, or work on fewer rows.", places: [.init(column: column)])
        case .badPattern(let op, let pattern, let reason, let position):
            return Problem(
                .recipeBadStep,
                "\(place)\(op) cannot use the pattern \(Excerpt.quoted(pattern)): \(reason), at character \(position + 1).",
                remedy: "Correct the pattern; docs/recipes.md lists what patterns may contain.",
                places: [.init(byte: position, column: "pattern")])
        case .patternTooSlow(let op, let column, let text):
            return Problem(
                .recipeBadStep,
                "\(place)\(op) takes too long on the text \(Excerpt.quoted(text)) of \(Excerpt.quoted(column)), which has \(text.utf8.count) bytes.",
                remedy: "Use a pattern without .* or .+, or \"part\": true with a plain text.",
                places: [.init(column: column)])
        case .misfits(let op, let count, let first, let type):
            return Problem(
                .recipeBadStep, "\(place)\(op) meets \(Self.misfits(count, first, type)).",
                remedy: "Correct such cells first, or set misfits to null or remove_row.",
                places: first.map { .init(column: $0.column, row: $0.row) })
        case .tooManyRows(let op, let limit):
            return Problem(
                .recipeBadStep, "\(place)\(op) gives more than the \(limit) rows that a dataset may have.",
                remedy: "Join on columns whose values are unique on one side, or raise datasets.max_rows.")
        }
    }

    /// `3 cells of 'age' that are no integer: 'old' in row 2, 'new' in row 7, 'x' in row 8`
    package static func misfits(_ count: Int, _ first: [CellMisfit], _ type: String) -> String {
        let named = first.prefix(3).map { "\(Excerpt.quoted($0.text)) in row \($0.row)" }.joined(separator: ", ")
        return
            "\(count == 1 ? "1 cell" : "\(count) cells") of \(Excerpt.quoted(first.first?.column ?? "")) that \(count == 1 ? "is" : "are") no \(type): \(named)\(count > 3 ? " and \(count - 3) more" : "")"
    }
}
