import Foundation
import Shared
import Transfer

/// HTTP exchanges with the daemon over its control socket.
struct ControlConnection {
    var socketPath: String

    /// Sends a request and gives the body of a 2xx answer.
    ///
    /// - Throws: `.refused` or `.unexpectedAnswer` for any other status, `.unreachable`, `.socketForbidden`, `.interrupted`, and
    ///   `.file` when the body cannot be read.
    func answer(
        to request: ControlRequest, onProgress: (@Sendable (TransferRequest.Progress) -> Void)? = nil
    ) throws(CsvctlError) -> Data {
        var transfer = transfer(request)
        transfer.destination = .memory(limitBytes: 512 << 20)
        transfer.onProgress = onProgress
        return Data(try perform(transfer, request).body)
    }

    /// Sends a request and hands the body of a 2xx answer over in pieces.
    ///
    /// - Parameter take: false stops the download.
    /// - Throws: as `answer(to:)`.
    func download(
        _ request: ControlRequest, take: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool
    ) throws(CsvctlError) {
        var transfer = transfer(request)
        transfer.destination = .stream(take)
        _ = try perform(transfer, request)
    }

    private func transfer(_ request: ControlRequest) -> TransferRequest {
        var transfer = TransferRequest(method(request.method), unixSocket: socketPath, path: request.target)
        transfer.timeoutSeconds = request.timeoutSeconds
        transfer.headers = request.headers
        transfer.userAgent = "csvctl/" + ProductVersion.text
        switch request.body {
        case .none: break
        case .bytes(let bytes, let contentType):
            transfer.body = .bytes(bytes)
            transfer.headers.append(("Content-Type", contentType))
        case .stream(let source, let contentType):
            transfer.body = .file(descriptor: source.descriptor, byteCount: source.length.map(Int64.init))
            transfer.headers.append(("Content-Type", contentType))
        }
        return transfer
    }

    private func perform(
        _ transfer: TransferRequest, _ request: ControlRequest
    ) throws(CsvctlError) -> TransferReply {
        let reply: TransferReply
        do {
            // The descriptor of a streamed body belongs to the request's source.
            reply = try withExtendedLifetime(request) { () throws(TransferError) in try transfer.perform() }
        } catch {
            throw translated(error, timeoutSeconds: request.timeoutSeconds)
        }
        if (200..<300).contains(reply.status) { return reply }
        if let problem = try? WireJSON.decode(Problem.self, from: Data(reply.body)) { throw .refused(problem) }
        throw .unexpectedAnswer(status: reply.status, text: reply.text)
    }

    private func translated(_ error: TransferError, timeoutSeconds: Double?) -> CsvctlError {
        switch error {
        case .couldNotConnect(_, let code, let reason):
            let code = code == 0 ? accessCode() : code
            if code == EACCES || code == EPERM { return .socketForbidden(socket: socketPath) }
            return .unreachable(
                socket: socketPath, detail: code == 0 ? reason : String(cString: strerror(code)).lowercasedFirst)
        case .timedOut:
            let limit = timeoutSeconds.map { " within \(Quantities.duration(seconds: $0))" } ?? ""
            return .unreachable(socket: socketPath, detail: "no answer\(limit)")
        case .badRequest(let reason): return .usage(reason, remedy: "check --socket and the names given")
        case .bodyUnreadable(let reason): return .file(path: "the input", detail: reason)
        default: return .interrupted(detail: "\(error)")
        }
    }

    /// Why the socket cannot be used, for a libcurl that does not say.
    private func accessCode() -> Int32 { access(socketPath, R_OK | W_OK) == 0 ? ECONNREFUSED : errno }

    private func method(_ method: ControlRequest.Method) -> TransferRequest.Method {
        switch method {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

extension String {
    /// The text with a small first letter, to follow a colon.
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
