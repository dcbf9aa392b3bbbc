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
            let answers = member.model.addNodes(to: &graph, columns: columns)
            return graph.times(
                combination == .mean ? answers : LinearStack.scores(answers, outputs, in: &graph), member.weight)
        }
        let sum = graph.add("Sum", parts)
        guard case .stack(let intercepts) = combination else { return sum }
        return LinearStack.predictions(graph.plus(sum, graph.everyRow(intercepts)), outputs, in: &graph)
    }
}

extension LinearStack {
    /// What is weighed of a model's answers, as `scores` has it.
    fileprivate static func scores(
        _ answers: ONNXGraph.Value, _ outputs: Int, in graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        switch outputs {
        case 1: answers
        case 2: graph.logOdds(answers, least: leastShare)
        default: graph.add("Log", [graph.add("Max", [answers, graph.number(leastShare)])])
        }
    }

    /// What sums of scores answer.
    fileprivate static func predictions(
        _ sums: ONNXGraph.Value, _ outputs: Int, in graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        switch outputs {
        case 1: sums
        case 2: graph.twoClasses(graph.add("Sigmoid", [sums]))
        default: graph.add("Softmax", [sums], [("axis", .integer(1))])
        }
    }
}
