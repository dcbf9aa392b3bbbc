import Foundation
import Logging
import Testing

@testable import csvand

@Suite struct TransportTests {
    private static let form =
        "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\npeople\r\n"
        + "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\data\\\\people.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        + "a,b\r\n--X not a boundary\r\n1,2\r\n\r\n--XX--\r\n"

    private func read(_ text: String, pieces: Int) throws -> (MultipartReader, String) {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=XX"))
        var file: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            file += try reader.feed(bytes[start..<min(bytes.count, start + pieces)])
        }
        try reader.finish()
        return (reader, String(decoding: file, as: UTF8.self))
    }

    @Test(arguments: [1, 2, 3, 7, 64, 4096]) func formsAreTakenApartWhateverThePieces(pieces: Int) throws {
        let (reader, file) = try read(Self.form, pieces: pieces)
        #expect(file == "a,b\r\n--X not a boundary\r\n1,2\r\n")
        #expect(reader.fields == ["name": "people"])
        #expect(reader.fileName?.hasSuffix("people.csv") == true)
    }

    @Test func formsWithoutAFileOrAnEndAreRefused() throws {
        #expect(throws: (any Error).self) { try read(String(Self.form.dropLast(8)), pieces: 10) }
        #expect(throws: (any Error).self) {
            try read("--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XX--\r\n", pieces: 10)
        }
        #expect(MultipartReader(contentType: "text/csv") == nil)
        #expect(MultipartReader(contentType: "multipart/form-data") == nil)
    }

    @Test func anEmptyFilePartIsAFile() throws {
        let (reader, file) = try read(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"e.csv\"\r\n\r\n\r\n--XX--\r\n", pieces: 5
        )
        #expect(file.isEmpty)
        #expect(reader.hasFile)
    }

    @Test func fieldsOfTheJournalHaveItsNames() {
        #expect(JournalLogHandler.fieldName("request_id") == "REQUEST_ID")
        #expect(JournalLogHandler.fieldName("_odd-name 9") == "ODD_NAME_9")
    }

    @Test func aRecordStaysOneLine() {
        #expect("a\nb\u{1B}[31m".escapingControlCharacters == "a\\u{a}b\\u{1b}[31m")
        #expect("plain".escapingControlCharacters == "plain")
    }

    @Test func theCommandLineIsRead() throws {
        let options = try CommandLineOptions(["--config", "a.yaml", "--listen=127.0.0.1:1", "--check-config"])
        #expect(options.configuration == "a.yaml")
        #expect(options.action == .checkConfiguration)
        #expect(options.overrides == [.init(key: "http.listen", flag: "--listen", value: "127.0.0.1:1")])
        do throws(UsageError) {
            _ = try CommandLineOptions(["--lisen", "x"])
            Issue.record("accepted")
        } catch {
            #expect(error.text == "unknown option \"--lisen\". Did you mean --listen?")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aClientThatWaitsForLeaveToSendGetsItAtOnce() async throws {
        try await withDaemon { daemon in
            let connection = try RawConnection(port: daemon.port)
            try connection.send(
                "POST /api/v1/datasets?name=asked HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n"
                    + "Expect: 100-continue\r\nConnection: close\r\n\r\n")
            #expect(try await connection.receive(within: 1) == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send("a,b\n1,2\n")
            #expect(try await connection.receive().hasPrefix("HTTP/1.1 201 "))
        }
    }
}
