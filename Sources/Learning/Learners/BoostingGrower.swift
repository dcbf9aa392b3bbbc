import Shared

/// A grown tree with what training still needs of it.
struct GrownTree {
    /// Leaf values are 0 until the learner sets them.
    var tree: DecisionTree
    /// Finished leaves; their rows are in `BoostingGrower.partition`.
    var leaves: [BoostingGrower.Leaf]
    /// Split of each node by bins; `slot` is -1 for leaves.
    var splits: [BinSplit]

    /// The leaf's node of a row of the binned matrix.
    func leaf(of row: Int, _ matrix: BinnedMatrix) -> Int {
        // Safety: row is a row of the matrix, slots are its slots.
        let line = matrix.byRow.start + row * matrix.stride
        var node = 0
        return splits.withUnsafeBufferPointer { splits in
            tree.nodes.withUnsafeBufferPointer { nodes in
                while splits[node].slot >= 0 {
                    let goes = splits[node].goesLeft(line[splits[node].slot])
                    node = Int(goes ? nodes[node].left : nodes[node].right)
                }
                return node
            }
        }
    }
}

extension GrownTree {
    /// Bounds of every node for values other than those that the tree was grown by.
    ///
    /// - Parameter value: what a node would answer as a leaf, from the places of its rows in the partition.
    /// - Complexity: two values for each split on a slot with a direction
    func bounds(_ matrix: BinnedMatrix, value: (Range<Int>) -> Double) -> [LeafBounds] {
        var places = Array(repeating: 0..<0, count: tree.nodes.count)
        for leaf in leaves { places[Int(leaf.node)] = leaf.begin..<leaf.begin + leaf.count }
        // Children come after their parent, and the rows of the left one before those of the right one.
        for (index, node) in tree.nodes.enumerated().reversed() where !node.isLeaf {
            places[index] = places[Int(node.left)].lowerBound..<places[Int(node.right)].upperBound
        }
        var bounds = Array(repeating: LeafBounds(), count: tree.nodes.count)
        for (index, node) in tree.nodes.enumerated() where !node.isLeaf {
            let own = bounds[index]
            let (left, right) = (Int(node.left), Int(node.right))
            guard let direction = splits[index].direction(in: matrix) else {
                (bounds[left], bounds[right]) = (own, own)
                continue
            }
            (bounds[left], bounds[right]) = own.split(
                left: own.clamped(value(places[left])), right: own.clamped(value(places[right])), direction: direction)
        }
        return bounds
    }
}

extension BinSplit {
    /// Which way the values on its sides must go; nil for either.
    func direction(in matrix: BinnedMatrix) -> MonotoneDirection? { partsMissingOnly ? nil : matrix.directions[slot] }
}

/// Grows one tree leaf by leaf, the leaf with the largest gain first.
///
/// Source: Ke et al., "LightGBM", 2017; Shi et al., "Quantized training of gradient boosting decision trees", 2022.
final class BoostingGrower {
    struct Leaf {
        var node: Int32 = 0
        var begin = 0
        var count = 0
        var sum: Int64 = 0
        var depth = 0
        /// Of its value and of those of the leaves that it is split into.
        var bounds = LeafBounds()
        var histogram: AlignedBuffer<Int64>?
        var best = BinSplit()
    }

    let matrix: BinnedMatrix
    let partition: RowPartition
    /// Gradients of the tree that is grown, by row of the matrix.
    let packed: AlignedBuffer<UInt32>
    let team: ThreadTeam
    private let settings: BoostingSettings
    private let pool: HistogramPool
    /// Sums of the threads after the first; added up slot by slot.
    private let ownHistograms: [AlignedBuffer<Int64>]
    private let touched: AlignedBuffer<UInt8>
    /// Best split of each slot, for the smaller and the larger child.
    private let found: AlignedBuffer<BinSplit>
    private static let poolBytes = 256 << 20
    /// Leaves with fewer rows are summed up by one thread.
    private static let rowsForThreads = 4_096

