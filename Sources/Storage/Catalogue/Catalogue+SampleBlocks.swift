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

    /// The blocks that begin within the oldest span of several, oldest first; empty if each span has one block at most.
    ///
    /// - Parameters:
    ///   - spanMilliseconds: spans are multiples of it since 1970.
    ///   - end: blocks that end at or after it are left out.
    package func sampleBlocksToMerge(
        spanMilliseconds: Int64, endingBefore end: Int64
    ) throws(StorageError) -> [(number: Int64, bytes: [UInt8])] {
        try read("reading samples") { database in
            let span = try Int64.fetchOne(
                database,
                sql: """
                    SELECT from_ms / ?1 FROM sample_block WHERE to_ms < ?2
                    GROUP BY from_ms / ?1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1
                    """, arguments: [spanMilliseconds, end])
            guard let span else { return [] }
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT number, payload FROM sample_block
                    WHERE from_ms >= ?1 AND from_ms < ?1 + ?2 AND to_ms < ?3 ORDER BY from_ms, number
                    """, arguments: [span * spanMilliseconds, spanMilliseconds, end]
            ).map { ($0["number"], [UInt8]($0["payload"] as Data)) }
        }
    }

    /// Puts one block in the place of several, in one transaction.
    package func replaceSampleBlocks(
        _ numbers: [Int64], with bytes: [UInt8], from: Int64, to: Int64
    ) throws(StorageError) {
        try write("merging samples") { database in
            for number in numbers {
                try database.execute(sql: "DELETE FROM sample_block WHERE number = ?", arguments: [number])
            }
            try database.execute(
                sql: "INSERT INTO sample_block (from_ms, to_ms, payload) VALUES (?, ?, ?)",
                arguments: [from, to, Data(bytes)])
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
