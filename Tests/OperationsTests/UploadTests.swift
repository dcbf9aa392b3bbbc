import Foundation
import Shared
import Testing

@testable import Operations

@Suite struct UploadTests {
    private func scratch() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func readAll(_ spool: Spool) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 7)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try spool.source.read($0) }
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }

    @Test func aReaderFollowsTheSpoolAndCanStartAgain() async throws {
        let directory = try scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let spool = try Spool(directory: directory)
        let text = Array("first line\nsecond line\n".utf8)
        let reading = Task { try await Offload.run { try self.readAll(spool) } }
        for byte in text { try [byte].withUnsafeBytes { try spool.append($0) } }
        spool.complete()
        #expect(try await reading.value == text)
        try spool.source.rewind()
        #expect(try readAll(spool) == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }

    @Test func aBrokenOffUploadFailsItsReader() async throws {
        let directory = try scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let spool = try Spool(directory: directory)
        try Array("a,b\n".utf8).withUnsafeBytes { try spool.append($0) }
        let reading = Task { try await Offload.run { try self.readAll(spool) } }
        spool.fail(SpoolError(errno: EPIPE))
        await #expect(throws: SpoolError(errno: EPIPE)) { try await reading.value }
    }

    /// `printf 'a,b\n1,2\n' | gzip -n`
    private static let packed: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4b, 0xd4, 0x49, 0xe2, 0x32, 0xd4, 0x31, 0xe2,
        0x02, 0x00,
        0x7b, 0x07, 0x97, 0x0a, 0x08, 0x00, 0x00, 0x00,
    ]

    private func unpack(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> String {
        let reader = GzipReader(limitBytes: limit)
        var text: [UInt8] = []
        for piece in pieces { try piece.withUnsafeBytes { try reader.feed($0) { text += $0 } } }
        try reader.finish()
        return String(decoding: text, as: UTF8.self)
    }

    @Test func gzipIsUnpackedWhateverThePieces() throws {
        #expect(try unpack([Self.packed]) == "a,b\n1,2\n")
        #expect(try unpack(Self.packed.map { [$0] }) == "a,b\n1,2\n")
        #expect(try unpack([Self.packed + Self.packed]) == "a,b\n1,2\na,b\n1,2\n")
    }

    @Test func damagedOrOversizedGzipIsRefused() {
        func code(_ pieces: [[UInt8]], limit: Int = 1 << 20) -> String? {
            do {
                _ = try unpack(pieces, limit: limit)
                return nil
            } catch {
                return (error as? Problem)?.code
            }
        }
        #expect(code([Array(Self.packed.dropLast(12))]) == "csv.compressed")
        #expect(code([Array("plain text".utf8)]) == "csv.compressed")
        #expect(code([Self.packed], limit: 3) == "request.too_large")
    }

    @Test func formulasAreNeutralisedInExportedText() {
        var text = CSVText(neutralisesFormulas: true)
        text.append(Array("=1+1".utf8), isOnlyField: false, isNumber: false)
        text.separator()
        text.append(Array("-5".utf8), isOnlyField: false, isNumber: true)
        text.separator()
        text.append(Array("a\"b".utf8), isOnlyField: false, isNumber: false)
        text.endRow()
        #expect(String(decoding: text.bytes, as: UTF8.self) == "\"'=1+1\",-5,\"a\"\"b\"\r\n")
    }

    @Test func parametersAreCheckedByNameAndValue() throws {
        #expect(throws: Problem.self) { try UploadParameters(["delimeter": ";"]) }
        do {
            _ = try UploadParameters(["delimeter": ";"])
        } catch {
            #expect(error.remedy == "Did you mean delimiter?")
        }
        let request = try UploadParameters([
            "name": "a", "delimiter": "\\t", "types": "x:integer,y:text", "strict": "true",
        ]).request
        #expect(request.options.delimiter == "\t")
        #expect(request.options.types == ["x": .integer, "y": .text])
        #expect(request.options.strict)
    }
}
