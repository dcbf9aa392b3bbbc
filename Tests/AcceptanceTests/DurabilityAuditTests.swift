import Foundation
import Testing

/// Looks at the system calls behind an answer: nothing is acknowledged before it would survive a loss of power.
@Suite(.serialized) struct DurabilityAuditTests {
    private static let uploads = 12

    /// A line of strace's output.
    private struct SystemCall {
        let text: Substring
        /// `fsync(4</path>` and what follows, without the thread's number.
        let call: Substring
        let isDone: Bool

        init(_ line: Substring, unfinished: inout [Substring: Substring]) {
            let thread = line.prefix { $0 != " " }
            let rest = line.dropFirst(thread.count).drop { $0 == " " }
            text = line
            if rest.hasSuffix("<unfinished ...>") {
                unfinished[thread] = rest
                call = rest
                isDone = false
            } else if rest.hasPrefix("<... ") {
                call = unfinished.removeValue(forKey: thread) ?? rest
                isDone = rest.hasSuffix("= 0")
            } else {
                call = rest
                isDone = rest.hasSuffix("= 0")
            }
        }

        func isSync(of suffix: String) -> Bool {
            isDone && (call.hasPrefix("fsync(") || call.hasPrefix("fdatasync(")) && call.contains(suffix + ">")
        }

        var isRename: Bool { isDone && call.hasPrefix("rename") && call.contains(".db.tmp\"") }
        /// The answer begins to leave: what counts is when the call starts.
        var isAcknowledgement: Bool { call.contains("\"HTTP/1.1 201 ") && !text.contains("<... ") }
    }

    @Test(.timeLimit(.minutes(3)))
    func noUploadIsAnsweredBeforeItsSegmentsAndTheCatalogueAreSynced() async throws {
        let place = try TemporaryDirectory("strace")
        defer { place.remove() }
        let trace = place.path + "/trace"
        let calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg"
        let daemon = try DaemonProcess(
            wrapper: ["strace", "-D", "-f", "-y", "-s", "24", "-e", "signal=none", "-e", calls, "-o", trace])
        defer { daemon.kill9() }
        try await daemon.start()
        for number in 1...Self.uploads {
            let table = GeneratedTable("audited_\(number)")
            #expect(try await daemon.upload(table.name, table.csv).status == 201)
        }
        #expect(try await daemon.terminate() == .exited(0))
        let text = try await eventually("the end of the trace") { () -> String? in
            let text = try String(contentsOfFile: trace, encoding: .utf8)
            return text.contains("+++ exited with 0 +++") ? text : nil
        }

        var unfinished: [Substring: Substring] = [:]
        var audited = 0
        // What has happened since the last answer, in the order in which it must happen.
        var steps: [String] = []
        for line in text.split(separator: "\n") {
            let call = SystemCall(line, unfinished: &unfinished)
            if call.isSync(of: ".db.tmp") { steps.append("segments") }
            if call.isRename { steps.append("name") }
            if call.isSync(of: "/segments") { steps.append("directory") }
            if call.isSync(of: "/csvand.db-wal") { steps.append("catalogue") }
            guard call.isAcknowledgement else { continue }
            audited += 1
            // Counters are stored at times of their own, so the catalogue may be synced more often.
            #expect(
                steps.filter { $0 != "catalogue" } == ["segments", "name", "directory"]
                    && steps.drop { $0 != "directory" }.contains("catalogue"),
                "upload \(audited) was answered after \(steps)")
            steps = []
        }
        #expect(audited == Self.uploads)
    }
}
