import CCurl
import Foundation

extension TransferRequest {
    /// libcurl's own set-up, which must happen once and before any thread uses it.
    private static let libraryCode = csvand_curl_init()

    /// Makes the exchange on the calling thread and waits for its end.
    ///
    /// - Throws: every case of `TransferError`; a status of 400 or more is a reply.
    package func perform(cancellation: TransferCancellation? = nil) throws(TransferError) -> TransferReply {
        try checkFields()
        guard Self.libraryCode == CURLE_OK, let handle = curl_easy_init() else {
            throw .failed(code: Int(Self.libraryCode.rawValue), reason: "libcurl does not start")
        }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // An empty Expect keeps libcurl from waiting a second for a 100 that few servers send.
        for line in headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] { list = curl_slist_append(list, line) }

        let exchange = TransferExchange(self, cancellation: cancellation)
        var reasonBuffer = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE) + 1)
        let (code, systemError) = withExtendedLifetime(exchange) {
            reasonBuffer.withUnsafeMutableBufferPointer { buffer -> (CURLcode, Int32) in
                csvand_setopt_pointer(handle, CURLOPT_ERRORBUFFER, buffer.baseAddress)
                csvand_setopt_pointer(handle, CURLOPT_HTTPHEADER, list)
                let code = configure(handle, exchange)
                guard code == CURLE_OK else { return (code, 0) }
                let done = curl_easy_perform(handle)
                var number = 0
                csvand_getinfo_long(handle, CURLINFO_OS_ERRNO, &number)
                return (done, Int32(truncatingIfNeeded: number))
            }
        }
        let reply = TransferReply(status: exchange.status, headers: exchange.headers, body: exchange.received)
        // A server that refuses a body closes while we still send: what it had answered by then is the reply.
        let refusedEarly = code == CURLE_SEND_ERROR && exchange.status >= 400 && exchange.stop == nil
        guard code == CURLE_OK || refusedEarly else {
            let text = String(decoding: reasonBuffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw exchange.error(code, reason: text, systemError: systemError)
        }
        return reply
    }

    /// Makes the exchange on a thread of its own; the task's cancellation ends it.
    package func performOnOwnThread() async throws(TransferError) -> TransferReply {
        let cancellation = TransferCancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<TransferReply, TransferError>, Never>) in
                Thread.detachNewThread {
                    let result = Result { () throws(TransferError) in try perform(cancellation: cancellation) }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    /// Refuses what would end a header early: the value would become a header, or a request, of its own.
    private func checkFields() throws(TransferError) {
        for (name, value) in headers + [("User-Agent", userAgent)] {
            let bytes = Array(name.utf8) + Array(value.utf8)
            guard !bytes.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }), !name.isEmpty else {
                throw .badRequest(reason: "the header \(name.prefix(40).filter { !$0.isNewline }) holds a line break")
            }
        }
        guard !url.revealed.utf8.contains(where: { $0 <= 32 || $0 == 127 }) else {
            throw .badRequest(reason: "the URL holds a space or a control character")
        }
        guard schemes.rawValue.split(separator: ",").contains(Substring(url.scheme)) else {
            throw .schemeNotAllowed(scheme: url.scheme)
        }
        if let unixSocket, unixSocket.utf8.count > 107 {
            throw .badRequest(reason: "the socket path is longer than the 107 bytes that the system allows")
        }
    }
}
