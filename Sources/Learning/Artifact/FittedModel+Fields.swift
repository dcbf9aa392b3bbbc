import Shared

/// What the model's JSON says of a column of the matrix.
package struct MatrixColumn: Sendable {
    package var name: String
    /// Labels in the order of their codes; empty for a number.
    package var labels: [String]
}

extension FittedPipeline {
    /// The matrix's columns in their order.
    var matrixColumns: [MatrixColumn] {
        zip(features, encoders).flatMap { feature, encoder in
            encoder.columnNames(of: feature.name).enumerated().map { index, name in
                switch encoder {
                case .category(let labels) where index == 0: MatrixColumn(name: name, labels: labels.texts)
                case .manyCategories(let labels, _) where index == 0: MatrixColumn(name: name, labels: labels.texts)
                default: MatrixColumn(name: name, labels: [])
                }
            }
        }
    }
}

extension [MatrixColumn] {
    fileprivate func name(_ index: Int) -> JSONValue { indices.contains(index) ? .string(self[index].name) : .null }

    fileprivate func label(_ index: Int, code: Int) -> JSONValue {
        guard indices.contains(index), self[index].labels.indices.contains(code) else { return .null }
        return .string(self[index].labels[code])
    }
}

extension JSONValue {
    static func numbers(_ values: some Sequence<Double>) -> JSONValue {
        .array(values.map(JSONValue.number))
    }
}

extension BaselineModel {
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] { ["values": .numbers(values)] }
}

extension EnsembleModel {
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] {
        let list = members.map { member in
            JSONValue.object([
                "learner": .string(member.learner.rawValue), "weight": .number(member.weight),
                "model": .object(member.model.fields(columns)),
            ])
        }
        guard case .stack(let intercepts) = combination else { return ["members": .array(list)] }
        return ["members": .array(list), "intercepts": .numbers(intercepts)]
    }
}

extension LinearModel {
    /// One entry a column of the encoding: what it is 1 for, or how a number is standardised, and a coefficient a score.
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] {
        let width = encoding.columns + 1
        func coefficients(_ column: Int) -> JSONValue {
            .numbers(stride(from: column, to: self.coefficients.count, by: width).map { self.coefficients[$0] })
        }
        var terms: [JSONValue] = []
        func add(_ feature: Int, _ column: Int32, _ entries: [String: JSONValue]) {
            guard column >= 0 else { return }
            let own: [String: JSONValue] = ["column": columns.name(feature), "coefficients": coefficients(Int(column))]
            terms.append(.object(own.merging(entries) { $1 }))
        }
        for (index, feature) in encoding.features.enumerated() {
            switch feature {
            case .numeric(let numeric):
                add(index, numeric.column, ["mean": .number(numeric.mean), "scale": .number(numeric.scale)])
                add(index, numeric.indicator, ["missing": .bool(true)])
            case .categorical(let categorical):
                for (code, column) in categorical.columns.enumerated() {
                    add(index, column, ["label": columns.label(index, code: code)])
                }
                add(index, categorical.missing, ["missing": .bool(true)])
            }
        }
        return ["terms": .array(terms), "intercepts": coefficients(encoding.columns)]
    }
}

extension TreeModel {
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] {
        DecisionTree.fields(trees, columns).merging(["outputs": .integer(Int64(outputs))]) { $1 }
    }
}

extension BoostingModel {
    /// A score is its base and what its trees add, which take turns; a regression without `poisson` is centre + scale x score.
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] {
        var fields = DecisionTree.fields(trees, columns)
        fields["base"] = .numbers(base)
        fields["link"] = .string("\(link)")
        if link == .identity { fields.merge(["center": .number(center), "scale": .number(scale)]) { $1 } }
        return fields
    }
}

extension NeighboursModel {
    package func fields(_ columns: [MatrixColumn]) -> [String: JSONValue] {
        [
            "neighbours": .integer(Int64(neighbours)), "by_distance": .bool(byDistance),
            "kept_rows": .integer(Int64(values.count)), "prior": .numbers(prior),
        ]
    }
}

extension DecisionTree {
    /// Nodes that are written out; of larger models only their number is.
    private static let mostNodes = 20_000

    fileprivate static func fields(_ trees: [DecisionTree], _ columns: [MatrixColumn]) -> [String: JSONValue] {
        let nodes = trees.reduce(0) { $0 + $1.nodes.count }
        var fields: [String: JSONValue] = [
            "tree_count": .integer(Int64(trees.count)), "node_count": .integer(Int64(nodes)),
        ]
        if nodes <= mostNodes { fields["trees"] = .array(trees.map { $0.json(columns) }) }
        return fields
    }

    /// The nodes in their order, each a leaf's value or a split and the places of its children.
    private func json(_ columns: [MatrixColumn]) -> JSONValue {
        .array(
            nodes.enumerated().map { index, node in
                var fields: [String: JSONValue] = ["rows": .number(Double(node.cover))]
                guard !node.isLeaf else {
                    fields["value"] = .numbers(answer(of: index))
                    return .object(fields)
                }
                let feature = Int(node.feature)
                fields["column"] = columns.name(feature)
                fields["left"] = .integer(Int64(node.left))
                fields["right"] = .integer(Int64(node.right))
                if node.isCategorical {
                    let codes = columns.indices.contains(feature) ? columns[feature].labels.indices : 0..<0
                    let left = codes.filter { contains(Int32($0), node) }
                    fields["labels_left"] = .array(left.map { columns.label(feature, code: $0) })
                } else {
                    fields["at_most_left"] = .number(Double(node.threshold))
                    fields["missing_left"] = .bool(node.missingLeft)
                }
                return .object(fields)
            })
    }
}
