import GRDB
import Shared

extension Catalogue {
    /// The rules on a dataset's data, in their order.
    package func dataRules(of dataset: DatasetRecord) throws(StorageError) -> [DataRule] {
        try read("reading data rules") { database in
            try Row.fetchAll(
                database, sql: "SELECT rule FROM data_rule WHERE dataset = ? ORDER BY position",
                arguments: [dataset.id]
            ).map { try $0.json("rule") }
        }
    }

    /// Puts a dataset's rules in place of all earlier ones.
    package func putDataRules(_ rules: [DataRule], of dataset: DatasetRecord) throws(StorageError) {
        try write("storing data rules") { database in
            try database.execute(sql: "DELETE FROM data_rule WHERE dataset = ?", arguments: [dataset.id])
            for (position, rule) in rules.enumerated() {
                try database.execute(
                    sql: "INSERT INTO data_rule VALUES (?, ?, ?)",
                    arguments: [dataset.id, position, try StoredValue.json(rule)])
            }
        }
    }

    /// What the rules found in a version; empty when they have not looked at it.
    package func dataRuleResults(of version: VersionRecord) throws(StorageError) -> [DataRuleResult] {
        try read("reading results of data rules") { database in
            try Row.fetchOne(
                database, sql: "SELECT results FROM data_rule_result WHERE version = ?", arguments: [version.number]
            )?.json("results") ?? []
        }
    }

    /// Stores what the rules found in a version.
    package func putDataRuleResults(_ results: [DataRuleResult], of version: VersionRecord) throws(StorageError) {
        try write("storing results of data rules") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO data_rule_result VALUES (?, ?)",
                arguments: [version.number, try StoredValue.json(results)])
        }
    }
}
