/// Counters that survive a restart, and the samples that rules and pages read.
enum M005 {
    static let sql = """
        CREATE TABLE counter (
            name TEXT NOT NULL,
            labels TEXT NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (name, labels)
        ) STRICT, WITHOUT ROWID;

        -- Samples of all series, a row a flush: few pages are written, whatever the number of series.
        CREATE TABLE sample_block (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            from_ms INTEGER NOT NULL,
            to_ms INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX sample_block_end ON sample_block(to_ms);
        """
}
