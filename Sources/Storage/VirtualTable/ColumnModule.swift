import GRDBSQLite

/// SQLite's virtual table interface over `VirtualTable` and `TableCursor`.
///
/// Each dataset is a module of its own that has no `xCreate`: SQLite then finds the table by the module's name when a query first names it, so
/// a catalogue of a thousand datasets costs a query nothing but their names.
enum ColumnModule {
    /// What SQLite sees of a table: its own part first, ours after it.
    struct TableMemory {
        var base: sqlite3_vtab
        var table: Unmanaged<VirtualTable>
    }

    struct CursorMemory {
        var base: sqlite3_vtab_cursor
        var cursor: Unmanaged<TableCursor>
    }

    /// Makes the table of a dataset when a query names it.
    final class Factory {
        let open: () throws(StorageError) -> StoredTable
        let query: QueryContext

        init(query: QueryContext, open: @escaping () throws(StorageError) -> StoredTable) {
            self.query = query
            self.open = open
        }
    }

    /// Registers a dataset under `name` on a connection.
    static func register(_ name: String, _ factory: Factory, on database: OpaquePointer?) -> Int32 {
        sqlite3_create_module_v2(database, name, module, Unmanaged.passRetained(factory).toOpaque()) { factory in
            // Safety: the pointer is the one that was retained above, and SQLite calls this once.
            if let factory { Unmanaged<Factory>.fromOpaque(factory).release() }
        }
    }

    // Safety: written before the first use, never changed, never freed; SQLite only reads it.
    nonisolated(unsafe) private static let module: UnsafePointer<sqlite3_module> = {
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        var calls = sqlite3_module()
        calls.iVersion = 0
        calls.xConnect = { database, factory, _, _, table, message in
            connect(database, factory, table, message)
        }
        calls.xBestIndex = { table, info in
            guard let table, let info else { return SQLITE_MISUSE }
            return virtualTable(table).choose(info)
        }
        calls.xDisconnect = { table in
            guard let table else { return SQLITE_MISUSE }
            let memory = UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self)
            memory.pointee.table.release()
            memory.deallocate()
            return SQLITE_OK
        }
        calls.xOpen = { table, cursor in open(table, cursor) }
        calls.xClose = { cursor in
            guard let cursor else { return SQLITE_MISUSE }
            let memory = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: CursorMemory.self)
            memory.pointee.cursor.release()
            memory.deallocate()
            return SQLITE_OK
        }
        calls.xFilter = { cursor, _, plan, _, values in
            run(cursor) { cursor throws(StorageError) in
                try cursor.start(ScanPlan(plan.map { String(cString: $0) } ?? ""), values)
            }
        }
        calls.xNext = { cursor in run(cursor) { cursor throws(StorageError) in try cursor.advance() } }
        calls.xEof = { cursor in
            guard let cursor else { return 1 }
            return tableCursor(cursor).atEnd ? 1 : 0
        }
        calls.xColumn = { cursor, context, column in
            run(cursor) { cursor throws(StorageError) in try cursor.result(Int(column), to: context) }
        }
        calls.xRowid = { cursor, row in
            guard let cursor, let row else { return SQLITE_MISUSE }
            row.pointee = Int64(tableCursor(cursor).row) + 1
            return SQLITE_OK
        }
        module.initialize(to: calls)
        return UnsafePointer(module)
    }()

    private static func connect(
        _ database: OpaquePointer?, _ factory: UnsafeMutableRawPointer?,
        _ table: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
        _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32 {
        guard let factory, let table else { return SQLITE_MISUSE }
        // Safety: the module's client data is the factory that `register` retained for as long as the module lives.
        let maker = Unmanaged<Factory>.fromOpaque(factory).takeUnretainedValue()
        do {
            let virtual = VirtualTable(try maker.open(), query: maker.query)
            maker.query.columnsSeen += virtual.names
            maker.query.isDeclaring = true
            let code = sqlite3_declare_vtab(database, virtual.declaration)
            maker.query.isDeclaring = false
            guard code == SQLITE_OK else { return code }
            let memory = UnsafeMutablePointer<TableMemory>.allocate(capacity: 1)
            memory.initialize(to: TableMemory(base: sqlite3_vtab(), table: .passRetained(virtual)))
            // Safety: the base is the first field, so both pointers are the same address.
            table.pointee = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: sqlite3_vtab.self)
            return SQLITE_OK
        } catch {
            maker.query.failure = maker.query.failure ?? error
            message?.pointee = sqliteCopy(error.problem.detail)
            return SQLITE_ERROR
        }
    }

    private static func open(
        _ table: UnsafeMutablePointer<sqlite3_vtab>?,
        _ cursor: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
    ) -> Int32 {
        guard let table, let cursor else { return SQLITE_MISUSE }
        let memory = UnsafeMutablePointer<CursorMemory>.allocate(capacity: 1)
        memory.initialize(
            to: CursorMemory(base: sqlite3_vtab_cursor(), cursor: .passRetained(TableCursor(virtualTable(table)))))
        // Safety: the base is the first field, so both pointers are the same address.
        cursor.pointee = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    // Safety: SQLite hands back only tables that `connect` made, until `xDisconnect`.
    private static func virtualTable(_ table: UnsafeMutablePointer<sqlite3_vtab>) -> VirtualTable {
        UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self).pointee.table.takeUnretainedValue()
    }

    // Safety: SQLite hands back only cursors that `open` made, until `xClose`.
    @inline(__always)
    private static func tableCursor(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>) -> TableCursor {
        UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: CursorMemory.self).pointee.cursor.takeUnretainedValue()
    }

    /// Runs a step of a cursor; an error becomes SQLite's, with its text, and is kept for the sandbox.
    @inline(__always)
    private static func run(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ step: (TableCursor) throws(StorageError) -> Void
    ) -> Int32 {
        guard let cursor else { return SQLITE_MISUSE }
        do {
            try step(tableCursor(cursor))
            return SQLITE_OK
        } catch {
            guard let table = cursor.pointee.pVtab else { return SQLITE_ERROR }
            let query = virtualTable(table).query
            query.failure = query.failure ?? error
            sqlite3_free(table.pointee.zErrMsg)
            table.pointee.zErrMsg = sqliteCopy(error.problem.detail)
            return SQLITE_ERROR
        }
    }
}
