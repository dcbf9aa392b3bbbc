import GRDB

/// The schema's steps, in the order in which they were released. A released step is never changed.
enum Migrations {
    static let all: [(name: String, sql: String)] = [
        ("M001-datasets", M001.sql),
        ("M002-jobs", M002.sql),
        ("M003-models", M003.sql),
        ("M004-supervision", M004.sql),
        ("M005-metrics", M005.sql),
        ("M006-access", M006.sql),
        ("M007-data-rules", M007.sql),
        ("M008-model-drift", M008.sql),
        ("M009-rejects", M009.sql),
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in all {
            // Each step is one transaction, so a kill leaves the schema of the step before.
            migrator.registerMigration(step.name) { try $0.execute(sql: step.sql) }
        }
        return migrator
    }
}
