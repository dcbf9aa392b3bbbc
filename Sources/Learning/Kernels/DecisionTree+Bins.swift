extension DecisionTree {
    /// The leaf of a row of the matrix that the tree was grown on, by its bins.
    func leaf(of row: Int, binned matrix: BinnedMatrix) -> Int {
        var index = 0
        while !nodes[index].isLeaf {
            let node = nodes[index]
            guard let slot = matrix.slots.firstIndex(of: Int(node.feature)) else { return index }
            // Safety: slot and row are inside the matrix.
            let bin = Int(matrix.byColumn.start[slot * matrix.rows + row])
            index = Int(goesLeft(node, bin: bin, matrix.features[Int(node.feature)]) ? node.left : node.right)
        }
        return index
    }

    private func goesLeft(_ node: Node, bin: Int, _ bins: FeatureBins) -> Bool {
        switch bins.kind {
        case .numeric(let bounds):
            if bin == 0 { return node.missingLeft }
            return bin <= bounds.count ? bounds[bin - 1] <= node.threshold : node.threshold == .infinity
        case .categorical(_, let codeOfBin):
            return bin > 0 && bin <= codeOfBin.count && contains(codeOfBin[bin - 1], node)
        }
    }
}
