import CCurl

extension TransferRequest {
    /// Sets every option of the exchange; the first code that is not OK is returned.
    func configure(_ handle: UnsafeMutableRawPointer, _ exchange: TransferExchange) -> CURLcode {
        let longs: [(CURLoption, Int)] = [
            // Time-outs must not use signals: other threads run.
            (CURLOPT_NOSIGNAL, 1),
            // One behaviour over TCP, TLS and the Unix socket, chunked bodies included.
            (CURLOPT_HTTP_VERSION, 2),
            (CURLOPT_FOLLOWLOCATION, followRedirects ? 1 : 0),
            (CURLOPT_MAXREDIRS, 5),
            (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
            (CURLOPT_TIMEOUT_MS, milliseconds(timeoutSeconds ?? 0)),
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connectTimeoutSeconds)),
            (CURLOPT_LOW_SPEED_LIMIT, idleTimeoutSeconds == nil ? 0 : 1),
            (CURLOPT_LOW_SPEED_TIME, idleTimeoutSeconds ?? 0),
            (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_NOPROGRESS, 0),
            // Large bodies in fewer calls than with the defaults of 64 and 16 KiB.
            (CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10),
            (CURLOPT_BUFFERSIZE, 256 << 10),
        ]
        let strings: [(CURLoption, String)] = [
            (CURLOPT_URL, url.revealed), (CURLOPT_PROTOCOLS_STR, schemes.rawValue),
            (CURLOPT_REDIR_PROTOCOLS_STR, schemes.rawValue), (CURLOPT_USERAGENT, userAgent),
            // The environment's proxy must not see the control socket's or a webhook's traffic unasked.
            (CURLOPT_PROXY, ""),
        ]
        let codes =
            longs.map { csvand_setopt_long(handle, $0.0, $0.1) }
            + strings.map { csvand_setopt_string(handle, $0.0, $0.1) }
            + [unixSocket.map { csvand_setopt_string(handle, CURLOPT_UNIX_SOCKET_PATH, $0) } ?? CURLE_OK]
            + method(handle) + callbacks(handle, exchange)
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    /// Bodies go the way of an upload, whose callback reads them; the method's name is set on top.
    private func method(_ handle: UnsafeMutableRawPointer) -> [CURLcode] {
        let byteCount: Int64
        switch body {
        case .none: byteCount = 0
        case .bytes(let bytes): byteCount = Int64(bytes.count)
        case .file(_, let count), .stream(let count, _): byteCount = count ?? -1
        }
        switch method {
        case .head: return [csvand_setopt_long(handle, CURLOPT_NOBODY, 1)]
        case .get where byteCount == 0, .delete where byteCount == 0:
            return [
                csvand_setopt_long(handle, CURLOPT_HTTPGET, 1),
                csvand_setopt_string(handle, CURLOPT_CUSTOMREQUEST, method.rawValue),
            ]
        default:
            return [
                csvand_setopt_long(handle, CURLOPT_UPLOAD, 1),
                csvand_setopt_string(handle, CURLOPT_CUSTOMREQUEST, method.rawValue),
                csvand_setopt_off(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(byteCount)),
            ]
        }
    }

    private func callbacks(_ handle: UnsafeMutableRawPointer, _ exchange: TransferExchange) -> [CURLcode] {
        // Safety: the exchange outlives the handle's last use: `perform` keeps it through `withExtendedLifetime`.
        let pointer = Unmanaged.passUnretained(exchange).toOpaque()
        return [
            csvand_setopt_pointer(handle, CURLOPT_WRITEDATA, pointer),
            csvand_setopt_pointer(handle, CURLOPT_HEADERDATA, pointer),
            csvand_setopt_pointer(handle, CURLOPT_READDATA, pointer),
            csvand_setopt_pointer(handle, CURLOPT_XFERINFODATA, pointer),
            csvand_setopt_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
                guard let exchange = exchangeOf(data) else { return 0 }
                return exchange.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            },
            csvand_setopt_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, data in
                guard let exchange = exchangeOf(data) else { return 0 }
                exchange.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            },
            csvand_setopt_data_callback(handle, CURLOPT_READFUNCTION) { bytes, size, count, data in
                let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return exchangeOf(data)?.giveBody(room) ?? Int(CURL_READFUNC_ABORT)
            },
            csvand_setopt_progress_callback(handle) { data, toReceive, received, toSend, sent in
                let progress = Progress(
                    sentBytes: Int64(sent), toSendBytes: Int64(toSend), receivedBytes: Int64(received),
                    toReceiveBytes: Int64(toReceive))
                return exchangeOf(data)?.report(progress) == true ? 0 : 1
            },
        ]
    }

    private func milliseconds(_ seconds: Double) -> Int { Int((min(max(seconds, 0), 86_400) * 1_000).rounded(.up)) }
}

/// The exchange behind a callback's pointer.
private func exchangeOf(_ data: UnsafeMutableRawPointer?) -> TransferExchange? {
    // Safety: libcurl hands back the pointer that `callbacks` set, during `curl_easy_perform` only.
    data.map { Unmanaged<TransferExchange>.fromOpaque($0).takeUnretainedValue() }
}
