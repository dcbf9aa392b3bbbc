import Foundation
import GRDB

extension Catalogue {
    /// Keeps a block of samples (bytes of the sampler's own format) and drops the blocks that end before `oldest`.
    ///
    /// - Parameters:
    ///   - from, to: times of the first and last sample, milliseconds since 1970.
    package func putSampleBlock(
        _ bytes: [UInt8], from: Int64, to: Int64, droppingBefore oldest: Int64
    ) throws(StorageError) {
        try write("storing samples") { database in
            try database.execute(
                sql: "INSERT INTO sample_block (from_ms, to_ms, payload) VALUES (?, ?, ?)",
                arguments: [from, to, Data(bytes)])
            try database.execute(sql: "DELETE FROM sample_block WHERE to_ms < ?", arguments: [oldest])
        }
    }

    /// Blocks with samples since a time and begun before another (milliseconds since 1970), oldest first.
    package func sampleBlocks(since: Int64, before: Int64 = .max) throws(StorageError) -> [[UInt8]] {
        try read("reading samples") { database in
            try Data.fetchAll(
                database,
                sql: "SELECT payload FROM sample_block WHERE to_ms >= ? AND from_ms < ? ORDER BY from_ms, number",
                arguments: [since, before]
            ).map { [UInt8]($0) }
        }
    }
}
