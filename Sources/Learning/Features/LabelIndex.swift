/// Labels in their order, with the place of each.
///
/// It is made once a model, so that a single row costs a look-up and not a pass over all labels of the training rows.
struct LabelIndex: Sendable, Equatable {
    let texts: [String]
    private let places: [String: Int32]

    /// - Parameter labels: distinct; of equal ones the last place counts.
    init(_ labels: [String]) {
        texts = labels
        places = Dictionary(labels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { $1 })
    }

    var count: Int { texts.count }

    /// The place of a label; nil for one that is not among them.
    func place(of label: String) -> Int? { places[label].map(Int.init) }

    static func == (first: LabelIndex, second: LabelIndex) -> Bool { first.texts == second.texts }
}
