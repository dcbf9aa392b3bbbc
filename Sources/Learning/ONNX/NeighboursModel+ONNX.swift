extension NeighboursModel {
    /// Distances are added column by column in floats, as `predict` does, so that equally distant rows stay so.
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        let kept = weights.indices.filter { weights[$0] > 0 }
        guard !kept.isEmpty else { return graph.everyRow(prior) }
        let count = min(neighbours, kept.count)
        let (distances, places) = graph.least(distances(to: kept, columns, in: &graph), count: count)
        var votes = graph.gather(graph.doubles(kept.map { Double(weights[$0]) }, [kept.count]), places)
        if byDistance {
            let root = graph.add("Sqrt", [graph.cast(distances, .double)])
            votes = graph.add("Div", [votes, graph.plus(root, 1e-3)])
        }
        let total = graph.sum(votes, axis: 1, keep: true)
        let isUsable = graph.add("Greater", [total, graph.number(0)])
        let prior = graph.doubles(self.prior, [1, self.prior.count])
        if isRegression {
            let values = graph.gather(graph.doubles(kept.map { self.values[$0] }, [kept.count]), places)
            let sum = graph.sum(graph.times(votes, values), axis: 1, keep: true)
            return graph.choose(isUsable, graph.add("Div", [sum, total]), prior)
        }
        var table = Array(repeating: 0.0, count: kept.count * outputs)
        for (place, row) in kept.enumerated() { table[place * outputs + Int(values[row])] = 1 }
        let classes = graph.gather(graph.doubles(table, [kept.count, outputs]), places)
        let weighted = graph.times(classes, graph.add("Unsqueeze", [votes, graph.integers([2])]))
        let shares = graph.add("Div", [graph.sum(weighted, axis: 1), total])
        let drawn = graph.add(
            "Div", [graph.plus(graph.times(shares, Double(count)), prior), graph.number(Double(count + 1))])
        return graph.choose(isUsable, drawn, prior)
    }

    /// Squared distances, `rows x kept rows`.
    private func distances(
        to kept: [Int], _ columns: [ONNXColumn], in graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        let encoded = encoding.encode(columns, in: &graph)
        var sum = graph.cast(graph.everyRow(Array(repeating: 0, count: kept.count)), .float)
        for (own, column) in zip(encoded.dense, dense) {
            let values = graph.constant(ONNXTensor(elements: .floats(kept.map { column[$0] }), shape: [1, kept.count]))
            let difference = graph.add("Sub", [values, graph.cast(own.value, .float)])
            sum = graph.plus(sum, graph.times(difference, difference))
        }
        for (own, group) in zip(encoded.oneHot, oneHot) {
            let ofKept = ONNXTensor(elements: .integers(kept.map { Int64(group[$0]) + 1 }), shape: [1, kept.count])
            let differs = graph.add("Not", [graph.add("Equal", [graph.constant(ofKept), own])])
            sum = graph.plus(sum, graph.cast(differs, .float))
        }
        return sum
    }
}
