import Foundation
import Shared
import Testing

/// Uploads that break off at random bytes leave the state directory as it was.
@Suite(.serialized) struct DurabilityCutUploadTests {
    /// About 1.3 MB in several row groups, with quotes and line ends inside cells, so that a cut may fall anywhere.
    private static let csv: [UInt8] = {
        var text = "id,text,n\n"
        for row in 1...20_000 { text += "\(row),\"text \"\"\(row)\"\"\nof two lines, with é and commas\",\(row).50\n" }
        return Array(text.utf8)
    }()

    /// Files below the state directory, and rows of the tables of the catalogue.
    private func state(_ daemon: DaemonProcess) async throws -> [String] {
        let files = FileManager.default.enumerator(atPath: daemon.stateDirectory)?.compactMap { $0 as? String } ?? []
        let tables = [
            "dataset", "dataset_version", "version_column", "version_run", "segment_file", "reject", "profile",
        ]
        let counts = try await ProgramRun.run(
            "/usr/bin/sqlite3",
            [
                "-readonly", daemon.stateDirectory + "/csvand.db",
                tables.map { "SELECT '\($0) ' || count(*) FROM \($0);" }.joined(),
            ])
        guard counts.status == 0 else { throw TestFailure(counts.error) }
        return files.sorted() + counts.output.split(separator: "\n").map(String.init)
    }

    /// Files that the daemon holds open below its state directory though they have no name any more.
    private func namelessFiles(_ daemon: DaemonProcess) -> [String] {
        let folder = "/proc/\(daemon.processID ?? 0)/fd"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0)
        }.filter { $0.hasPrefix(daemon.stateDirectory) && $0.hasSuffix(" (deleted)") }
    }

    private func expectUnchanged(_ daemon: DaemonProcess, _ before: [String]) async throws {
        var now: [String] = []
        _ = try? await eventually("nothing is left behind") { () -> Bool? in
            now = try await state(daemon)
            return now == before && namelessFiles(daemon).isEmpty ? true : nil
        }
        #expect(now == before, "seed \(SeededRandom.seed)")
        #expect(namelessFiles(daemon).isEmpty)
    }

    /// The name is free, and the whole file fits under it.
    private func expectFree(_ daemon: DaemonProcess, _ name: String) async throws {
        let reply = try await daemon.call(.post, "/api/v1/datasets?name=\(name)", type: "text/csv", body: Self.csv)
        #expect(reply.status == 201, "\(reply.text)")
        #expect(try reply.decoded(DatasetReply.self).rows == 20_000)
        #expect(try await daemon.call(.delete, "/api/v1/datasets/\(name)").status == 204)
    }

    private func warmed(_ daemon: DaemonProcess) async throws -> [String] {
        // What a first upload makes once and for all is there before.
        try await expectFree(daemon, "first")
        #expect(try await daemon.upload("other", "a,b\n1,2\n3\n").status == 201)
        return try await state(daemon)
    }

    @Test(.timeLimit(.minutes(3)))
    func connectionsCutAtRandomBytes() async throws {
        try await withDaemon { daemon in
            let before = try await warmed(daemon)
            var random = SeededRandom(SeededRandom.seed)
            for number in 0..<30 {
                let isChunked = number % 2 == 1
                var request = Array("POST /api/v1/datasets?name=cut HTTP/1.1\r\nHost: localhost\r\n".utf8)
                if isChunked {
                    request += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
                    var start = 0
                    while start < Self.csv.count {
                        let size = min(Self.csv.count - start, 1 + random.below(100_000))
                        request += Array("\(String(size, radix: 16))\r\n".utf8) + Self.csv[start..<start + size]
                        request += Array("\r\n".utf8)
                        start += size
                    }
                    // The end that would make it whole is never sent.
                } else {
                    request += Array("Content-Length: \(Self.csv.count)\r\n\r\n".utf8) + Self.csv
                    request.removeLast()
                }
                let connection = try RawConnection(port: daemon.port)
                try connection.send(bytes: request[..<(1 + random.below(request.count))])
                if random.below(2) == 0 { try await Task.sleep(for: .milliseconds(random.below(40))) }
                if random.below(3) == 0 { connection.resetAtEnd() } else { connection.finish() }
                withExtendedLifetime(connection) {}
            }
            try await expectUnchanged(daemon, before)
            try await expectFree(daemon, "cut")
            try await expectUnchanged(daemon, before)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func csvctlKilledAtRandomBytes() async throws {
        try await withDaemon { daemon in
            let before = try await warmed(daemon)
            var random = SeededRandom(SeededRandom.seed &+ 1)
            let pipe = daemon.directory.path + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            for number in 0..<20 {
                // Held open for reading too, so that neither side waits for the other to open it.
                let descriptor = open(pipe, O_RDWR)
                let child = try ChildProcess(
                    DaemonProcess.program("csvctl"),
                    ["--socket", daemon.socketPath, "datasets", "import", "-", "--name", "cut"],
                    environment: [:], input: pipe, output: daemon.directory.path + "/csvctl.out",
                    error: daemon.directory.path + "/csvctl.out")
                let end = random.below(Self.csv.count)
                try await onThread {
                    var start = 0
                    while start < end {
                        let count = Self.csv[start..<end].withUnsafeBytes {
                            write(descriptor, $0.baseAddress, $0.count)
                        }
                        guard count > 0 else { throw TestFailure("the pipe: \(String(cString: strerror(errno)))") }
                        start += count
                    }
                }
                if number % 2 == 0 { try await Task.sleep(for: .milliseconds(random.below(60))) }
                child.kill9()
                close(descriptor)
            }
            // A file, whose length is announced, at a random time.
            let file = daemon.directory.path + "/whole.csv"
            var large = Self.csv
            for _ in 0..<4 { large += Self.csv.dropFirst(10) }
            try Data(large).write(to: URL(fileURLWithPath: file))
            var done = 0
            for _ in 0..<10 {
                let child = try ChildProcess(
                    DaemonProcess.program("csvctl"),
                    ["--socket", daemon.socketPath, "datasets", "import", file, "--name", "cut"],
                    environment: [:])
                try await Task.sleep(for: .milliseconds(random.below(60)))
                child.kill9()
                // It may have been whole by then.
                if try await daemon.call(.delete, "/api/v1/datasets/cut").status == 204 { done += 1 }
            }
            _ = try? await eventually("late arrivals", within: 3) { () -> Bool? in
                let status = try await daemon.call(.delete, "/api/v1/datasets/cut").status
                let now = try await state(daemon)
                return status == 404 && now == before ? true : nil
            }
            #expect(done < 10, "at least one is cut in the middle")
            try await expectUnchanged(daemon, before)
            try await expectFree(daemon, "cut")
        }
    }
}