    init(_ matrix: BinnedMatrix, settings: BoostingSettings, rows: Int, team: ThreadTeam) {
        self.matrix = matrix
        self.settings = settings
        self.team = team
        partition = RowPartition(rows: rows)
        packed = AlignedBuffer(count: matrix.rows, zero: 0)
        pool = HistogramPool(slots: matrix.slots.count, bytes: BoostingGrower.poolBytes)
        let bins = matrix.slots.count * GradientHistogram.slotWidth
        ownHistograms = (0..<team.threads).map { AlignedBuffer(count: $0 == 0 ? 0 : bins, zero: 0) }
        touched = AlignedBuffer(count: team.threads, zero: 0)
        found = AlignedBuffer(count: 2 * matrix.slots.count, zero: BinSplit())
    }

    /// As many growers of one thread each, for trees that do not depend on each other; none where their histograms would take too much.
    static func sideBySide(
        _ count: Int, _ matrix: BinnedMatrix, settings: BoostingSettings, rows: Int
    ) -> [BoostingGrower] {
        let bytes = settings.leaves * matrix.slots.count * GradientHistogram.slotWidth * MemoryLayout<Int64>.stride
        guard count * bytes <= poolBytes else { return [] }
        return (0..<count).map { _ in
            BoostingGrower(matrix, settings: settings, rows: rows, team: ThreadTeam(threads: 1))
        }
    }

    /// Grows a tree on the first `count` rows of the partition.
    ///
    /// - Parameter slots: whether each slot may be split on.
    /// - Returns: nil when `mustStop` turned true.
    func grow(
        count: Int, search: SplitSearch, slots: [Bool], mustStop: () -> Bool
    ) -> GrownTree? {
        var grown = GrownTree(tree: DecisionTree(outputs: 1), leaves: [], splits: [BinSplit()])
        var root = Leaf(node: grown.tree.addLeaf([0], cover: Float(count)), count: count)
        root.histogram = pool.take()
        if let histogram = root.histogram, !matrix.slots.isEmpty {
            fill(root, into: histogram)
            addThreads(to: histogram)
            for bin in 0..<matrix.slotBins[0] { root.sum &+= histogram.start[bin] }
            if isSplittable(root) { evaluate(&root, nil, search, slots) }
        }
        grown.leaves = [root]
        defer { for leaf in grown.leaves { leaf.histogram.map(pool.give) } }
        while grown.leaves.count < settings.leaves {
            if mustStop() { return nil }
            var chosen = -1
            for index in grown.leaves.indices where grown.leaves[index].best.isFound {
                if chosen < 0 || grown.leaves[index].best.gain > grown.leaves[chosen].best.gain { chosen = index }
            }
            guard chosen >= 0 else { break }
            split(chosen, of: &grown, search, slots)
        }
        return grown
    }

    private func split(
        _ index: Int, of grown: inout GrownTree, _ search: SplitSearch,
        _ slots: [Bool]
    ) {
        var parent = grown.leaves[index]
        parent.best = widened(parent)
        let column = matrix.byColumn.start + parent.best.slot * matrix.rows
        let lefts = partition.split(
            begin: parent.begin, count: parent.count, column: column, left: parent.best.left, team: team)
        guard lefts > 0, lefts < parent.count else {
            grown.leaves[index].best = BinSplit()
            return
        }
        if !parent.best.hasMissing, !parent.best.isCategorical { parent.best.missingLeft = 2 * lefts > parent.count }
        let nodes = grown.tree.split(
            parent.node, parent.best, matrix: matrix, leftCover: Float(lefts),
            rightCover: Float(parent.count - lefts))
        grown.splits[Int(parent.node)] = parent.best
        grown.splits.append(contentsOf: [BinSplit(), BinSplit()])
        var left = Leaf(node: nodes.left, begin: parent.begin, count: lefts)
        var right = Leaf(node: nodes.right, begin: parent.begin + lefts, count: parent.count - lefts)
        left.sum = parent.best.leftSum
        right.sum = parent.sum &- parent.best.leftSum
        left.depth = parent.depth + 1
        right.depth = parent.depth + 1
        if matrix.isMonotone { (left.bounds, right.bounds) = bounds(of: parent, left.sum, right.sum, search) }
        let isLast = grown.leaves.count + 1 >= settings.leaves
        if isLast || !(isSplittable(left) || isSplittable(right)) {
            parent.histogram.map(pool.give)
        } else if left.count <= right.count {
            evaluateChildren(&left, &right, of: parent, search, slots)
        } else {
            evaluateChildren(&right, &left, of: parent, search, slots)
        }
        grown.leaves[index] = left
        grown.leaves.append(right)
    }

