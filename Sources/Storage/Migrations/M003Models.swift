/// Models, their documents (leaderboard, report, ...) and their artifacts.
enum M003 {
    static let sql = """
        CREATE TABLE model (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL COLLATE NOCASE,
            version INTEGER NOT NULL,
            dataset TEXT NOT NULL,
            dataset_version INTEGER NOT NULL,
            record TEXT NOT NULL,
            artifact_bytes INTEGER NOT NULL,
            artifact_checksum INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (name, version)
        ) STRICT;

        CREATE TABLE model_artifact (
            model TEXT PRIMARY KEY REFERENCES model(id) ON DELETE CASCADE,
            artifact BLOB NOT NULL
        ) STRICT;

        CREATE TABLE model_document (
            model TEXT NOT NULL REFERENCES model(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (model, kind)
        ) STRICT;

        CREATE TABLE drift (
            model TEXT NOT NULL REFERENCES model(id) ON DELETE CASCADE,
            feature TEXT NOT NULL,
            psi REAL NOT NULL,
            rows INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (model, feature)
        ) STRICT, WITHOUT ROWID;
        """
}
