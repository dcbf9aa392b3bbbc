/// A graph that grows node by node; every node is written as it comes.
///
/// Values are tensors whose first dimension is the row, unless they are constants. Numbers are doubles wherever the operators allow it, so
/// that what is rounded to a float is what the learners round.
/// Source: onnx.proto, `GraphProto`, `NodeProto`, `ValueInfoProto`.
package struct ONNXGraph {
    /// A tensor by its name.
    package struct Value {
        let name: String
    }

    private var body = ProtobufWriter()
    private var inputs = ProtobufWriter()
    private var outputs = ProtobufWriter()
    private var taken: Set<String> = []
    private var count = 0
    /// The first input, whose length is the number of rows.
    private var first: Value?

    /// Bytes so far.
    var size: Int { body.bytes.count }

    /// Declares a column of one value a row. Inputs come before everything else, so that they keep their names.
    mutating func input(_ wanted: String, _ type: ONNXTensor.ElementType, about: String) -> Value {
        let name = free(wanted)
        inputs.write(11) { Self.declare(name, type, columns: 1, about: about, in: &$0) }
        first = first ?? Value(name: name)
        return Value(name: name)
    }

    /// Declares a result; its name gets underscores until it is no other's.
    ///
    /// - Parameter columns: nil for a vector of one value a row.
    mutating func output(
        _ wanted: String, _ value: Value, _ type: ONNXTensor.ElementType, columns: Int?, about: String
    ) {
        let name = free(wanted)
        node("Identity", [value], outputs: [name], [], domain: "")
        outputs.write(12) { Self.declare(name, type, columns: columns, about: about, in: &$0) }
    }

    mutating func constant(_ tensor: ONNXTensor) -> Value {
        let name = next()
        body.write(5) { tensor.write(to: &$0, name: name) }
        return Value(name: name)
    }

    /// Adds a node with one result.
    mutating func add(
        _ operation: String, _ inputs: [Value], _ attributes: [(String, ONNXAttribute)] = [], domain: String = ""
    ) -> Value {
        let name = next()
        node(operation, inputs, outputs: [name], attributes, domain: domain)
        return Value(name: name)
    }

    /// The least numbers of each row, ascending, equals in order; and where they stand.
    mutating func least(_ value: Value, count: Int) -> (numbers: Value, places: Value) {
        let names = [next(), next()]
        node(
            "TopK", [value, integers([Int64(count)])], outputs: names,
            [("axis", .integer(1)), ("largest", .integer(0))],
            domain: "")
        return (Value(name: names[0]), Value(name: names[1]))
    }

    /// The same numbers in every row; needs an input.
    mutating func everyRow(_ numbers: [Double]) -> Value {
        let rows = add("Shape", first.map { [$0] } ?? [], [("start", .integer(0)), ("end", .integer(1))])
        let shape = add("Concat", [rows, integers([Int64(numbers.count)])], [("axis", .integer(0))])
        return add("Expand", [doubles(numbers, [1, numbers.count]), shape])
    }

    /// The graph as a `GraphProto`.
    func write(to writer: inout ProtobufWriter, name: String) {
        writer.append(body)
        writer.write(2, name)
        writer.append(inputs)
        writer.append(outputs)
    }

    private mutating func node(
        _ operation: String, _ inputs: [Value], outputs: [String], _ attributes: [(String, ONNXAttribute)],
        domain: String
    ) {
        body.write(1) { writer in
            for input in inputs { writer.write(1, input.name) }
            for output in outputs { writer.write(2, output) }
            writer.write(4, operation)
            for (key, attribute) in attributes { writer.write(5) { attribute.write(to: &$0, name: key) } }
            if !domain.isEmpty { writer.write(7, domain) }
        }
    }

    private static func declare(
        _ name: String, _ type: ONNXTensor.ElementType, columns: Int?, about: String, in writer: inout ProtobufWriter
    ) {
        writer.write(1, name)
        writer.write(2) { kind in
            kind.write(1) { tensor in
                tensor.write(1, type.rawValue)
                tensor.write(2) { shape in
                    shape.write(1) { $0.write(2, "rows") }
                    if let columns { shape.write(1) { $0.write(1, Int64(columns)) } }
                }
            }
        }
        writer.write(3, about)
    }

    private mutating func free(_ wanted: String) -> String {
        var name = wanted.isEmpty ? "_" : wanted
        while !taken.insert(name).inserted { name += "_" }
        return name
    }

    private mutating func next() -> String {
        count += 1
        return free("n\(count)")
    }
}
