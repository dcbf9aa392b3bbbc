/// Encoded columns in a graph.
struct ONNXEncodedColumns {
    /// A column of doubles that are floats, and its number.
    var dense: [(column: Int, value: ONNXGraph.Value)] = []
    /// One more than the number of the column that is 1, 0 for none.
    var oneHot: [ONNXGraph.Value] = []
}

extension FeatureEncoding {
    /// Standardised numbers and the places of ones, in the order of `encode`.
    func encode(_ columns: [ONNXColumn], in graph: inout ONNXGraph) -> ONNXEncodedColumns {
        var encoded = ONNXEncodedColumns()
        for (index, feature) in features.enumerated() {
            let column = index < columns.count ? columns[index] : nil
            switch feature {
            case .numeric(let numeric):
                guard numeric.column >= 0 || numeric.indicator >= 0 else { continue }
                var value = graph.everyRow([.nan])
                if case .numeric(let found) = column { value = found }
                encode(numeric, value, into: &encoded, in: &graph)
            case .categorical(let categorical):
                guard categorical.hasColumns else { continue }
                var (codes, cardinality) = (graph.cast(graph.everyRow([0]), .integer), 0)
                if case .categorical(let found, let labels) = column { (codes, cardinality) = (found, labels) }
                let ofCode = (0...cardinality).map { Int64(categorical.column(Int32($0) - 1)) + 1 }
                encoded.oneHot.append(graph.gather(graph.integers(ofCode), codes))
            }
        }
        return encoded
    }

    private func encode(
        _ numeric: Numeric, _ value: ONNXGraph.Value, into encoded: inout ONNXEncodedColumns,
        in graph: inout ONNXGraph
    ) {
        let isMissing = graph.add("IsNaN", [value])
        if numeric.column >= 0 {
            let centred = graph.plus(value, -numeric.mean)
            let scaled = graph.rounded(graph.add("Div", [centred, graph.number(numeric.scale)]))
            let known = graph.choose(isMissing, graph.number(0), scaled)
            encoded.dense.append((Int(numeric.column), known))
        }
        if numeric.indicator >= 0 {
            let hot = graph.integer(Int64(numeric.indicator) + 1)
            encoded.oneHot.append(graph.choose(isMissing, hot, graph.integer(0)))
        }
    }
}
