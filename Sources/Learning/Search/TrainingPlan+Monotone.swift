import Shared
import Tabular

extension TrainingPlan {
    /// The algorithms of a request, without those that cannot keep what it asks of columns.
    ///
    /// - Throws: `.unknownAlgorithm`; `.monotoneAlgorithms` when none of those that it names is left.
    static func algorithms(_ options: TrainingOptions) throws(LearningError) -> [LearnerName] {
        let asked = try LearnerName.parse(options.algorithms)
        guard !options.monotone.isEmpty else { return asked }
        let able = asked.filter(\.canBeMonotone)
        // The baseline is there unasked; alone it is no answer to those who named others.
        if let names = options.algorithms, !names.isEmpty, able == [.baseline],
            !names.contains(LearnerName.baseline.rawValue)
        {
            throw .monotoneAlgorithms(
                names: names, able: LearnerName.choosable.filter { $0.canBeMonotone && $0 != .baseline }.map(\.rawValue)
            )
        }
        return able
    }

    /// Checks that what is predicted can rise and fall, and that every column that it is to follow is learnt from as one number.
    ///
    /// - Throws: `.monotoneClasses`; `.monotoneColumn` for the first column in order of names.
    func checkMonotone(_ table: DataTable) throws(LearningError) {
        guard !options.monotone.isEmpty else { return }
        if classes.count > 2 { throw .monotoneClasses(target: options.target, count: classes.count) }
        for name in options.monotone.keys.sorted() {
            if let fault = monotoneFault(name, table) { throw .monotoneColumn(name: name, fault: fault) }
        }
    }

    private func monotoneFault(_ name: String, _ table: DataTable) -> MonotoneFault? {
        if name == options.target { return .target }
        if name == options.group { return .group }
        if options.exclude.contains(name) { return .excluded }
        if let asked = options.features, !asked.contains(name) { return .notAmongFeatures }
        if let type = table.column(named: name)?.type, ![.integer, .decimal, .boolean].contains(type) {
            return .type(type)
        }
        return leftOut.first { $0.name == name }.map { .leftOut($0.reason) }
    }
}
