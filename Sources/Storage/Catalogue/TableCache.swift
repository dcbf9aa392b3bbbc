import Synchronization

/// Tables as they were looked up since the last write.
///
/// Every write of the catalogue goes through this process, which holds the directory's lock: what was read after a write stays true until the
/// next one begins to be visible, which is before `write` returns.
final class TableCache: Sendable {
    private struct State {
        /// Writes so far.
        var generation = 0
        var tables: [Key: StoredTable] = [:]
    }

    private struct Key: Hashable, Sendable {
        var reference: String
        var version: Int?
    }

    private let state = Mutex(State())
    private static let limit = 64

    /// Forgets everything; called after every write.
    func invalidate() {
        state.withLock { state in
            state.generation += 1
            state.tables.removeAll()
        }
    }

    /// The table of a reference, looked up by `read` if it is not known.
    func table(
        _ reference: String, version: Int?, read: () throws(StorageError) -> StoredTable
    ) throws(StorageError) -> StoredTable {
        let key = Key(reference: reference, version: version)
        let (known, generation) = state.withLock { ($0.tables[key], $0.generation) }
        if let known { return known }
        let table = try read()
        state.withLock { state in
            // What a write has overtaken is not kept.
            guard state.generation == generation else { return }
            if state.tables.count >= Self.limit { state.tables.removeAll() }
            state.tables[key] = table
        }
        return table
    }
}
