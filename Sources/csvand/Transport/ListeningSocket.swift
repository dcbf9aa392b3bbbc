import CSystemd
import Foundation
import Operations

/// A bound socket, made here or handed over by the service manager, so that none of its connections is lost over a restart.
struct ListeningSocket: Sendable {
    enum Kind: Sendable { case tcp, control }

    let descriptor: Int32
    let kind: Kind
    /// `127.0.0.1:8000` with the real port, or the socket's path.
    let name: String
    /// Set when it is ours to remove at the end.
    let path: String?

    /// The descriptors passed by the service manager, by their `FileDescriptorName=`.
    static func inherited() -> [String: Int32] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count > 0, let names else { return [:] }
        defer { free(names) }
        var found: [String: Int32] = [:]
        for index in 0..<Int(count) {
            guard let name = names[index] else { continue }
            found[String(cString: name)] = SD_LISTEN_FDS_START + Int32(index)
            free(name)
        }
        return found
    }

    static func inherited(_ descriptor: Int32, kind: Kind) -> ListeningSocket {
        ListeningSocket(
            descriptor: descriptor, kind: kind, name: localName(of: descriptor) ?? "inherited socket", path: nil)
    }

    /// Binds a TCP socket to a host and port; port 0 takes a free one.
    static func tcp(_ address: ListenAddress) throws(SocketError) -> ListeningSocket {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(address.host, String(address.port), &hints, &list)
        guard failure == 0, let first = list else {
            throw SocketError(name: "\(address.host):\(address.port)", reason: String(cString: gai_strerror(failure)))
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard descriptor >= 0, bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            listen(descriptor, 1024) == 0
        else {
            throw SocketError.last("\(address.host):\(address.port)", closing: descriptor)
        }
        let name = localName(of: descriptor) ?? "\(address.host):\(address.port)"
        return ListeningSocket(descriptor: descriptor, kind: .tcp, name: name, path: nil)
    }

    /// Binds the control socket, mode 0660. A stale file is replaced; a socket that somebody answers on is not.
    static func control(path: String) throws(SocketError) -> ListeningSocket {
        let directory = (path as NSString).deletingLastPathComponent
        if !directory.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        }
        guard var address = unixAddress(path) else {
            throw SocketError(
                name: path, reason: "the path is longer than the \(maximumPathBytes) bytes a socket address holds")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError.last(path, closing: descriptor) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isAnswered = withSockaddr(&address) { connect(descriptor, $0, size) == 0 }
        if isAnswered {
            close(descriptor)
            throw SocketError(name: path, reason: "another process is listening on it")
        }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        let mask = umask(0o117)
        defer { umask(mask) }
        guard withSockaddr(&address, { bind(descriptor, $0, size) }) == 0, listen(descriptor, 128) == 0 else {
            throw SocketError.last(path, closing: descriptor)
        }
        return ListeningSocket(descriptor: descriptor, kind: .control, name: path, path: path)
    }

    /// Removes the file of a control socket made here.
    func removeFile() { if let path { unlink(path) } }

    private static let maximumPathBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    private static func unixAddress(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count <= maximumPathBytes else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    private static func withSockaddr(_ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32
    {
        // Safety: sockaddr_un begins with the same family field; the length is passed beside it.
        withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }

    private static func withSockaddr(_ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>) -> Bool) -> Bool {
        withSockaddr(&address) { body($0) ? 1 : 0 } == 1
    }

    /// `HOST:PORT` of a TCP socket, the path of a Unix socket.
    private static func localName(of descriptor: Int32) -> String? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: 256)
        // For a Unix socket the "port" is its path.
        var port = [CChar](repeating: 0, count: maximumPathBytes + 1)
        // Safety: sockaddr_storage is at least as large as any address and begins as sockaddr does.
        let found = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                getsockname(descriptor, pointer, &size) == 0
                    && getnameinfo(
                        pointer, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
                        NI_NUMERICHOST | NI_NUMERICSERV) == 0
            }
        }
        guard found else { return nil }
        let hostText = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let portText = String(decoding: port.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if storage.ss_family == sa_family_t(AF_UNIX) { return portText }
        return (hostText.contains(":") ? "[\(hostText)]" : hostText) + ":" + portText
    }
}

/// Why a socket could not be bound.
struct SocketError: Error, Equatable {
    let name: String
    let reason: String

    static func last(_ name: String, closing descriptor: Int32) -> SocketError {
        let reason = String(cString: strerror(errno))
        if descriptor >= 0 { close(descriptor) }
        return SocketError(name: name, reason: reason)
    }
}
