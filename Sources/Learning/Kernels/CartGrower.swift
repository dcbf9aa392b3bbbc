/// How trees of a forest are grown.
struct CartSettings: Sendable, Hashable {
    /// Most splits from the root to a leaf; 0 for `DecisionTree.mostDepth`.
    var maximumDepth = 0
    /// Least weight of a leaf.
    var minimumRows = 1
    /// Slots looked at in each node, 1 or more; more when none of them splits.
    var slotsPerNode = Int.max
    /// Draws one cut a slot at random, as extremely randomised trees do.
    var randomCuts = false
    /// Rows' worth of the overall shares that is added to each leaf's.
    var smoothing = 0.0
}

/// What trees are grown on: channels that are averaged in leaves.
///
/// A regression has one channel, the centred target; two classes have one, the second class; more have one each. The gain of a split is the
/// drop of the channels' variance, which for classes is that of the Gini index.
struct CartTarget: Sendable {
    let channels: Int
    let outputs: Int
    let isRegression: Bool
    /// Value of the single channel, by row of the matrix.
    let values: [Double]
    /// Class, by row of the matrix, -1 for none; only with several channels.
    let codes: [Int32]
    let center: Double
    /// Overall shares of the classes.
    let prior: [Double]

    init(_ target: Target, rows: [Int32], weights: [Float]?) {
        outputs = target.outputs
        let prior = target.prior(rows: rows, weights: weights)
        self.prior = prior
        switch target {
        case .regression(let found):
            let middle = prior[0].isFinite ? prior[0] : 0
            (channels, isRegression, center, codes) = (1, true, middle, [])
            values = found.map { $0.isFinite ? $0 - middle : 0 }
        case .classes(let found, let count):
            isRegression = false
            center = 0
            channels = count == 2 ? 1 : max(1, count)
            codes = found.map { $0 >= 0 && $0 < count ? $0 : -1 }
            values = count == 2 ? found.map { $0 == 1 ? 1 : 0 } : []
        }
    }

    /// Whether a row can be learnt from.
    func isUsable(_ row: Int) -> Bool { isRegression || codes[row] >= 0 }

    /// Prediction of a leaf from its weight and channel sums.
    func leafValues(_ weight: Double, _ sums: [Double], smoothing: Double) -> [Double] {
        if isRegression { return [center + (weight > 0 ? sums[0] / weight : 0)] }
        guard weight + smoothing > 0 else { return prior }
        if outputs == 2 {
            let share = min(1, max(0, (sums[0] + smoothing * prior[1]) / (weight + smoothing)))
            return [1 - share, share]
        }
        return (0..<outputs).map { (sums[$0] + smoothing * prior[$0]) / (weight + smoothing) }
    }
}

/// Grows one classification or regression tree, depth first, on bins.
///
/// Source: Breiman et al., "Classification and regression trees", 1984; Geurts et al., "Extremely randomized trees", 2006.
struct CartGrower {
    private struct Pending {
        var node: Int32
        var begin: Int
        var count: Int
        var depth: Int
    }

    private struct Cut {
        var gain: Double
        var split: BinSplit
    }

    let matrix: BinnedMatrix
    let target: CartTarget
    let categories: CategoryOrder
    let settings: CartSettings
    /// Weight of each row of the matrix in this tree.
    let weights: [Float]
    var random: RandomStream
    private var order: [Int32]
    private var scratch: [Int32] = []
    private var slots: [Int]
    /// `256 x (1 + channels)`: weight and channel sums of each bin; all 0 between uses.
    private var sums: [Double]

    init(
        _ matrix: BinnedMatrix, target: CartTarget, categories: CategoryOrder, settings: CartSettings, rows: [Int32],
        weights: [Float], random: RandomStream
    ) {
        self.matrix = matrix
        self.categories = categories
        self.target = target
        self.settings = settings
        self.weights = weights
        self.random = random
        order = rows.filter { weights[Int($0)] > 0 && target.isUsable(Int($0)) }
        slots = Array(matrix.slots.indices)
        sums = Array(repeating: 0, count: 256 * (1 + target.channels))
    }

