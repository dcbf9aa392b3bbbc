import Shared

/// Gradient boosting of histogram trees: second-order, leaf-wise, with native missing values and categories.
///
/// Source: Friedman, "Greedy function approximation", 2001; Chen and Guestrin, "XGBoost", 2016; Ke et al., "LightGBM", 2017. Integer
/// histograms make the model the same for any number of threads.
package struct BoostingLearner: BinnedLearner {
    package static let name = "gradient_boosting"

    package var settings: BoostingSettings

    package init(_ settings: BoostingSettings = BoostingSettings()) { self.settings = settings }

    package var parameters: [String: LearnerParameter] {
        [
            "iterations": .integer(settings.iterations), "learning_rate": .number(settings.learningRate),
            "leaves": .integer(settings.leaves), "maximum_depth": .integer(settings.maximumDepth),
            "minimum_rows": .integer(settings.minimumRows), "minimum_hessian": .number(settings.minimumHessian),
            "l1": .number(settings.l1), "l2": .number(settings.l2), "row_share": .number(settings.rowShare),
            "feature_share": .number(settings.featureShare), "random_strength": .number(settings.randomStrength),
            "bins": .integer(settings.bins), "patience": .integer(settings.patience),
            "category_smoothing": .number(settings.categorySmoothing), "category_l2": .number(settings.categoryL2),
            "objective": .text(settings.objective.text),
        ]
    }

    package var bins: Int { settings.bins }

    package func fit(
        binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        try fit(binned, target: target, rows: rows, weights: weights, context: context)
    }

    /// Fits on a matrix that was binned before, as a search does for many fits.
    ///
    /// - Returns: the rounds that were finished when the fit was cancelled or met its deadline; with validation rows the best rounds.
    /// - Throws: `.tooFewRows` without rows.
    package func fit(
        _ binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> BoostingModel {
        guard !rows.isEmpty else { throw .tooFewRows(found: 0, needed: 1) }
        var rounds = BoostingRounds(settings, binned, target: target, rows: rows, weights: weights, context: context)
        return rounds.model(outputs: target.outputs)
    }
}

/// The rounds of one fit.
struct BoostingRounds {
    private let settings: BoostingSettings
    private let binned: BinnedMatrix
    private let rows: [Int32]
    private let context: FitContext
    private let team: ThreadTeam
    private let loss: BoostingLoss
    /// For trees that are grown one after the other, by all threads; made when there is one.
    private lazy var grower = BoostingGrower(binned, settings: settings, rows: rows.count, team: team)
    /// One a thread, each for trees of other scores; empty where the trees of a round are grown one after the other.
    private let sideBySide: [BoostingGrower]
    private var random: RandomStream
    private var trees: [DecisionTree] = []

    /// Work below which starting threads costs more than it brings.
    private static let cellsForThreads = 200_000

    init(
        _ settings: BoostingSettings, _ binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?,
        context: FitContext
    ) {
        self.settings = settings
        self.binned = binned
        self.rows = rows
        self.context = context
        loss = BoostingLoss(target, objective: settings.objective, rows: rows, weights: weights)
        let isLarge = rows.count * max(1, binned.slots.count) * loss.scores > BoostingRounds.cellsForThreads
        team = ThreadTeam(threads: isLarge ? context.threads : 1)
        sideBySide =
            team.threads > 1 && loss.scores >= team.threads
            ? BoostingGrower.sideBySide(team.threads, binned, settings: settings, rows: rows.count) : []
        random = RandomStream(seed: context.seed, part: 0x6B0057)
    }

    mutating func model(outputs: Int) -> BoostingModel {
        var best = (rounds: 0, loss: context.validation.isEmpty ? 0 : loss.meanLoss(context.validation))
        var round = 0
        while round < settings.iterations, !context.mustStop {
            guard let grown = runRound(round) else { break }
            trees.append(contentsOf: grown)
            round += 1
            if grown.allSatisfy({ $0.nodes.count == 1 }), settings.rowShare >= 1, settings.featureShare >= 1 { break }
            guard !context.validation.isEmpty else { continue }
            let found = loss.meanLoss(context.validation)
            if found < best.loss { best = (round, found) }
            if settings.patience > 0, round - best.rounds >= settings.patience { break }
        }
        if !context.validation.isEmpty { trees.removeLast(trees.count - best.rounds * loss.scores) }
        return BoostingModel(
            trees, base: loss.base, link: link, outputs: outputs, features: binned.features.count,
            center: loss.center, scale: loss.scale)
    }

    private var link: BoostingModel.Link {
        switch loss.kind {
        case .logistic: .logistic
        case .softmax: .softmax
        case .regression(.poisson): .exponential
        case .regression: .identity
        }
    }

    /// One tree a score; nil when the fit must stop.
    ///
    /// Threads that grow a tree each wait for each other once a round; those that grow one together do so at every split.
    private mutating func runRound(_ round: Int) -> [DecisionTree]? {
        let bag = drawBag()
        loss.prepare(team: team)
        let slots = (0..<loss.scores).map { _ in drawSlots() }
        let count = sideBySide.isEmpty ? 0 : loss.scores - loss.scores % sideBySide.count
        let found = Locked([DecisionTree?](repeating: nil, count: count))
        let rounds = self
        team.forChunks(of: 1, count: count) { thread, scores in
            for score in scores {
                let tree = rounds.grow(score, round, by: rounds.sideBySide[thread], bag, slots[score])
                found.withLock { $0[score] = tree }
            }
        }
        var trees = found.current
        for score in count..<loss.scores {
            let grower = grower
            trees.append(grow(score, round, by: grower, bag, slots[score]))
        }
        let grown = trees.compactMap(\.self)
        return grown.count == loss.scores ? grown : nil
    }

    /// Grows the tree of one score and adds it to the raw scores.
    private func grow(
        _ score: Int, _ round: Int, by grower: BoostingGrower, _ bag: Bag, _ slots: [Bool]
    ) -> DecisionTree? {
        loss.pack(score: score, round: round, seed: context.seed, into: grower.packed, team: grower.team)
        for (position, row) in bag.rows.enumerated() {
            grower.partition.order.start[position] = UInt32(truncatingIfNeeded: row)
        }
        let usesDispersion = binned.hasCategories || settings.randomStrength > 0
        let dispersion = usesDispersion ? loss.dispersion(bag.rows, grower.packed) : 1
        let search = SplitSearch(
            gradientUnit: loss.gradientUnit, hessianUnit: loss.hessianUnit, l1: settings.l1, l2: settings.l2,
            minimumRows: settings.minimumRows, minimumHessian: settings.minimumHessian,
            categorySmoothing: settings.categorySmoothing, categoryL2: settings.categoryL2,
            dispersion: dispersion,
            noise: SplitNoise(
                strength: settings.randomStrength, dispersion: dispersion, seed: context.seed,
                tree: round * loss.scores + score))
        guard
            var grown = grower.grow(
                count: bag.rows.count, search: search, slots: slots, mustStop: { context.mustStop })
        else { return nil }
        setValues(&grown, search, grower.partition)
        addScores(grown, score: score, bag, by: grower)
        return grown.tree
    }

    /// Rows that the trees of a round are grown on, and the others that take their scores.
    private struct Bag {
        let rows: [Int32]
        let others: [Int32]
    }

    private mutating func drawBag() -> Bag {
        guard settings.rowShare < 1 else { return Bag(rows: rows, others: context.validation) }
        let count = max(1, Int((Double(rows.count) * settings.rowShare).rounded()))
        let drawn = random.sample(count, below: rows.count).map { rows[Int($0)] }
        var isDrawn = Array(repeating: false, count: binned.rows)
        for row in drawn { isDrawn[Int(row)] = true }
        return Bag(rows: drawn, others: context.validation + rows.filter { !isDrawn[Int($0)] })
    }

    private mutating func drawSlots() -> [Bool] {
        let count = binned.slots.count
        guard settings.featureShare < 1, count > 1 else { return Array(repeating: true, count: count) }
        var result = Array(repeating: false, count: count)
        let wanted = max(1, Int((Double(count) * settings.featureShare).rounded()))
        for slot in random.sample(wanted, below: count) { result[Int(slot)] = true }
        return result
    }

    private func setValues(_ grown: inout GrownTree, _ search: SplitSearch, _ partition: RowPartition) {
        guard let share = loss.leafQuantile else {
            for leaf in grown.leaves {
                let value = leaf.bounds.clamped(search.leafValue(leaf.sum))
                grown.tree.values[Int(leaf.node)] = value * settings.learningRate
            }
            return
        }
        // The tree was grown by the signs of the residuals; bounds of their quantiles are others.
        let bounds = binned.isMonotone ? grown.bounds(binned) { quantile($0, share, partition) } : nil
        for leaf in grown.leaves {
            let value = quantile(leaf.begin..<leaf.begin + leaf.count, share, partition)
            let node = Int(leaf.node)
            grown.tree.values[node] = (bounds?[node].clamped(value) ?? value) * settings.learningRate
        }
    }

    /// Quantile of the residuals of the rows at some places of the partition.
    private func quantile(_ places: Range<Int>, _ share: Double, _ partition: RowPartition) -> Double {
        // Safety: places are those of a node's rows, which the partition holds.
        let rows = UnsafeBufferPointer(start: partition.order.start + places.lowerBound, count: places.count)
        return BoostingLoss.quantile(rows.map { loss.residual(Int($0)) }, share)
    }

    /// Adds a tree to the raw scores: leaf by leaf for the rows it was grown on, by walking it for the others.
    private func addScores(_ grown: GrownTree, score: Int, _ bag: Bag, by grower: BoostingGrower) {
        // Safety: orders hold rows of the matrix, raw has rows numbers a score.
        let raw = loss.raw.start + score * loss.rows
        let order = grower.partition.order.start
        let (leaves, values, binned) = (grown.leaves, grown.tree.values, binned)
        grower.team.forChunks(of: 1, count: leaves.count) { _, range in
            for leaf in leaves[range] {
                let value = Float(values[Int(leaf.node)])
                for position in leaf.begin..<leaf.begin + leaf.count { raw[Int(order[position])] += value }
            }
        }
        grower.team.forChunks(of: 4_096, count: bag.others.count) { _, range in
            for row in bag.others[range] { raw[Int(row)] += Float(values[grown.leaf(of: Int(row), binned)]) }
        }
    }
}
