extension TreeModel {
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        var ensemble = ONNXTrees(columns)
        var constant = Array(repeating: 0.0, count: outputs)
        var table: [Double] = []
        var grown = 0
        for tree in trees {
            if tree.nodes[0].isLeaf {
                tree.forEachValue(of: 0) { output, value in constant[output] += value }
            } else if outputs == 1 {
                ensemble.add(tree, target: 0) { tree.values[$0] }
            } else {
                ensemble.add(tree, target: grown) { leaf in
                    table.append(contentsOf: tree.answer(of: leaf))
                    return Double(table.count / outputs - 1)
                }
                grown += 1
            }
        }
        var sum = graph.everyRow(constant)
        if !ensemble.isEmpty {
            var values = ensemble.addNode(to: &graph, targets: max(1, grown))
            if outputs > 1 {
                let leaves = graph.doubles(table, [table.count / outputs, outputs])
                values = graph.sum(graph.gather(leaves, graph.cast(values, .integer)), axis: 1)
            }
            sum = graph.plus(sum, values)
        }
        return graph.times(sum, 1 / Double(trees.count))
    }
}

extension BoostingModel {
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        var ensemble = ONNXTrees(columns)
        var constant = base
        for (index, tree) in trees.enumerated() {
            let target = index % base.count
            if tree.nodes[0].isLeaf {
                constant[target] += tree.values[0]
            } else {
                ensemble.add(tree, target: target) { tree.values[$0] }
            }
        }
        var scores = graph.everyRow(constant)
        if !ensemble.isEmpty { scores = graph.plus(scores, ensemble.addNode(to: &graph, targets: base.count)) }
        switch link {
        case .identity: return graph.plus(graph.times(scores, scale), center)
        case .exponential: return graph.add("Exp", [scores])
        case .softmax: return graph.add("Softmax", [scores], [("axis", .integer(1))])
        case .logistic: return graph.twoClasses(graph.add("Sigmoid", [scores]))
        }
    }
}
