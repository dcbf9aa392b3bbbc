/// Incidents with their timeline, the outbox, silences, alert states.
enum M004 {
    static let sql = """
        CREATE TABLE incident (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            state TEXT NOT NULL,
            severity TEXT NOT NULL,
            title TEXT NOT NULL,
            rule TEXT NOT NULL,
            labels TEXT NOT NULL,
            annotations TEXT,
            evidence TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            acknowledged_at TEXT,
            acknowledged_until TEXT,
            resolved_at TEXT,
            cause TEXT,
            impact TEXT,
            actions TEXT,
            prevention TEXT
        ) STRICT;
        -- One unresolved incident a key.
        CREATE UNIQUE INDEX incident_open_key ON incident(key) WHERE state <> 'resolved';

        CREATE TABLE timeline (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            incident INTEGER NOT NULL REFERENCES incident(number) ON DELETE CASCADE,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            by TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX timeline_incident ON timeline(incident);

        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            incident INTEGER REFERENCES incident(number) ON DELETE CASCADE,
            receiver TEXT NOT NULL,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            nonce TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt_at TEXT NOT NULL,
            last_error TEXT,
            message_id TEXT,
            created_at TEXT NOT NULL,
            finished_at TEXT
        ) STRICT;
        CREATE INDEX outbox_due ON outbox(state, next_attempt_at);
        CREATE INDEX outbox_incident ON outbox(incident);

        CREATE TABLE silence (
            id TEXT PRIMARY KEY,
            document TEXT NOT NULL,
            starts_at TEXT NOT NULL,
            ends_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alert_state (
            fingerprint TEXT PRIMARY KEY,
            rule TEXT NOT NULL,
            document TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
