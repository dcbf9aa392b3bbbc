extension LinearModel {
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        let scores = isRegression || outputs == 2 ? 1 : outputs
        let width = encoding.columns + 1
        func line(_ column: Int) -> [Double] { (0..<scores).map { coefficients[$0 * width + column] } }
        let encoded = encoding.encode(columns, in: &graph)
        var sum = graph.everyRow(line(encoding.columns))
        if !encoded.dense.isEmpty {
            let factors = graph.doubles(encoded.dense.flatMap { line($0.column) }, [encoded.dense.count, scores])
            sum = graph.plus(sum, graph.add("MatMul", [graph.columns(encoded.dense.map(\.value)), factors]))
        }
        if !encoded.oneHot.isEmpty {
            let lines = Array(repeating: 0.0, count: scores) + (0..<encoding.columns).flatMap(line)
            let table = graph.doubles(lines, [width, scores])
            sum = graph.plus(sum, graph.sum(graph.gather(table, graph.columns(encoded.oneHot)), axis: 1))
        }
        if isRegression { return sum }
        if outputs == 2 { return graph.twoClasses(graph.add("Sigmoid", [sum])) }
        return graph.add("Softmax", [sum], [("axis", .integer(1))])
    }
}

extension BaselineModel {
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        graph.everyRow(values)
    }
}

extension EnsembleModel {
    package func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value {
        let parts = members.map { member in
            graph.times(member.model.addNodes(to: &graph, columns: columns), member.weight)
        }
        return graph.add("Sum", parts)
    }
}
