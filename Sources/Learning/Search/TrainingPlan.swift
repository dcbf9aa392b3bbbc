import Shared
import Tabular

/// What is going to be trained, checked against the table: nothing in it can fail later for a reason that lies in the request.
package struct TrainingPlan: Sendable {
    package var options: TrainingOptions
    package var task: TaskKind
    package var metric: Metric
    /// Class labels in the order of their codes; empty for regression.
    package var classes: [String]
    package var features: [RawFeature]
    /// Columns that were not learnt from although nobody excluded them, and why.
    package var leftOut: [LeftOutColumn]
    package var algorithms: [LearnerName]
    /// Rows of the table whose target is null.
    package var droppedRows: Int
    /// Rows of the table that have a target value, ascending.
    package var rows: [Int32]
    /// One value a row of the table; rows without a target hold 0.
    package var target: Target
    package var cut: FoldPlan.Cut
    package var texts = TextVolume()

    /// A column that the plan does not learn from.
    package struct LeftOutColumn: Sendable, Codable, Hashable {
        package enum Reason: String, Sendable, Codable { case constant, identifier, leak }
        package var name: String
        package var reason: Reason

        package init(name: String, reason: Reason) {
            self.name = name
            self.reason = reason
        }
    }

    /// Fewest rows with a target value that are trained on.
    package static let leastRows = 10

    /// Some of the rows, the same for the same seed and number; all when there are no more.
    func sample(_ count: Int) -> [Int32] {
        guard count < rows.count else { return rows }
        var random = RandomStream(seed: options.seed, part: 0x5A3)
        return random.sample(count, below: rows.count).map { rows[Int($0)] }
    }

    /// Checks the request against the table, infers what it leaves open.
    ///
    /// - Throws: `.targetNotFound`, `.targetInFeatures`, `.featureNotFound`, `.noFeatures`, `.nonNumericTarget`, `.targetTooLarge`,
    ///   `.taskMismatch`, `.unknownAlgorithm`, `.unknownMetric`, `.tooFewRows`, `.constantTarget`, `.monotoneColumn`,
    ///   `.monotoneClasses`, `.monotoneAlgorithms`.
    /// - Complexity: O(rows x columns)
    package init(table: DataTable, options: TrainingOptions) throws(LearningError) {
        self.options = options
        let names = table.columns.map(\.name)
        guard let column = table.column(named: options.target) else {
            throw .targetNotFound(name: options.target, nearest: Spelling.nearest(to: options.target, among: names))
        }
        if options.features?.contains(options.target) == true { throw .targetInFeatures(name: options.target) }
        let named = (options.features ?? []) + options.exclude + [options.group, options.time].compactMap(\.self)
        for name in named + options.monotone.keys.sorted() where !names.contains(name) {
            throw .featureNotFound(name: name, nearest: Spelling.nearest(to: name, among: names))
        }
        algorithms = try Self.algorithms(options)

        let reading = try TargetReading(column, task: options.task)
        task = reading.task
        classes = reading.classes
        target = reading.target
        rows = reading.rows
        droppedRows = table.rows - rows.count
        if let name = options.metric {
            guard let known = Metric.known(for: reading.task).first(where: { $0.rawValue == name }) else {
                throw .unknownMetric(name: name, known: Metric.known(for: reading.task).map(\.rawValue))
            }
            metric = known
        } else {
            metric = .standard(for: reading.task)
        }

        cut = .stratified
        if let group = options.group.flatMap(table.column(named:)) {
            cut = .groups(group.categories().codes)
        } else if let time = options.time.flatMap(table.column(named:)) {
            cut = .time(Self.order(of: time))
        }
        (features, leftOut) = Self.chooseFeatures(table: table, options: options, target: target, rows: rows)
        guard !features.isEmpty else { throw .noFeatures }
        try checkMonotone(table)
        texts = TextVolume(table, features: features, rows: rows)
    }

    /// A number a row by which rows can be put in order of time; texts in order of their characters.
    private static func order(of column: TableColumn) -> [Double] {
        guard column.type == .text else { return column.numbers() }
        let categories = column.categories()
        let places = categories.labels.indices.sorted { categories.labels[$0] < categories.labels[$1] }
        var rank = [Double](repeating: 0, count: places.count)
        for (place, label) in places.enumerated() { rank[label] = Double(place) }
        return categories.codes.map { $0 < 0 ? .nan : rank[Int($0)] }
    }

    private static func chooseFeatures(
        table: DataTable, options: TrainingOptions, target: Target, rows: [Int32]
    ) -> ([RawFeature], [LeftOutColumn]) {
        var chosen: [RawFeature] = []
        var leftOut: [LeftOutColumn] = []
        let unused = Set(options.exclude + [options.target] + [options.group].compactMap(\.self))
        for column in table.columns where !unused.contains(column.name) {
            if let asked = options.features {
                if asked.contains(column.name) { chosen.append(RawFeature(column)) }
                continue
            }
            if let reason = ColumnFitness.reasonToLeaveOut(column, target: target, rows: rows) {
                leftOut.append(LeftOutColumn(name: column.name, reason: reason))
            } else {
                chosen.append(RawFeature(column))
            }
        }
        return (chosen, leftOut)
    }
}
