import Foundation
import Synchronization

/// A small HTTP/1.1 server over real sockets, TCP on loopback or a Unix socket: one request a connection, a thread each.
///
/// Tests/AlertingTests/Support links to this file.
final class LoopbackServer: Sendable {
    struct Received: Sendable {
        var method = ""
        /// Path and query as sent.
        var target = ""
        /// Names in lower case.
        var headers: [String: String] = [:]
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Answer: Sendable {
        case reply(Int, headers: [String: String] = [:], body: String = "")
        /// Bytes as they are, then the connection is closed.
        case raw(String)
        /// Pieces with a pause before each, without a length.
        case slow([String], pauseSeconds: Double)
        /// Closes without a word.
        case drop
    }

    private let listener: Int32
    private let handler: @Sendable (Received) -> Answer
    private let seen = Mutex<[Received]>([])
    /// The TCP port, 0 for a Unix socket.
    let port: Int

    var received: [Received] { seen.withLock { $0 } }

    /// Listens on a free loopback port, or on the path.
    init(unixSocket path: String? = nil, _ handler: @escaping @Sendable (Received) -> Answer) throws {
        self.handler = handler
        let descriptor = socket(path == nil ? AF_INET : AF_UNIX, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0)
        listener = descriptor
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        var bound: Int32
        if let path {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
            bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            port = 0
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    let bound = bind(descriptor, $0, size)
                    getsockname(descriptor, $0, &size)
                    return bound
                }
            }
            port = Int(UInt16(bigEndian: address.sin_port))
        }
        if bound == 0 { bound = listen(listener, 64) }
        guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [self] in accept() }
    }

    /// The accepting thread closes the listener: closed here, its number could be another server's before that thread has noticed.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        defer { close(listener) }
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread.detachNewThread { [self] in
                serve(connection)
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        guard let request = read(connection) else { return }
        seen.withLock { $0.append(request) }
        switch handler(request) {
        case .drop: return
        case .raw(let text): write(connection, text)
        case .slow(let pieces, let pause):
            for piece in pieces {
                Thread.sleep(forTimeInterval: pause)
                write(connection, piece)
            }
        case .reply(let status, let headers, let body):
            let fields = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
            let length = "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n"
            write(connection, "HTTP/1.1 \(status) X\r\n\(fields)\(length)\r\n\(request.method == "HEAD" ? "" : body)")
        }
    }

    private func write(_ connection: Int32, _ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    private func read(_ connection: Int32) -> Received? {
        var buffer: [UInt8] = []
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            buffer.append(contentsOf: piece.prefix(count))
            return true
        }
        func take(_ count: Int) -> [UInt8]? {
            while buffer.count < count { guard more() else { return nil } }
            defer { buffer.removeFirst(count) }
            return Array(buffer.prefix(count))
        }
        func takeLine() -> String? {
            while true {
                if let end = buffer.firstIndex(of: 10) {
                    let line = String(decoding: buffer[..<end].filter { $0 != 13 }, as: UTF8.self)
                    buffer.removeFirst(end + 1)
                    return line
                }
                guard more() else { return nil }
            }
        }
        guard let words = takeLine()?.split(separator: " "), words.count == 3 else { return nil }
        var request = Received(method: String(words[0]), target: String(words[1]))
        while let line = takeLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { continue }
            request.headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        if request.headers["transfer-encoding"] == "chunked" {
            while let line = takeLine(), let size = Int(line, radix: 16), size > 0 {
                guard let piece = take(size), takeLine() != nil else { return nil }
                request.body += piece
            }
        } else if let size = request.headers["content-length"].flatMap({ Int($0) }) {
            guard let body = take(size) else { return nil }
            request.body = body
        }
        return request
    }
}
