/// The operators that the models are made of.
extension ONNXGraph {
    mutating func number(_ value: Double) -> Value { doubles([value], []) }

    mutating func doubles(_ values: [Double], _ shape: [Int]) -> Value {
        constant(ONNXTensor(elements: .doubles(values), shape: shape))
    }

    mutating func integers(_ values: [Int64]) -> Value {
        constant(ONNXTensor(elements: .integers(values), shape: [values.count]))
    }

    mutating func integer(_ value: Int64) -> Value {
        constant(ONNXTensor(elements: .integers([value]), shape: []))
    }

    mutating func plus(_ value: Value, _ other: Value) -> Value { add("Add", [value, other]) }

    mutating func plus(_ value: Value, _ number: Double) -> Value { add("Add", [value, self.number(number)]) }

    mutating func times(_ value: Value, _ other: Value) -> Value { add("Mul", [value, other]) }

    mutating func times(_ value: Value, _ number: Double) -> Value { add("Mul", [value, self.number(number)]) }

    /// The quotient rounded down to a whole number.
    mutating func quotient(_ value: Value, _ divisor: Double) -> Value {
        add("Floor", [add("Div", [value, number(divisor)])])
    }

    mutating func cast(_ value: Value, _ type: ONNXTensor.ElementType) -> Value {
        add("Cast", [value], [("to", .integer(Int(type.rawValue)))])
    }

    /// The nearest float of each double, as a double.
    mutating func rounded(_ value: Value) -> Value { cast(cast(value, .float), .double) }

    mutating func choose(_ condition: Value, _ value: Value, _ other: Value) -> Value {
        add("Where", [condition, value, other])
    }

    /// Values side by side in one tensor of as many columns.
    mutating func columns(_ values: [Value]) -> Value { add("Concat", values, [("axis", .integer(1))]) }

    /// Rows of a table by their numbers.
    mutating func gather(_ table: Value, _ places: Value) -> Value { add("Gather", [table, places]) }

    /// The sum over an axis, which goes unless it is kept.
    mutating func sum(_ value: Value, axis: Int64, keep: Bool = false) -> Value {
        add("ReduceSum", [value, integers([axis])], [("keepdims", .integer(keep ? 1 : 0))])
    }

    /// Probabilities of two classes from that of the second.
    mutating func twoClasses(_ share: Value) -> Value { columns([add("Sub", [number(1), share]), share]) }

    /// The second column.
    mutating func second(_ value: Value) -> Value { add("Gather", [value, integers([1])], [("axis", .integer(1))]) }

    /// Log-odds of the second of two classes; probabilities nearer to 0 or 1 count as `least`.
    mutating func logOdds(_ probabilities: Value, least: Double) -> Value {
        let raised = add("Max", [second(probabilities), number(least)])
        let bounded = add("Min", [raised, number(1 - least)])
        return add("Log", [add("Div", [bounded, add("Sub", [number(1), bounded])])])
    }
}
