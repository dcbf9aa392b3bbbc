extension Calibration {
    /// Calibrated probabilities of `rows x classes`.
    func addNodes(to graph: inout ONNXGraph, probabilities: ONNXGraph.Value) -> ONNXGraph.Value {
        switch self {
        case .none: return probabilities
        case .platt(let slope, let intercept):
            let odds = graph.logOdds(probabilities, least: Self.leastShare)
            let score = graph.plus(graph.times(odds, slope), intercept)
            return graph.twoClasses(graph.add("Sigmoid", [score]))
        case .isotonic(let from, let to):
            let share = graph.second(probabilities)
            return graph.twoClasses(Self.interpolated(share, from, to, in: &graph))
        case .temperature(let temperature):
            let bounded = graph.add("Max", [probabilities, graph.number(1e-15)])
            let powers = graph.add("Pow", [bounded, graph.number(1 / temperature)])
            return graph.add("Div", [powers, graph.sum(powers, axis: 1, keep: true)])
        }
    }

    /// On the line between the two nearest points; level outside all of them.
    private static func interpolated(
        _ value: ONNXGraph.Value, _ from: [Double], _ to: [Double], in graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        guard let first = from.first, let last = from.last else { return value }
        guard from.count > 1 else { return graph.everyRow(to) }
        let least = graph.add("Max", [value, graph.number(first)])
        let bounded = graph.add("Min", [least, graph.number(last)])
        // The points at or below, without the first and the last, are as many as the stretch's number.
        let inner = Array(from.dropFirst().dropLast())
        var stretch = graph.cast(graph.everyRow([0]), .integer)
        if !inner.isEmpty {
            let reached = graph.add("GreaterOrEqual", [bounded, graph.doubles(inner, [1, inner.count])])
            stretch = graph.sum(graph.cast(reached, .integer), axis: 1, keep: true)
        }
        func ofStretch(_ numbers: [Double]) -> ONNXGraph.Value {
            graph.gather(graph.doubles(numbers, [numbers.count]), stretch)
        }
        let slopes = zip(zip(from, from.dropFirst()), zip(to, to.dropFirst())).map { ($1.1 - $1.0) / ($0.1 - $0.0) }
        let distance = graph.add("Sub", [bounded, ofStretch(Array(from.dropLast()))])
        return graph.plus(ofStretch(Array(to.dropLast())), graph.times(distance, ofStretch(slopes)))
    }
}

extension PredictionInterval {
    /// Lower and upper bounds, `rows x 2`, of predictions `rows x 1`.
    func addNodes(to graph: inout ONNXGraph, prediction: ONNXGraph.Value) -> ONNXGraph.Value {
        let stretches = min(low.count, high.count)
        guard stretches > 0 else { return graph.columns([prediction, prediction]) }
        let cuts = Array(cuts.prefix(stretches - 1))
        var stretch = graph.cast(graph.everyRow([0]), .integer)
        if !cuts.isEmpty {
            let passed = graph.add("Greater", [prediction, graph.doubles(cuts, [1, cuts.count])])
            stretch = graph.sum(graph.cast(passed, .integer), axis: 1, keep: true)
        }
        let bounds = (0..<stretches).flatMap { [min(0, low[$0]), max(0, high[$0])] }
        let steps = graph.gather(
            graph.doubles(bounds, [stretches, 2]), graph.add("Squeeze", [stretch, graph.integers([1])]))
        return graph.plus(steps, prediction)
    }
}