    /// A numeric split with its cut half way to the next bin that has rows; above all values when only missing rows go right.
    private func widened(_ leaf: Leaf) -> BinSplit {
        var split = leaf.best
        guard let histogram = leaf.histogram, !split.isCategorical else { return split }
        // Safety: the slot has slotWidth bins in the histogram.
        let sums = histogram.start + split.slot * GradientHistogram.slotWidth
        var next = split.bin + 1
        while next < matrix.slotBins[split.slot], sums[next] == 0 { next += 1 }
        split.bin = next < matrix.slotBins[split.slot] ? (split.bin + next - 1) / 2 : BinSplit.lastBin
        return split
    }

    /// Bounds of the sides of a leaf's split.
    private func bounds(
        of parent: Leaf, _ left: Int64, _ right: Int64, _ search: SplitSearch
    ) -> (left: LeafBounds, right: LeafBounds) {
        parent.bounds.split(
            left: search.leafValue(left, within: parent.bounds), right: search.leafValue(right, within: parent.bounds),
            direction: parent.best.direction(in: matrix))
    }

    private func isSplittable(_ leaf: Leaf) -> Bool {
        leaf.depth < DecisionTree.depthLimit(settings.maximumDepth) && leaf.count >= 2 * max(1, settings.minimumRows)
    }

    /// Sums up the smaller child, takes the larger as the difference from the parent, and searches both.
    private func evaluateChildren(
        _ small: inout Leaf, _ large: inout Leaf, of parent: Leaf, _ search: SplitSearch, _ slots: [Bool]
    ) {
        guard let whole = parent.histogram else { return }
        guard let part = pool.take() else {
            // Out of memory for histograms: only the larger child keeps one.
            fill(large, into: whole)
            addThreads(to: whole)
            large.histogram = whole
            if isSplittable(large) { evaluate(&large, nil, search, slots) }
            return
        }
        fill(small, into: part)
        small.histogram = part
        large.histogram = whole
        withUnsafeMutablePointer(to: &large) { evaluate(&small, $0, search, slots) }
    }

    /// Adds the rows of a leaf to a cleared histogram; shares of other threads stay in `ownHistograms`.
    private func fill(_ leaf: Leaf, into target: AlignedBuffer<Int64>) {
        target.start.update(repeating: 0, count: target.count)
        touched.start.update(repeating: 0, count: touched.count)
        // Safety: the leaf's rows are inside the partition; each thread has a histogram of its own.
        let order = partition.order.start + leaf.begin
        guard team.threads > 1, leaf.count >= BoostingGrower.rowsForThreads else {
            GradientHistogram.add(
                order: order, count: leaf.count, matrix: matrix, gradients: packed.start, into: target.start)
            return
        }
        let chunk = max(1_024, min(16_384, leaf.count / (4 * team.threads)))
        let (matrix, packed, touched, own) = (matrix, packed, touched, ownHistograms)
        team.forChunks(of: chunk, count: leaf.count) { thread, range in
            let histogram = thread == 0 ? target : own[thread]
            if thread > 0, touched.start[thread] == 0 {
                touched.start[thread] = 1
                histogram.start.update(repeating: 0, count: histogram.count)
            }
            GradientHistogram.add(
                order: order + range.lowerBound, count: range.count, matrix: matrix, gradients: packed.start,
                into: histogram.start)
        }
    }

    private func addThreads(to target: AlignedBuffer<Int64>) {
        for thread in 1..<max(2, team.threads) where thread < team.threads && touched.start[thread] != 0 {
            for bin in 0..<target.count { target.start[bin] &+= ownHistograms[thread].start[bin] }
            touched.start[thread] = 0
        }
    }

