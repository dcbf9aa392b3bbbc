import CIntrinsics

extension TreeTraversal {
    /// Adds the trees' values for a gathered block of rows. Every row's values are added tree by tree, whatever way a tree is evaluated,
    /// so that a row has the same bits alone and in a batch.
    func addBlock(
        _ block: UnsafePointer<Float>, rows: Int, to scores: UnsafeMutablePointer<Double>
    ) {
        if hasCategories {
            addBlock(block, rows, scores, batch: BranchedStep.self, single: BlendedStep.self)
        } else {
            addBlock(block, rows, scores, batch: NumericStep.self, single: NumericStep.self)
        }
    }

    @inline(__always)
    private func addBlock(
        _ block: UnsafePointer<Float>, _ count: Int, _ scores: UnsafeMutablePointer<Double>,
        batch: (some TreeStep).Type, single: (some TreeStep).Type
    ) {
        nodes.withUnsafeBufferPointer { nodes in
            words.withUnsafeBufferPointer { words in
                // Safety: neither is empty here.
                guard let nodes = nodes.baseAddress, let words = words.baseAddress else { return }
                guard count >= Self.walkers else {
                    for row in 0..<count {
                        if hasWideVectors {
                            addGathered(block + row, nodes, words, scores + row * outputs)
                        } else {
                            addRow(block + row, nodes, words, scores + row * outputs, step: single)
                        }
                    }
                    return
                }
                for root in roots {
                    if let tests = root.tests {
                        addTested(block, count, root, tests, scores)
                        continue
                    }
                    let starts = SIMD8(repeating: UInt32(root.node))
                    for row in Swift.stride(from: 0, to: count, by: Self.walkers) {
                        // Safety: the block is gathered in whole lanes, so that rows behind the last one can be walked.
                        let leaves = walk(starts, block + row, apart: 1, nodes, words, step: batch)
                        for place in 0..<min(Self.walkers, count - row) {
                            addLeaf(Int(nodes[Int(leaves[place])].payload), root, scores + (row + place) * outputs)
                        }
                    }
                }
            }
        }
    }

    /// Adds all trees for one row with the gathers of wide vectors, sixteen trees together; their leaves are added in their order.
    private func addGathered(
        _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<Node>, _ words: UnsafePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Double>
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: rootNodes.count) { leaves in
            rootNodes.withUnsafeBufferPointer { starts in
                // Safety: a node is four words of 32 bits, in the order that the walk reads; there is a root.
                guard let leaves = leaves.baseAddress, let starts = starts.baseAddress else { return }
                csvand_walk16(
                    UnsafeRawPointer(nodes).assumingMemoryBound(to: UInt32.self), words, row, starts, rootNodes.count,
                    leaves, hasCategories ? 1 : 0)
                for (place, root) in roots.enumerated() {
                    addLeaf(Int(nodes[Int(leaves[place])].payload), root, scores)
                }
            }
        }
    }

    /// Adds all trees for one row: eight trees are walked together, and their leaves added in their order.
    @inline(__always)
    private func addRow(
        _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<Node>, _ words: UnsafePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Double>,
        step: (some TreeStep).Type
    ) {
        for first in Swift.stride(from: 0, to: roots.count, by: Self.walkers) {
            let count = min(Self.walkers, roots.count - first)
            var starts = SIMD8(repeating: UInt32(roots[first].node))
            for place in 1..<max(1, count) { starts[place] = UInt32(roots[first + place].node) }
            let leaves = walk(starts, row, apart: 0, nodes, words, step: step)
            for place in 0..<count {
                addLeaf(Int(nodes[Int(leaves[place])].payload), roots[first + place], scores)
            }
        }
    }

    /// Adds a tree that is evaluated by its tests.
    private func addTested(
        _ block: UnsafePointer<Float>, _ count: Int, _ root: Root, _ found: LeafTests,
        _ scores: UnsafeMutablePointer<Double>
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.lanes) { states in
            tests.withUnsafeBufferPointer { tests in
                values.withUnsafeBufferPointer { values in
                    // Safety: the block is gathered in whole lanes; a state keeps a bit, so that the leaf is one of the tree. Without
                    // tests none is read.
                    guard let states = states.baseAddress else { return }
                    let tests = tests.baseAddress.map { $0 + found.first }
                    for begin in Swift.stride(from: 0, to: count, by: Self.lanes) {
                        csvand_leaves32(
                            block + begin, tests, found.missingLeft, found.count, states, hasWideVectors ? 1 : 0)
                        let size = min(Self.lanes, count - begin)
                        let scores = scores + begin * outputs
                        if shares.isEmpty, let values = values.baseAddress {
                            let values = values + found.firstLeaf
                            for row in 0..<size {
                                scores[row * outputs + root.output] += values[states[row].trailingZeroBitCount]
                            }
                        } else {
                            for row in 0..<size {
                                let leaf = found.firstLeaf + states[row].trailingZeroBitCount
                                addLeaf(Int(firstShares[leaf]), root, scores + row * outputs)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Walks from eight nodes to their leaves, so that the loads of one step hide behind those of the others. A leaf leads to itself.
    ///
    /// - Parameters:
    ///   - row: the first value of the row of the first node.
    ///   - apart: 1 for eight rows that follow each other, 0 for one row.
    @inline(__always)
    private func walk(
        _ starts: SIMD8<UInt32>, _ row: UnsafePointer<Float>, apart: Int, _ nodes: UnsafePointer<Node>,
        _ words: UnsafePointer<UInt32>,
        step: (some TreeStep).Type
    ) -> SIMD8<UInt32> {
        var (p0, p1, p2, p3) = (starts[0], starts[1], starts[2], starts[3])
        var (p4, p5, p6, p7) = (starts[4], starts[5], starts[6], starts[7])
        let (r1, r2, r3) = (row + apart, row + 2 * apart, row + 3 * apart)
        let (r4, r5, r6, r7) = (row + 4 * apart, row + 5 * apart, row + 6 * apart, row + 7 * apart)
        while true {
            let n0 = step.next(p0, row, nodes, words)
            let n1 = step.next(p1, r1, nodes, words)
            let n2 = step.next(p2, r2, nodes, words)
            let n3 = step.next(p3, r3, nodes, words)
            let n4 = step.next(p4, r4, nodes, words)
            let n5 = step.next(p5, r5, nodes, words)
            let n6 = step.next(p6, r6, nodes, words)
            let n7 = step.next(p7, r7, nodes, words)
            let moved = (n0 ^ p0) | (n1 ^ p1) | (n2 ^ p2) | (n3 ^ p3)
            let alsoMoved = (n4 ^ p4) | (n5 ^ p5) | (n6 ^ p6) | (n7 ^ p7)
            (p0, p1, p2, p3, p4, p5, p6, p7) = (n0, n1, n2, n3, n4, n5, n6, n7)
            if moved | alsoMoved == 0 { break }
        }
        return SIMD8(p0, p1, p2, p3, p4, p5, p6, p7)
    }

    /// Adds a leaf by its first value or share.
    @inline(__always)
    private func addLeaf(_ first: Int, _ root: Root, _ scores: UnsafeMutablePointer<Double>) {
        if shares.isEmpty {
            scores[root.output] += values[first]
            return
        }
        var place = first
        while true {
            let share = shares[place]
            scores[Int(share.output)] += share.value
            if share.isLast { return }
            place += 1
        }
    }
}
