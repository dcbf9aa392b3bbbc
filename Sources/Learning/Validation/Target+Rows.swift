extension Target {
    /// The target of some of the rows, in the order given.
    package func selecting(_ rows: [Int32]) -> Target {
        switch self {
        case .regression(let values): .regression(rows.map { values[Int($0)] })
        case .classes(let codes, let count): .classes(rows.map { codes[Int($0)] }, count: count)
        }
    }
}
