import Foundation
import Shared
import Synchronization

/// A server on a Unix socket that answers recorded replies and remembers what it was asked.
///
/// It stands in for the daemon where only csvctl's side is looked at: what it sends and how it shows an answer.
final class CsvctlPeer: Sendable {
    struct Reply: Sendable {
        var status = 200
        var contentType = "application/json"
        var body: [UInt8] = []
    }

    struct Request: Sendable {
        var method: String
        var target: String
        /// Names in small letters.
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let socketPath: String
    private let descriptor: Int32
    private let replies = Mutex<[String: [Reply]]>([:])
    private let seen = Mutex<[Request]>([])

    init() throws {
        socketPath = "/tmp/csvctl-\(UUID().uuidString.prefix(13)).sock"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socketPath.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(descriptor, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection < 0 { return }
                serve(connection)
                close(connection)
            }
        }
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        unlink(socketPath)
    }

    var requests: [Request] { seen.withLock { $0 } }

    /// Answers `METHOD /path` (the query left out) with these one after the other, the last one for ever.
    func answer(_ route: String, _ answers: Reply...) { replies.withLock { $0[route] = answers } }

    func answer(_ route: String, _ values: (any Encodable & Sendable)..., status: Int = 200) throws {
        let answers = try values.map { Reply(status: status, body: Array(try WireJSON.encode($0))) }
        replies.withLock { $0[route] = answers }
    }

    private func serve(_ connection: Int32) {
        var bytes: [UInt8] = []
        guard let end = receive(connection, &bytes, until: Array("\r\n\r\n".utf8)) else { return }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        var body = Array(bytes[(end + 4)...])
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            while body.count < length, receive(connection, &body) {}
        } else if headers["transfer-encoding"] == "chunked" {
            while !body.suffix(5).elementsEqual("0\r\n\r\n".utf8), receive(connection, &body) {}
            body = Self.joined(body)
        }
        guard words.count >= 2 else { return }
        seen.withLock { $0.append(Request(method: words[0], target: words[1], headers: headers, body: body)) }
        let route = words[0] + " " + (words[1].split(separator: "?").first ?? "")
        let reply = replies.withLock { replies -> Reply in
            guard let answers = replies[route], let first = answers.first else {
                return Reply(status: 404, contentType: "text/plain", body: Array("no reply recorded for \(route)".utf8))
            }
            if answers.count > 1 { replies[route]?.removeFirst() }
            return first
        }
        let head =
            "HTTP/1.1 \(reply.status) X\r\nContent-Type: \(reply.contentType)\r\n"
            + "Content-Length: \(reply.body.count)\r\nConnection: close\r\n\r\n"
        _ = (Array(head.utf8) + reply.body).withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func receive(_ connection: Int32, _ bytes: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = read(connection, &piece, piece.count)
        if count > 0 { bytes += piece[..<count] }
        return count > 0
    }

    private func receive(_ connection: Int32, _ bytes: inout [UInt8], until mark: [UInt8]) -> Int? {
        while true {
            if let range = bytes.firstRange(of: mark) { return range.lowerBound }
            if !receive(connection, &bytes) { return nil }
        }
    }

    /// The chunks of a chunked body put together.
    private static func joined(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        var body: [UInt8] = []
        while let range = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = Int(String(decoding: rest[..<range.lowerBound], as: UTF8.self), radix: 16) ?? 0
            if size == 0 { break }
            body += rest[range.upperBound..<(range.upperBound + size)]
            rest = rest[(range.upperBound + size + 2)...]
        }
        return body
    }
}

/// A run of the csvctl executable that was built beside the tests.
struct CsvctlRun {
    var status: Int32
    var output: String
    var error: String

    static var executable: URL {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("csvctl")
    }

    /// Runs `csvctl` with the arguments; `input` is its standard input.
    init(_ arguments: [String], socket: String?, input: String = "", environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        if let socket { process.environment?["CSVAND_SOCKET"] = socket }
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        output = String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        error = String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}