    /// - Returns: nil when `mustStop` turned true.
    mutating func grow(mustStop: () -> Bool) -> DecisionTree? {
        var tree = DecisionTree(outputs: target.outputs)
        _ = tree.addLeaf(Array(repeating: 0, count: target.outputs), cover: 0)
        var pending = [Pending(node: 0, begin: 0, count: order.count, depth: 0)]
        var sinceCheck = 0
        while let next = pending.popLast() {
            sinceCheck += next.count + 64
            if sinceCheck > 50_000 {
                sinceCheck = 0
                if mustStop() { return nil }
            }
            let total = totals(next.begin..<next.begin + next.count)
            tree.nodes[Int(next.node)].cover = Float(total.weight)
            guard let cut = bestCut(next, total) else {
                setLeaf(next.node, total, &tree)
                continue
            }
            let lefts = partition(next.begin..<next.begin + next.count, cut.split)
            guard lefts > 0, lefts < next.count else {
                setLeaf(next.node, total, &tree)
                continue
            }
            var split = cut.split
            if !split.hasMissing, !split.isCategorical { split.missingLeft = 2 * lefts > next.count }
            let children = tree.split(next.node, split, matrix: matrix, leftCover: 0, rightCover: 0)
            pending.append(
                Pending(
                    node: children.right, begin: next.begin + lefts, count: next.count - lefts, depth: next.depth + 1))
            pending.append(Pending(node: children.left, begin: next.begin, count: lefts, depth: next.depth + 1))
        }
        return tree
    }

    private func setLeaf(_ node: Int32, _ total: (weight: Double, sums: [Double]), _ tree: inout DecisionTree) {
        let values = target.leafValues(total.weight, total.sums, smoothing: settings.smoothing)
        tree.setLeaf(node, values)
    }

    private func totals(_ range: Range<Int>) -> (weight: Double, sums: [Double]) {
        var weight = 0.0
        var sums = Array(repeating: 0.0, count: target.channels)
        for position in range {
            let row = Int(order[position])
            let rowWeight = Double(weights[row])
            weight += rowWeight
            if target.channels == 1, !target.values.isEmpty {
                sums[0] += rowWeight * target.values[row]
            } else {
                sums[Int(target.codes[row])] += rowWeight
            }
        }
        return (weight, sums)
    }

    /// The best cut of enough slots drawn at random; nil for a leaf.
    private mutating func bestCut(_ node: Pending, _ total: (weight: Double, sums: [Double])) -> Cut? {
        let least = Double(max(1, settings.minimumRows))
        guard total.weight >= 2 * least, node.count > 1, !isPure(node) else { return nil }
        if node.depth >= DecisionTree.depthLimit(settings.maximumDepth) { return nil }
        let parent = total.sums.reduce(0) { $0 + $1 * $1 } / total.weight
        var best: Cut?
        var looked = 0
        while looked < slots.count, looked < settings.slotsPerNode || best == nil {
            if settings.slotsPerNode < slots.count {
                slots.swapAt(looked, looked + random.index(below: slots.count - looked))
            }
            let slot = slots[looked]
            looked += 1
            let bins = addRows(node, slot)
            if bins.count > 1, let cut = cut(slot, bins, total, least: least) {
                let isBetter = best.map { cut.gain > $0.gain || (cut.gain == $0.gain && slot < $0.split.slot) } ?? true
                if isBetter, cut.gain > parent * (1 + 1e-12) + 1e-12 { best = cut }
            }
            clear(bins)
        }
        return best
    }

    private func isPure(_ node: Pending) -> Bool {
        let first = Int(order[node.begin])
        let range = node.begin..<node.begin + node.count
        if target.channels == 1, !target.values.isEmpty {
            return range.allSatisfy { target.values[Int(order[$0])] == target.values[first] }
        }
        return range.allSatisfy { target.codes[Int(order[$0])] == target.codes[first] }
    }

