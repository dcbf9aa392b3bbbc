import Foundation
import GRDB
import Shared
import Tabular
import Testing

@testable import Storage

@Suite struct CatalogueTests {
    let scratch = ScratchDirectory()
    let people = [
        TestColumn(name: "name", type: .text, cells: ["Ada", "Bo", nil]),
        TestColumn(name: "age", type: .integer, cells: ["36", "007", "41"]),
    ]

    @Test func commitsAreSyncedAndTheLogIsAhead() throws {
        let catalogue = try scratch.catalogue()
        let (synchronous, journal, checkpoint) = try catalogue.pool.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint")
            )
        }
        #expect(synchronous == 2)
        #expect(journal == "wal")
        #expect(checkpoint == 0)
    }

    @Test func aSecondCatalogueIsRefusedWithTheProcessThatHasTheDirectory() throws {
        let first = try scratch.catalogue()
        #expect(throws: StorageError.locked(directory: scratch.path, pid: getpid())) { try scratch.catalogue() }
        first.close()
    }

    @Test func theDirectoryCanBeOpenedAgainAfterClosing() throws {
        do {
            let first = try scratch.catalogue()
            try first.store(people, as: "people")
            first.close()
        }
        #expect(try scratch.catalogue().dataset("people").name == "people")
    }

    @Test func aStateDirectoryIsPrivate() throws {
        _ = try scratch.catalogue()
        var status = stat()
        #expect(stat(scratch.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test func aDamagedDatabaseIsRefused() throws {
        try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
        try Data(repeating: 0x55, count: 8192).write(to: URL(fileURLWithPath: scratch.path + "/csvand.db"))
        #expect {
            try scratch.catalogue()
        } throws: { error in
            guard case .damaged = error as? StorageError else { return false }
            return true
        }
    }

    @Test func aDatabaseOfALaterReleaseIsRefused() throws {
        do {
            let catalogue = try scratch.catalogue()
            try catalogue.pool.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('M999-later')")
            }
            catalogue.close()
        }
        #expect(throws: StorageError.newer(migration: "M999-later")) { try scratch.catalogue() }
    }

    @Test func everyPrefixOfTheMigrationsIsBroughtUpToDate() throws {
        for count in 0..<Migrations.all.count {
            let scratch = ScratchDirectory()
            try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
            do {
                let old = try DatabaseQueue(path: scratch.path + "/csvand.db")
                var migrator = DatabaseMigrator()
                for step in Migrations.all.prefix(count) {
                    migrator.registerMigration(step.name) { try $0.execute(sql: step.sql) }
                }
                try migrator.migrate(old)
                try old.close()
            }
            let catalogue = try scratch.catalogue()
            #expect(try catalogue.datasets().isEmpty)
        }
    }

    @Test func aDatasetIsFoundByNameInAnyCaseAndById() throws {
        let catalogue = try scratch.catalogue()
        let version = try catalogue.store(people, as: "People")
        let record = try catalogue.dataset("pEOPLE")
        #expect(try catalogue.dataset(record.id) == record)
        #expect(record.id.hasPrefix("ds_"))
        #expect(version.rows == 3)
        #expect(version.columns.map(\.name) == ["name", "age"])
    }

    @Test func anUnknownDatasetNamesTheNearest() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        #expect(throws: StorageError.datasetNotFound("peopel", nearest: "people")) { try catalogue.dataset("peopel") }
        #expect(
            StorageError.datasetNotFound("peopel", nearest: "people").problem.remedy == "Did you mean \"people\"?")
    }

    @Test(arguments: ["", " ", "a@b", "sqlite_x", "a\nb", "a/b", String(repeating: "x", count: 129)])
    func namesThatCannotBeUsedEverywhereAreRefused(name: String) throws {
        let catalogue = try scratch.catalogue()
        #expect(throws: StorageError.self) { try catalogue.store(people, as: name) }
    }

    @Test func ifExistsErrorRefusesAndKeepsTheOld() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        #expect(throws: StorageError.datasetExists("people")) { try catalogue.store(people, as: "People") }
        #expect(try catalogue.version(of: "people").version == 1)
    }

    @Test func ifExistsVersionKeepsBoth() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        try catalogue.store([people[0]], as: "people", ifExists: .version)
        #expect(try catalogue.version(of: "people").columns.count == 1)
        #expect(try catalogue.version(1, of: "people").columns.count == 2)
        #expect(try catalogue.versions(of: "people").map(\.version) == [2, 1])
        #expect(scratch.segmentFiles.count == 2)
    }

    @Test func ifExistsReplaceLeavesOneVersionAndOneFile() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        try catalogue.store([people[1]], as: "people", ifExists: .replace)
        #expect(try catalogue.versions(of: "people").map(\.version) == [2])
        #expect(scratch.segmentFiles.count == 1)
        #expect(throws: StorageError.versionNotFound(dataset: "people", version: 1, last: 2)) {
            try catalogue.version(1, of: "people")
        }
    }

    @Test func ifExistsAppendSharesTheOldSegmentsAndWidens() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        var more = people
        more[0].cells = ["Cy"]
        more[1] = TestColumn(name: "age", type: .text, cells: ["old"])
        let version = try catalogue.store(more, as: "people", ifExists: .append)
        #expect(version.rows == 4)
        #expect(version.columns.map(\.type) == [.text, .text])
        let table = try catalogue.table("people")
        let ages = try table.dataTable().columns[1]
        #expect(
            ages.chunks.flatMap { chunk in (0..<chunk.rows).map { chunk.text(at: $0) } } == ["36", "007", "41", "old"])
        #expect(scratch.segmentFiles.count == 2)
    }

    @Test func appendRefusesOtherColumns() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        let error = #expect(throws: StorageError.self) {
            try catalogue.store([people[0]], as: "people", ifExists: .append)
        }
        #expect(
            error?.problem.detail
                == "The upload does not fit dataset \"people\": it has 1 columns where there are 2.")
    }

    @Test func aDerivedVersionNamesItsParentsSegments() throws {
        let catalogue = try scratch.catalogue()
        let parent = try catalogue.store(people, as: "people")
        let derived = NewVersion(
            columns: [parent.columns[1]], rowCounts: parent.rowCounts, bytes: parent.bytes, origin: "transform",
            step: #"{"op":"drop"}"#, dialect: parent.dialect, files: [])
        try catalogue.addVersion(derived, to: "people", at: dawn)
        #expect(try catalogue.table("people").dataTable().columns.map(\.name) == ["age"])
        #expect(try catalogue.history(of: "people").map(\.step) == [nil, #"{"op":"drop"}"#])
        #expect(scratch.segmentFiles.count == 1)
    }

    @Test func aVersionFromAnOlderOneIsRefused() throws {
        let catalogue = try scratch.catalogue()
        let parent = try catalogue.store(people, as: "people")
        let derived = NewVersion(
            columns: [parent.columns[1]], rowCounts: parent.rowCounts, bytes: parent.bytes, origin: "transform",
            dialect: parent.dialect, files: [])
        try catalogue.addVersion(derived, to: "people", ifCurrent: 1, at: dawn)
        #expect(throws: StorageError.conflict(dataset: "people", base: 1, current: 2)) {
            try catalogue.addVersion(derived, to: "people", ifCurrent: 1, at: dawn)
        }
        #expect(try catalogue.versions(of: "people").map(\.version) == [2, 1])
    }

    @Test func deletingUnlinksTheFiles() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        try catalogue.store(people, as: "others")
        try catalogue.deleteDataset("people")
        #expect(scratch.segmentFiles.count == 1)
        #expect(try catalogue.datasetNames() == ["others"])
        #expect(try catalogue.table("others").dataTable().rows == 3)
    }

    @Test func renamingKeepsTheIdAndRefusesTakenNames() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        try catalogue.store(people, as: "others")
        let id = try catalogue.dataset("people").id
        #expect(try catalogue.updateDataset("people", .init(name: "PEOPLE", description: "who")).id == id)
        #expect(throws: StorageError.datasetExists("others")) {
            try catalogue.updateDataset(id, .init(name: "Others"))
        }
        #expect(try catalogue.dataset(id).description == "who")
    }

    @Test func listsPageByKey() throws {
        let catalogue = try scratch.catalogue()
        for number in 1...5 { try catalogue.store(people, as: "d\(number)") }
        let first = try catalogue.datasets(limit: 2)
        #expect(first.map(\.name) == ["d5", "d4"])
        #expect(try catalogue.datasets(before: first.last?.number, limit: 2).map(\.name) == ["d3", "d2"])
    }

    @Test func rejectsAreKeptWithTheirPlaces() throws {
        let catalogue = try scratch.catalogue()
        let reject = RejectReply(number: 1, line: 7, byte: 99, column: "age", reason: "2 fields", text: "x,\u{0}")
        let version = try catalogue.store(people, as: "people", rejects: [reject])
        #expect(version.rejected == 1)
        var stored = reject
        stored.upload = 1
        #expect(try catalogue.rejects(of: version) == [stored])
        #expect(throws: StorageError.rejectNotFound(dataset: "people", number: 2)) {
            try catalogue.reject(2, of: version, dataset: "people")
        }
    }

    @Test func appendKeepsTheRejectsFromBeforeAndNumbersItsOwnBehindThem() throws {
        let catalogue = try scratch.catalogue()
        func reject(_ number: Int, upload: Int? = nil, line: Int) -> RejectReply {
            RejectReply(number: number, upload: upload, line: line, byte: 9, column: nil, reason: "1 field", text: "x")
        }
        let first = try catalogue.store(
            people, as: "people", rejects: [reject(1, line: 2), reject(2, line: 4), reject(3, line: 5)])
        // The third was let in, and its number is not given again.
        try catalogue.addVersion(
            NewVersion(
                columns: first.columns, rowCounts: first.rowCounts, bytes: first.bytes, origin: "repair", step: "{}",
                dialect: first.dialect, rejects: Array(try catalogue.rejects(of: first).prefix(2)), files: []),
            to: "people", at: dawn)
        let version = try catalogue.store(people, as: "people", ifExists: .append, rejects: [reject(1, line: 2)])
        #expect(version.rejected == 3 && version.origin == "append")
        #expect(
            try catalogue.rejects(of: version) == [
                reject(1, upload: 1, line: 2), reject(2, upload: 1, line: 4), reject(4, upload: 3, line: 2),
            ])
    }

    @Test func countersNeverGoBack() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.putCounters([CounterRecord(name: "a", labels: ["type": "x"], value: 5)])
        try catalogue.putCounters([CounterRecord(name: "a", labels: ["type": "x"], value: 3)])
        #expect(try catalogue.counters() == [CounterRecord(name: "a", labels: ["type": "x"], value: 5)])
    }

    @Test func sampleBlocksAreKeptUntilTheyAreTooOld() throws {
        let catalogue = try scratch.catalogue()
        for start in [Int64(0), 100, 200] {
            try catalogue.putSampleBlock([UInt8(start)], from: start, to: start + 99, droppingBefore: start - 50)
        }
        #expect(try catalogue.sampleBlocks(since: 0) == [[100], [200]])
        #expect(try catalogue.sampleBlocks(since: 200) == [[200]])
    }

    @Test func sampleBlocksOfASpanAreReplacedByOne() throws {
        let catalogue = try scratch.catalogue()
        for start in [0, 100, 1_000, 1_100, 1_200, 2_000] as [Int64] {
            try catalogue.putSampleBlock([UInt8(start / 100)], from: start, to: start + 50, droppingBefore: 0)
        }
        #expect(try catalogue.sampleBlocksToMerge(spanMilliseconds: 1_000, endingBefore: 100).isEmpty)
        let first = try catalogue.sampleBlocksToMerge(spanMilliseconds: 1_000, endingBefore: 2_000)
        #expect(first.map(\.bytes) == [[0], [1]])
        try catalogue.replaceSampleBlocks(first.map(\.number), with: [77], from: 0, to: 150)
        let second = try catalogue.sampleBlocksToMerge(spanMilliseconds: 1_000, endingBefore: 2_000)
        #expect(second.map(\.bytes) == [[10], [11], [12]])
        #expect(try catalogue.sampleBlocks(since: 0) == [[77], [10], [11], [12], [20]])
        #expect(try catalogue.sampleBlocks(since: 0, before: 1_100) == [[77], [10]])
    }

    @Test func aBackupIsACatalogueWithItsFiles() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        let copy = ScratchDirectory()
        let bytes = try catalogue.backup(to: copy.path)
        #expect(bytes > 16_384)
        try catalogue.deleteDataset("people")
        let restored = try copy.catalogue()
        #expect(try restored.table("people").dataTable().columns[1].numbers() == [36, 7, 41])
        #expect(throws: StorageError.invalid("the directory \(copy.path) is not empty")) {
            try catalogue.backup(to: copy.path)
        }
    }

    @Test func filesOutliveADeletionWhileABackupLinksThem() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.store(people, as: "people")
        try catalogue.segments.holdingFiles {
            try catalogue.deleteDataset("people")
            #expect(scratch.segmentFiles.count == 1)
        }
        #expect(scratch.segmentFiles.isEmpty)
    }

    @Test func anIdentifierHasAHundredBitsInAPlainAlphabet() {
        let fixed = Identifiers { 0xFFFF_FFFF_FFFF_FFFF }
        #expect(fixed.next("ds") == "ds_" + String(repeating: "z", count: 20))
    }
}
