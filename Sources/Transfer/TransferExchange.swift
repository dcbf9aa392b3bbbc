import CCurl
import Foundation

/// The state that libcurl's callbacks work on while one exchange runs. It stays on the thread of `perform`.
final class TransferExchange {
    let request: TransferRequest
    let cancellation: TransferCancellation?
    var status = 0
    var headers = TransferHeaders()
    var received: [UInt8] = []
    /// Set by a callback that stops the transfer; wins over libcurl's own code.
    var stop: TransferError?
    private var sent = 0

    /// The most that is kept of a reply that a stream was meant for and that is not 2xx.
    private static let otherwiseLimitBytes = 1 << 20

    init(_ request: TransferRequest, cancellation: TransferCancellation?) {
        self.request = request
        self.cancellation = cancellation
    }

    /// Takes one header line; a status line begins a new reply, so that only the last one's fields are kept.
    func takeHeader(_ bytes: UnsafeRawBufferPointer) {
        var line = String(decoding: bytes, as: UTF8.self)
        while let last = line.last, last.isNewline { line.removeLast() }
        guard line.hasPrefix("HTTP/") else { return headers.add(line: line) }
        headers = TransferHeaders()
        received.removeAll()
        status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// Takes a piece of the body; false stops the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var limit = Self.otherwiseLimitBytes
        switch request.destination {
        case .memory(let limitBytes): limit = limitBytes
        case .stream(let take):
            if (200..<300).contains(status) {
                if take(bytes) { return true }
                stop = .cancelled
                return false
            }
        }
        guard bytes.count <= limit - received.count else {
            stop = .replyTooLong(limitBytes: limit)
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }

    /// Gives the next piece of the request's body; nil stops the transfer.
    func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        switch request.body {
        case .none: return 0
        case .bytes(let bytes):
            let piece = bytes[sent..<min(bytes.count, sent + buffer.count)]
            buffer.copyBytes(from: piece)
            sent += piece.count
            return piece.count
        case .file(let descriptor, _):
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count >= 0 { return count }
                if errno == EINTR { continue }
                stop = .bodyUnreadable(reason: String(cString: strerror(errno)))
                return nil
            }
        case .stream(_, let fill):
            let count = fill(buffer)
            if count >= 0, count <= buffer.count { return count }
            stop = .bodyUnreadable(reason: "its source failed")
            return nil
        }
    }

    /// Reports how far it is; false stops the transfer.
    func report(_ progress: TransferRequest.Progress) -> Bool {
        if cancellation?.isCancelled == true {
            stop = .cancelled
            return false
        }
        request.onProgress?(progress)
        return true
    }

    /// What libcurl's code means, in our own cases.
    func error(_ code: CURLcode, reason text: String, systemError: Int32) -> TransferError {
        if let stop { return stop }
        let reason = request.url.redacting(text.isEmpty ? String(cString: curl_easy_strerror(code)) : text)
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL: return .schemeNotAllowed(scheme: request.url.scheme)
        case CURLE_URL_MALFORMAT: return .badRequest(reason: reason)
        case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolve(host: request.url.host, reason: reason)
        case CURLE_COULDNT_CONNECT:
            return .couldNotConnect(to: request.unixSocket ?? request.url.host, errno: systemError, reason: reason)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(reason: reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND:
            return .tls(reason: reason)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            return .brokenOff(reason: reason)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP_RETURNED_ERROR, CURLE_BAD_CONTENT_ENCODING:
            return .notHTTP(reason: reason)
        case CURLE_TOO_MANY_REDIRECTS: return .tooManyRedirects
        default: return .failed(code: Int(code.rawValue), reason: reason)
        }
    }
}