    /// Adds a node's rows to the bins of a slot; returns the bins that have rows, ascending.
    private mutating func addRows(_ node: Pending, _ slot: Int) -> [Int] {
        // Safety: the column has one byte a row of the matrix, and order holds such rows.
        let column = matrix.byColumn.start + slot * matrix.rows
        let width = 1 + target.channels
        let isSingle = target.channels == 1 && !target.values.isEmpty
        var seen = SIMD4<UInt64>.zero
        sums.withUnsafeMutableBufferPointer { sums in
            for position in node.begin..<node.begin + node.count {
                let row = Int(order[position])
                let bin = Int(column[row])
                seen[bin >> 6] |= 1 << UInt64(bin & 63)
                let weight = Double(weights[row])
                sums[bin * width] += weight
                if isSingle {
                    sums[bin * width + 1] += weight * target.values[row]
                } else {
                    sums[bin * width + 1 + Int(target.codes[row])] += weight
                }
            }
        }
        var bins: [Int] = []
        for word in 0..<4 {
            var rest = seen[word]
            while rest != 0 {
                bins.append(word * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return bins
    }

    private mutating func clear(_ bins: [Int]) {
        let width = 1 + target.channels
        for bin in bins { for place in bin * width..<(bin + 1) * width { sums[place] = 0 } }
    }

    private mutating func cut(
        _ slot: Int, _ bins: [Int], _ total: (weight: Double, sums: [Double]), least: Double
    ) -> Cut? {
        switch matrix.features[matrix.slots[slot]].kind {
        case .numeric(let bounds): numericCut(slot, bins, bounds, total, least: least)
        case .categorical: categoricalCut(slot, bins, total, least: least)
        }
    }

    private mutating func numericCut(
        _ slot: Int, _ bins: [Int], _ bounds: [Float], _ total: (weight: Double, sums: [Double]), least: Double
    ) -> Cut? {
        let hasMissing = bins[0] == 0
        let valued = hasMissing ? Array(bins.dropFirst()) : bins
        guard let last = valued.last else { return nil }
        let drawn = settings.randomCuts && valued.count > 1 ? randomBin(valued, bounds) : nil
        var best: Cut?
        for missingLeft in hasMissing ? [false, true] : [false] {
            var side = CartSide(channels: target.channels)
            if missingLeft { side.add(sums, bin: 0) }
            for (position, bin) in valued.enumerated() {
                side.add(sums, bin: bin)
                // The last cut parts missing from all others.
                if bin == last, !hasMissing || missingLeft { break }
                if let drawn, bin != drawn, bin != last { continue }
                guard let gain = side.gain(total, least: least), gain > best?.gain ?? 0 else { continue }
                var split = BinSplit(gain: gain, slot: slot, bin: bin)
                // Half way to the next bin with rows.
                if position + 1 < valued.count { split.bin = (bin + valued[position + 1] - 1) / 2 }
                if bin == last { split.bin = 255 }
                split.missingLeft = missingLeft
                split.hasMissing = hasMissing
                best = Cut(gain: gain, split: split)
            }
        }
        return best
    }

    /// The last bin with rows below a value drawn evenly between the lowest and the highest cut.
    private mutating func randomBin(_ bins: [Int], _ bounds: [Float]) -> Int {
        let low = bins[0] - 1
        let high = max(low, min(bounds.count - 1, bins[bins.count - 1] - 2))
        guard bounds.indices.contains(low), low < high else { return bins[0] }
        let value = Double(bounds[low]) + random.unit() * (Double(bounds[high]) - Double(bounds[low]))
        return bins.dropLast().last { $0 == bins[0] || Double(bounds[$0 - 1]) <= value } ?? bins[0]
    }

    private mutating func categoricalCut(
        _ slot: Int, _ bins: [Int], _ total: (weight: Double, sums: [Double]), least: Double
    ) -> Cut? {
        var present = BinSet()
        for bin in bins where bin > 0 { present.insert(bin) }
        let ordered = categories[slot]
        let drawn = settings.randomCuts ? random.index(below: max(1, bins.count { $0 > 0 } - 1)) : -1
        var side = CartSide(channels: target.channels)
        var best: (gain: Double, place: Int)?
        var position = -1
        for (place, bin) in ordered.enumerated() where present.contains(bin) {
            side.add(sums, bin: Int(bin))
            position += 1
            if drawn >= 0, position != drawn { continue }
            guard let gain = side.gain(total, least: least), gain > best?.gain ?? 0 else { continue }
            best = (gain, place)
        }
        guard let best else { return nil }
        var split = BinSplit(gain: best.gain, slot: slot, isCategorical: true)
        for bin in ordered[...best.place] { split.categories.insert(Int(bin)) }
        return Cut(gain: best.gain, split: split)
    }

    /// Puts rows that go left first, keeping the order; returns how many.
    private mutating func partition(_ range: Range<Int>, _ split: BinSplit) -> Int {
        // Safety: the column has one byte a row of the matrix, and order holds such rows.
        let column = matrix.byColumn.start + split.slot * matrix.rows
        let left = split.left
        var place = range.lowerBound
        scratch.removeAll(keepingCapacity: true)
        for position in range {
            let row = order[position]
            if left.contains(column[Int(row)]) {
                order[place] = row
                place += 1
            } else {
                scratch.append(row)
            }
        }
        order.replaceSubrange(place..<range.upperBound, with: scratch)
        return place - range.lowerBound
    }
}

/// Sums of the left side of a cut.
private struct CartSide {
    private var weight = 0.0
    private var sums: [Double]

    init(channels: Int) { sums = Array(repeating: 0, count: channels) }

    mutating func add(_ bins: [Double], bin: Int) {
        let first = bin * (1 + sums.count)
        weight += bins[first]
        for channel in sums.indices { sums[channel] += bins[first + 1 + channel] }
    }

    /// Squared sums over weights of both sides; nil when a side is too light.
    func gain(_ total: (weight: Double, sums: [Double]), least: Double) -> Double? {
        let rest = total.weight - weight
        guard weight >= least, rest >= least else { return nil }
        var (left, right) = (0.0, 0.0)
        for channel in sums.indices {
            left += sums[channel] * sums[channel]
            let other = total.sums[channel] - sums[channel]
            right += other * other
        }
        return left / weight + right / rest
    }
}
