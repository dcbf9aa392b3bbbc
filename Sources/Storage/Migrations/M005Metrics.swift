/// Counters that survive a restart, and the samples that rules and pages read.
enum M005 {
    static let sql = """
        CREATE TABLE counter (
            name TEXT NOT NULL,
            labels TEXT NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (name, labels)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            labels TEXT NOT NULL,
            UNIQUE (name, labels)
        ) STRICT;

        -- Newest samples of all series, a row a flush: one page is written, whatever the number of series.
        CREATE TABLE sample_recent (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            from_ms INTEGER NOT NULL,
            to_ms INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;

        -- Older samples, a row a series and span: a range of one series is read without the others.
        CREATE TABLE sample_block (
            series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
            resolution_ms INTEGER NOT NULL,
            from_ms INTEGER NOT NULL,
            to_ms INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (series, resolution_ms, from_ms)
        ) STRICT, WITHOUT ROWID;
        """
}
