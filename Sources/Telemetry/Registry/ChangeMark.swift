import Synchronization

/// Whether something that a family shows has changed since its text was written.
///
/// There is one reader at a time, who keeps what it made of the values. A writer changes its value and then sets the mark; the reader takes the
/// mark and then reads the values. Both do so in the one order of sequential consistency: if the writer finds the mark set that the reader is
/// about to take, the reader finds the value.
final class ChangeMark: Sendable {
    private let isSet = Atomic<Bool>(true)

    /// Complexity: a load where nobody has read since the last change.
    func set() {
        if !isSet.load(ordering: .sequentiallyConsistent) { isSet.store(true, ordering: .sequentiallyConsistent) }
    }

    func take() -> Bool {
        isSet.load(ordering: .sequentiallyConsistent) && isSet.exchange(false, ordering: .sequentiallyConsistent)
    }
}
