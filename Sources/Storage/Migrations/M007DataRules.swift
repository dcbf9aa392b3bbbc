/// Rules on the data of datasets, and what they found in each version.
enum M007 {
    static let sql = """
        CREATE TABLE data_rule (
            dataset TEXT NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            rule TEXT NOT NULL,
            PRIMARY KEY (dataset, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE data_rule_result (
            version INTEGER PRIMARY KEY REFERENCES dataset_version(number) ON DELETE CASCADE,
            results TEXT NOT NULL
        ) STRICT;
        """
}
