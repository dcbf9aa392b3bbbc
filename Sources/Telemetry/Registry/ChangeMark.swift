import Synchronization

/// Which families show something that has changed since their text was written.
///
/// There is one reader at a time, who keeps what it made of the values. A writer changes its value and then sets the mark; the reader takes the
/// marks and then reads the values. Both do so in the one order of sequential consistency: if the writer finds the mark set that the reader is
/// about to take, the reader finds the value.
final class ChangeMarks: Sendable {
    /// Families that have marks.
    static let most = 128

    /// By position: the first 64 and the others.
    struct Marked {
        fileprivate var words: (UInt64, UInt64)

        func contains(_ position: Int) -> Bool {
            (position < 64 ? words.0 : words.1) >> UInt64(position & 63) & 1 != 0
        }
    }

    private let first = Atomic<UInt64>(.max)
    private let second = Atomic<UInt64>(.max)

    func take() -> Marked {
        Marked(
            words: (
                first.exchange(0, ordering: .sequentiallyConsistent),
                second.exchange(0, ordering: .sequentiallyConsistent)
            ))
    }

    fileprivate func set(_ position: Int) {
        if position < 64 { Self.set(first, position) } else { Self.set(second, position - 64) }
    }

    private static func set(_ word: borrowing Atomic<UInt64>, _ place: Int) {
        let bit: UInt64 = 1 << UInt64(place)
        if word.load(ordering: .sequentiallyConsistent) & bit == 0 {
            word.bitwiseOr(bit, ordering: .sequentiallyConsistent)
        }
    }
}

/// The mark of one family.
struct ChangeMark: Sendable {
    private let marks: ChangeMarks
    private let position: Int

    /// - Parameter position: of the family, below `ChangeMarks.most`.
    init(_ marks: ChangeMarks = ChangeMarks(), position: Int = 0) {
        precondition(position < ChangeMarks.most)
        self.marks = marks
        self.position = position
    }

    /// Call it behind the change.
    ///
    /// Complexity: a load where nobody has read since the last one.
    func set() { marks.set(position) }
}
