/// Datasets, their versions and columns, and which segment files hold the cells.
enum M001 {
    static let sql = """
        CREATE TABLE dataset (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            description TEXT,
            current_version INTEGER NOT NULL,
            last_version INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;

        CREATE TABLE segment_file (
            id TEXT PRIMARY KEY,
            bytes INTEGER NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE dataset_version (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            dataset TEXT NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            stored_bytes INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            origin TEXT NOT NULL,
            step TEXT,
            dialect TEXT NOT NULL,
            warnings TEXT NOT NULL,
            row_counts TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (dataset, version)
        ) STRICT;

        CREATE TABLE version_column (
            version INTEGER NOT NULL REFERENCES dataset_version(number) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            nullable INTEGER NOT NULL,
            format TEXT,
            PRIMARY KEY (version, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE version_run (
            version INTEGER NOT NULL REFERENCES dataset_version(number) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            first_group INTEGER NOT NULL,
            groups INTEGER NOT NULL,
            file TEXT NOT NULL REFERENCES segment_file(id),
            file_column INTEGER NOT NULL,
            file_group INTEGER NOT NULL,
            PRIMARY KEY (version, position, first_group)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX version_run_file ON version_run(file);

        CREATE TABLE profile (
            version INTEGER PRIMARY KEY REFERENCES dataset_version(number) ON DELETE CASCADE,
            profile TEXT NOT NULL
        ) STRICT;

        CREATE TABLE reject (
            version INTEGER NOT NULL REFERENCES dataset_version(number) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            line INTEGER NOT NULL,
            byte INTEGER NOT NULL,
            column_name TEXT,
            reason TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (version, number)
        ) STRICT, WITHOUT ROWID;
        """
}