    /// Finishes the histograms of a leaf and of its larger sibling, whose histogram still is the parent's, and searches them.
    private func evaluate(
        _ small: inout Leaf, _ large: UnsafeMutablePointer<Leaf>?, _ search: SplitSearch, _ slots: [Bool]
    ) {
        guard let part = small.histogram else { return }
        let whole = large?.pointee.histogram
        let (smallLeaf, largeLeaf) = (small, large?.pointee)
        let searchesSmall = isSplittable(small)
        let searchesLarge = largeLeaf.map(isSplittable) ?? false
        let count = matrix.slots.count
        let (found, matrix) = (found, matrix)
        let evaluateSlot = { (slot: Int) in
            let bins = matrix.slotBins[slot]
            // Safety: every slot has slotWidth bins in each histogram and two places in found.
            let offset = slot * GradientHistogram.slotWidth
            let sums = part.start + offset
            self.addThreads(slot: slot, bins: bins, to: sums)
            found.start[slot] = BinSplit()
            found.start[count + slot] = BinSplit()
            if searchesSmall, slots[slot] {
                self.search(sums, slot, smallLeaf, search, into: found.start + slot)
            }
            guard let whole, let largeLeaf else { return }
            let rest = whole.start + offset
            for bin in 0..<bins { rest[bin] &-= sums[bin] }
            if searchesLarge, slots[slot] {
                self.search(rest, slot, largeLeaf, search, into: found.start + count + slot)
            }
        }
        if team.threads > 1, count >= 4 {
            team.forChunks(of: max(1, min(8, count / (2 * team.threads))), count: count) { _, range in
                for slot in range { evaluateSlot(slot) }
            }
        } else {
            for slot in 0..<count { evaluateSlot(slot) }
        }
        small.best = best(from: found.start, count: count, leaf: small, search)
        if let large { large.pointee.best = best(from: found.start + count, count: count, leaf: large.pointee, search) }
    }

    private func addThreads(slot: Int, bins: Int, to sums: UnsafeMutablePointer<Int64>) {
        for thread in 1..<max(2, team.threads) where thread < team.threads && touched.start[thread] != 0 {
            let own = ownHistograms[thread].start + slot * GradientHistogram.slotWidth
            for bin in 0..<bins { sums[bin] &+= own[bin] }
        }
    }

    private func search(
        _ sums: UnsafePointer<Int64>, _ slot: Int, _ leaf: Leaf, _ search: SplitSearch,
        into best: UnsafeMutablePointer<BinSplit>
    ) {
        let bins = matrix.slotBins[slot]
        if matrix.isMonotone, leaf.bounds.areSet || matrix.directions[slot] != nil {
            return searchBounded(sums, slot, leaf, search, into: best)
        }
        switch matrix.features[matrix.slots[slot]].kind {
        case .numeric:
            search.searchNumeric(sums, count: bins, slot: slot, total: leaf.sum, rows: leaf.count, best: &best.pointee)
        case .categorical:
            search.searchCategorical(
                sums, count: bins, slot: slot, total: leaf.sum, rows: leaf.count, best: &best.pointee)
        }
    }

    private func searchBounded(
        _ sums: UnsafePointer<Int64>, _ slot: Int, _ leaf: Leaf, _ search: SplitSearch,
        into best: UnsafeMutablePointer<BinSplit>
    ) {
        let bins = matrix.slotBins[slot]
        switch matrix.features[matrix.slots[slot]].kind {
        case .numeric:
            search.searchNumeric(
                sums, count: bins, slot: slot, total: leaf.sum, rows: leaf.count, within: leaf.bounds,
                direction: matrix.directions[slot], best: &best.pointee)
        case .categorical:
            search.searchCategorical(
                sums, count: bins, slot: slot, total: leaf.sum, rows: leaf.count, within: leaf.bounds,
                best: &best.pointee)
        }
    }

    /// The slot to split a leaf on, with its gain over the leaf as it is.
    private func best(
        from found: UnsafePointer<BinSplit>, count: Int, leaf: Leaf, _ search: SplitSearch
    ) -> BinSplit {
        // Gains of a leaf with bounds are over the leaf already.
        search.noise.best(
            of: UnsafeBufferPointer(start: found, count: count), own: leaf.bounds.areSet ? 0 : search.score(leaf.sum),
            node: leaf.node, least: 1e-9)
    }
}
