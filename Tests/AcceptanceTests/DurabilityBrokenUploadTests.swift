import Foundation
import Shared
import Testing

/// An upload that does not arrive whole leaves nothing behind.
@Suite(.serialized) struct DurabilityBrokenUploadTests {
    enum Framing: String, CaseIterable { case contentLength, chunked, chunkedInsideAChunk }
    enum Ending: String, CaseIterable { case close, halfClose, reset }

    /// Rows enough that the parser has begun, and complete rows at the end, so that only HTTP can tell that more was to come.
    private static let rows = (1...5000).map { "\($0),text \($0)\n" }.joined()

    private static func request(_ name: String, _ framing: Framing) -> String {
        let head =
            "POST /api/v1/datasets?name=\(name) HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        let body = "id,text\n" + rows
        let size = String(body.utf8.count, radix: 16)
        return switch framing {
        case .contentLength: head + "Content-Length: \(body.utf8.count * 2)\r\n\r\n" + body
        case .chunked: head + "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n"
        case .chunkedInsideAChunk:
            head + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count * 2, radix: 16))\r\n\(body)"
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func aConnectionThatBreaksOffLeavesNoDatasetAndNoFile() async throws {
        try await withDaemon { daemon in
            for framing in Framing.allCases {
                for ending in Ending.allCases {
                    let connection = try RawConnection(port: daemon.port)
                    try connection.send(Self.request("cut_\(framing)_\(ending)", framing))
                    // A reset throws away what has not been read yet.
                    try await Task.sleep(for: .milliseconds(150))
                    switch ending {
                    case .close: connection.finish()
                    case .halfClose:
                        connection.finishSending()
                        let answer = try await connection.receive()
                        #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(framing): \(answer)")
                        #expect(answer.contains("\"code\":\"request.incomplete\""), "\(framing): \(answer)")
                    case .reset: connection.resetAtEnd()
                    }
                    withExtendedLifetime(connection) {}
                }
            }
            try await expectNothing(daemon)
            // The client's own doing: nobody is to be woken.
            let errors = try await daemon.get("/metrics").text.split(separator: "\n")
                .filter { $0.hasPrefix("app_errors_total{") }
            #expect(errors.count == 12 && errors.allSatisfy { $0.hasSuffix(" 0") }, "\(errors)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func aStopInTheMiddleOfAnUploadLeavesNothing() async throws {
        let daemon = try DaemonProcess()
        defer { daemon.kill9() }
        for framing in Framing.allCases {
            try await daemon.start()
            let connection = try RawConnection(port: daemon.port)
            try connection.send(Self.request("stopped_\(framing)", framing))
            try await Task.sleep(for: .milliseconds(150))
            #expect(try await daemon.terminate() == .exited(0))
            #expect(daemon.files(in: "segments").isEmpty, "\(framing)")
            withExtendedLifetime(connection) {}
        }
        try await daemon.start()
        try await expectNothing(daemon)
    }

    @Test(.timeLimit(.minutes(1)))
    func aRefusedUploadLeavesNoFile() async throws {
        try await withDaemon { daemon in
            let body = "id,text\n" + Self.rows + "5001,\"never closed\n"
            let reply = try await daemon.upload("refused", body)
            #expect(reply.status == 422, "\(reply.text)")
            try await expectNothing(daemon)
        }
    }

    private func expectNothing(_ daemon: DaemonProcess) async throws {
        _ = try await eventually("the files of broken uploads are gone") {
            daemon.files(in: "segments").isEmpty && daemon.files(in: "spool").isEmpty ? true : nil
        }
        #expect(try await daemon.datasetNames().isEmpty)
    }
}
