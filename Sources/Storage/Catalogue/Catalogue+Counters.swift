import Foundation
import GRDB
import Shared

/// The stored value of a counter.
package struct CounterRecord: Sendable, Hashable {
    package var name: String
    package var labels: [String: String]
    package var value: Double

    package init(name: String, labels: [String: String], value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }
}

extension Catalogue {
    /// Stores the values of counters in one transaction. A stored value never goes back.
    package func putCounters(_ counters: [CounterRecord]) throws(StorageError) {
        try write("storing counters") { database in
            let statement = try database.makeStatement(
                sql: """
                    INSERT INTO counter VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET value = max(value, excluded.value)
                    """)
            for counter in counters {
                try statement.execute(arguments: [counter.name, try StoredValue.json(counter.labels), counter.value])
            }
        }
    }

    /// All stored counters by name and labels.
    package func counters() throws(StorageError) -> [CounterRecord] {
        try read("reading counters") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM counter ORDER BY name, labels").map {
                CounterRecord(name: $0["name"], labels: try $0.json("labels"), value: $0["value"])
            }
        }
    }

    /// Small state by key; nil removes it.
    package func setSetting(_ key: String, to value: String?) throws(StorageError) {
        try write("storing \(key)") { database in
            if let value {
                try database.execute(sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [key, value])
            } else {
                try database.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key])
            }
        }
    }

    /// Small state by key.
    package func setting(_ key: String) throws(StorageError) -> String? {
        try read("reading \(key)") {
            try String.fetchOne($0, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key])
        }
    }
}
