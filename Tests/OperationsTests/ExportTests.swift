import Foundation
import Shared
import Testing

@testable import Operations

@Suite("Export: files that other programs read") struct ExportTests {
    private static let csv = """
        id,price,day,at,ok,note
        007,1.50,03/02/2020,2020-02-03 04:05:06,yes,=1+1
        -5,,14/02/2020,,no,"a ""q"", b"
        12345678901234567,2.25,01/01/1850,1999-12-31 23:59:59,,@x
        ,0.1,,,yes,é 🎂
        """

    private func bytes(_ recipes: RecipeWorkspace, _ request: ExportRequest) throws -> [UInt8] {
        let export = try recipes.workspace.export("t", request)
        var bytes: [UInt8] = []
        while let block = try export.next() { bytes += block }
        return bytes
    }

    /// What a program prints about a file of these bytes.
    private func output(_ bytes: [UInt8], _ program: String, _ arguments: [String]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments.map { $0 == "FILE" ? path : $0 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }

    /// Prints each cell of the first sheet as `type:style:value`, read with nothing but a ZIP and an XML reader.
    private static let sheetReader = """
        import sys, zipfile, xml.etree.ElementTree as E
        z = zipfile.ZipFile(sys.argv[1])
        assert z.testzip() is None
        n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        for row in E.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(n + 'row'):
            cells = []
            for c in row.iter(n + 'c'):
                text = ''.join(t.text or '' for t in c.iter(n + 't')) if c.get('t') == 'inlineStr' else c.find(n + 'v').text
                cells.append(c.get('r') + '=' + (c.get('t') or 'n')[0] + ':' + text)
            print(' | '.join(cells))
        """

    @Test func aSpreadsheetHoldsCellsOfTheirKinds() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.csv, as: "t")
            let sheet = try bytes(recipes, ExportRequest(format: .xlsx))
            let cells = try output(sheet, "/usr/bin/python3", ["-c", Self.sheetReader, "FILE"])
            #expect(
                cells == """
                    A1=i:id | B1=i:price | C1=i:day | D1=i:at | E1=i:ok | F1=i:note
                    A2=n:7 | B2=n:1.5 | C2=n:43864 | D2=n:43864.17020833334 | E2=b:1 | F2=i:'=1+1
                    A3=n:-5 | C3=n:43875 | E3=b:0 | F3=i:a "q", b
                    A4=i:12345678901234567 | B4=n:2.25 | C4=i:1850-01-01 | D4=n:36525.99998842592 | F4=i:'@x
                    B5=n:0.1 | E5=b:1 | F5=i:é 🎂

                    """)
            let raw = try bytes(recipes, ExportRequest(format: .xlsx, isRaw: true, columns: ["note"], filter: "id = 7"))
            #expect(
                try output(raw, "/usr/bin/python3", ["-c", Self.sheetReader, "FILE"]) == "A1=i:note\nA2=i:=1+1\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: recipes.directory + "/spool").isEmpty)
        }
    }

    @Test func theSQLiteShellOpensAnExportedFile() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.csv, as: "t")
            let file = try bytes(recipes, ExportRequest(format: .sqlite))
            let shown = try output(
                file, "/usr/bin/sqlite3",
                ["FILE", ".schema", "PRAGMA integrity_check", ".nullvalue NULL", "SELECT * FROM t"])
            #expect(
                shown == """
                    CREATE TABLE IF NOT EXISTS "t" ("id" INTEGER, "price" REAL, "day" DATE, "at" TIMESTAMP, "ok" BOOLEAN, "note" TEXT);
                    ok
                    7|1.5|2020-02-03|2020-02-03T04:05:06|1|=1+1
                    -5|NULL|2020-02-14|NULL|0|a "q", b
                    12345678901234567|2.25|1850-01-01|1999-12-31T23:59:59|NULL|@x
                    NULL|0.1|NULL|NULL|1|é 🎂

                    """)
            #expect(try FileManager.default.contentsOfDirectory(atPath: recipes.directory + "/spool").isEmpty)
        }
    }

    @Test func rowsAndColumnsAreChosenInEveryFormat() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.csv, as: "t")
            func text(_ format: ExportFormat) throws -> String {
                String(
                    decoding: try bytes(
                        recipes,
                        ExportRequest(format: format, columns: ["ok", "id"], filter: "price > 1 or price is null")),
                    as: UTF8.self)
            }
            #expect(try text(.csv) == "ok,id\r\nyes,007\r\nno,-5\r\n,12345678901234567\r\n")
            #expect(
                try text(.ndjson) == """
                    {"ok":true,"id":7}
                    {"ok":false,"id":-5}
                    {"ok":null,"id":12345678901234567}

                    """)
            #expect(try text(.json).hasPrefix("[\n{\"ok\":true,\"id\":7},\n{"))
            #expect(try bytes(recipes, ExportRequest(format: .json, filter: "id = 99")) == Array("[\n]\n".utf8))
        }
    }

    @Test func whatAFormatCannotHoldIsRefusedBeforeTheFirstByte() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("n\n" + String(repeating: "1\n", count: 1_048_576), as: "t")
            do {
                _ = try bytes(recipes, ExportRequest(format: .xlsx))
                Issue.record("no error")
            } catch let problem as Problem {
                #expect(problem.code == "export.too_large")
                #expect(problem.detail == "The export has 1048576 rows, but a sheet holds 1048575.")
                #expect(problem.remedy == "Choose fewer rows with where, or another format.")
            }
            #expect(throws: (any Error).self) { try recipes.workspace.export("t", ExportRequest(filter: "n >")) }
        }
    }
}
