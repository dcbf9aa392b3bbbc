/// Jobs, and the trials from which a killed training resumes.
enum M002 {
    static let sql = """
        CREATE TABLE job (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            request TEXT NOT NULL,
            progress REAL NOT NULL,
            step TEXT,
            model TEXT,
            best TEXT,
            trials INTEGER NOT NULL,
            error TEXT,
            budget_seconds REAL NOT NULL,
            elapsed_seconds REAL NOT NULL,
            created_at TEXT NOT NULL,
            started_at TEXT,
            finished_at TEXT
        ) STRICT;
        CREATE INDEX job_state ON job(state);

        CREATE TABLE trial (
            job TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            record TEXT NOT NULL,
            artifact BLOB,
            PRIMARY KEY (job, number)
        ) STRICT;
        """
}
