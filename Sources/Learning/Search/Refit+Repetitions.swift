import Tabular

/// Members whose rounds draw rows, features or splits are fitted a few times with other seeds and become the mean of those fits: what
/// chance did to one of them is averaged out.
extension Refit {
    /// Fits of such a member, the first one included. Four take off most of what chance adds, and every prediction costs as many.
    static let mostFits = 4
    /// Trees of all fits: as many as one row passes in a tenth of a millisecond.
    private static let mostTrees = 1_000

    /// How often members are fitted whose first fits have some number of trees.
    static func fits(trees: Int) -> Int { max(1, min(mostFits, mostTrees / max(1, trees))) }

    /// - Parameter fitted: the first fit of each member, by number of the trial.
    /// - Returns: the means of as many fits of all as there was time for.
    /// - Throws: `.cancelled`, or what a fit throws.
    func repeated(
        _ fitted: [Int: any FittedModel], of choice: FinalChoice, matrix: FeatureMatrix, target: Target
    ) throws(LearningError) -> [Int: any FittedModel] {
        let members = choice.members.map(\.record).filter {
            fitted[$0.number] is BoostingModel && LearnerFactory.drawsByChance(TrialConfiguration($0))
        }
        guard !members.isEmpty else { return fitted }
        let rows = Array(0..<Int32(matrix.rows))
        let lanes = Self.lanes(members, threads: plan.options.threads)
        let threads = max(1, plan.options.threads / lanes)
        var fits = fitted.compactMapValues { ($0 as? BoostingModel).map { [$0] } }
        let trees = members.reduce(0) { $0 + (fits[$1.number]?[0].trees.count ?? 0) }
        for repetition in 1..<Self.fits(trees: trees) {
            let expected = seconds(members, rows: matrix.rows, threads: plan.options.threads)
            guard expected < clock.remaining - checks - state.predictSeconds else { break }
            let results = Lanes.map(members.count, lanes: lanes) { index in
                Swift.Result { () throws(LearningError) -> (any FittedModel)? in
                    try fit(
                        members[index], repetition: repetition, matrix: matrix, target: target, rows: rows,
                        threads: threads)
                }
            }
            for (member, result) in zip(members, results) {
                if let model = try result.get() as? BoostingModel { fits[member.number]?.append(model) }
            }
        }
        let means = fits.filter { $0.value.count > 1 }.mapValues { BoostingModel(meanOf: $0) as any FittedModel }
        return fitted.merging(means) { $1 }
    }
}
