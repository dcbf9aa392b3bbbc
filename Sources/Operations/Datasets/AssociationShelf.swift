import Shared

/// The pairs that were computed last, by version and columns: neither changes, and a page asks for the same ones again.
///
/// One study at a time is computed, on all threads; who asks for it meanwhile waits and finds it.
final class AssociationShelf: Sendable {
    struct Key: Hashable, Sendable {
        let dataset: String
        let version: Int
        /// Places of the columns.
        let columns: [Int]
    }

    /// At most 4,950 pairs each, about 1 MB.
    private static let most = 8

    /// The oldest first.
    private let kept = Locked<[(key: Key, pairs: [AssociationReply.Pair])]>([])
    private let studying = Locked(())

    /// - Throws: what `study` throws; nothing is kept then.
    func pairs(_ key: Key, _ study: () throws -> [AssociationReply.Pair]) throws -> [AssociationReply.Pair] {
        if let known = known(key) { return known }
        return try studying.withLock { _ in
            if let known = known(key) { return known }
            let pairs = try study()
            kept.withLock { kept in
                if kept.count == Self.most { kept.removeFirst() }
                kept.append((key, pairs))
            }
            return pairs
        }
    }

    private func known(_ key: Key) -> [AssociationReply.Pair]? {
        kept.withLock { $0.first { $0.key == key }?.pairs }
    }
}
