import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Appends the newest samples of any number of series: one row, whatever their number.
    package func appendSamples(_ spans: [SampleSpan]) throws(StorageError) {
        let times = spans.flatMap { [$0.times.first, $0.times.last] }.compactMap(\.self)
        guard let from = times.min(), let to = times.max() else { return }
        try write("storing samples") { database in
            let blocks = try spans.map { (try Self.seriesID($0.series, in: database), $0.times, $0.values) }
            try database.execute(
                sql: "INSERT INTO sample_recent (from_ms, to_ms, payload) VALUES (?, ?, ?)",
                arguments: [from, to, Data(SampleCodec.encode(blocks))])
        }
    }

    /// Samples in `from ... to` (milliseconds since 1970) of the series with this name (all without one), raw ones only, by series.
    package func samples(
        named name: String? = nil, from: Int64, to: Int64
    ) throws(StorageError) -> [SampleSpan] {
        try read("reading samples") { database in
            var keys: [Int64: SeriesKey] = [:]
            for row in try Row.fetchAll(
                database, sql: "SELECT * FROM series WHERE ? IS NULL OR name = ?", arguments: [name, name])
            {
                keys[row["id"]] = SeriesKey(name: row["name"], labels: try row.json("labels"))
            }
            var found: [Int64: (times: [Int64], values: [Double])] = [:]
            func take(_ payload: Data) throws {
                for span in try SampleCodec.decode([UInt8](payload)) where keys[span.series] != nil {
                    for (time, value) in zip(span.times, span.values) where time >= from && time <= to {
                        // A block that was merged twice after a crash repeats times.
                        if let last = found[span.series]?.times.last, last >= time { continue }
                        found[span.series, default: ([], [])].times.append(time)
                        found[span.series, default: ([], [])].values.append(value)
                    }
                }
            }
            for series in keys.keys {
                let blocks = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT payload FROM sample_block
                        WHERE series = ? AND resolution_ms = 0 AND from_ms <= ? AND to_ms >= ? ORDER BY from_ms
                        """, arguments: [series, to, from])
                while let row = try blocks.next() { try take(row["payload"]) }
            }
            let recent = try Row.fetchCursor(
                database, sql: "SELECT payload FROM sample_recent WHERE from_ms <= ? AND to_ms >= ? ORDER BY number",
                arguments: [to, from])
            while let row = try recent.next() { try take(row["payload"]) }
            return found.compactMap { series, span in
                keys[series].map { SampleSpan(series: $0, times: span.times, values: span.values) }
            }
        }
    }

    /// Regroups recent samples that end before `before` into one block a series, so that a long range of one series is read alone.
    package func mergeSamples(before: Int64) throws(StorageError) {
        try write("merging samples") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT number, payload FROM sample_recent WHERE to_ms < ? ORDER BY number LIMIT 4096",
                arguments: [before])
            var spans: [Int64: (times: [Int64], values: [Double])] = [:]
            for row in rows {
                for span in try SampleCodec.decode([UInt8](row["payload"] as Data)) {
                    spans[span.series, default: ([], [])].times += span.times
                    spans[span.series, default: ([], [])].values += span.values
                }
            }
            for (series, span) in spans {
                guard let from = span.times.first, let to = span.times.last else { continue }
                let payload = SampleCodec.encode([(series, span.times, span.values)])
                try database.execute(
                    sql: "INSERT OR REPLACE INTO sample_block VALUES (?, 0, ?, ?, ?)",
                    arguments: [series, from, to, Data(payload)])
            }
            if let last: Int = rows.last?["number"] {
                try database.execute(
                    sql: "DELETE FROM sample_recent WHERE to_ms < ? AND number <= ?", arguments: [before, last])
            }
        }
    }

    /// Deletes samples that end before `before`, and series without any.
    package func dropSamples(before: Int64) throws(StorageError) {
        try write("dropping old samples") { database in
            try database.execute(sql: "DELETE FROM sample_block WHERE to_ms < ?", arguments: [before])
            try database.execute(sql: "DELETE FROM sample_recent WHERE to_ms < ?", arguments: [before])
        }
    }

    private static func seriesID(_ key: SeriesKey, in database: Database) throws -> Int64 {
        let labels = try StoredValue.json(key.labels)
        let known = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM series WHERE name = ? AND labels = ?"),
            arguments: [key.name, labels])
        if let known { return known }
        try database.execute(sql: "INSERT INTO series (name, labels) VALUES (?, ?)", arguments: [key.name, labels])
        return database.lastInsertedRowID
    }
}
