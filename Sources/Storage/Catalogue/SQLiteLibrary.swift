import GRDBSQLite

/// `sqlite3_libversion`.
func sqliteLibraryVersion() -> UnsafePointer<CChar> { sqlite3_libversion() }
