/// One HTTP exchange to be made.
///
/// Nothing is followed, reused or taken from the environment unless it stands here: no redirects, no proxy, no cookies, no
/// `.netrc`.
package struct TransferRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Where the bytes of the request come from.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// An open descriptor, read from its present position; without a byte count it goes in chunks.
        case file(descriptor: Int32, byteCount: Int64?)
        /// A closure that fills the buffer and answers how much: 0 at the end, negative when it failed. It is called on the
        /// thread of `perform`.
        case stream(byteCount: Int64?, read: @Sendable (UnsafeMutableRawBufferPointer) -> Int)
    }

    /// Where the bytes of the reply go.
    package enum Destination: Sendable {
        /// Into `TransferReply.body`; more than the limit is `TransferError.replyTooLong`.
        case memory(limitBytes: Int)
        /// To a closure, piece by piece as they come, on the thread of `perform`; false stops the transfer with `.cancelled`.
        /// Only the body of a 2xx reply goes there: any other is collected in `TransferReply.body`, to 1 MiB.
        case stream(@Sendable (UnsafeRawBufferPointer) -> Bool)
    }

    /// Which URLs may be asked for, redirects included.
    package enum Schemes: String, Sendable {
        case httpsOnly = "https"
        case httpAndHTTPS = "http,https"
    }

    /// How far a transfer has come.
    package struct Progress: Sendable, Equatable {
        package var sentBytes: Int64
        /// 0 when it is not known.
        package var toSendBytes: Int64
        package var receivedBytes: Int64
        /// 0 when it is not known.
        package var toReceiveBytes: Int64
    }

    package var method: Method
    package var url: SecretURL
    /// The path of a Unix socket to connect to in place of the URL's host.
    package var unixSocket: String?
    package var headers: [(name: String, value: String)] = []
    package var body: Body = .none
    package var destination: Destination = .memory(limitBytes: 64 << 20)
    /// For the whole exchange; nil for none, as a stream of events needs.
    package var timeoutSeconds: Double? = 30
    package var connectTimeoutSeconds: Double = 5
    /// Ends an exchange over which not a byte has moved for so long; nil for never. Whole seconds.
    package var idleTimeoutSeconds: Int?
    package var schemes: Schemes = .httpsOnly
    package var followRedirects = false
    package var userAgent = "csvand"
    /// Called about once a second, and more often while bytes move, on the thread of `perform`.
    package var onProgress: (@Sendable (Progress) -> Void)?

    /// A request to a TCP host; https only until `schemes` says otherwise.
    package init(_ method: Method, _ url: SecretURL) {
        self.method = method
        self.url = url
    }

    /// A request over a Unix socket; the host of the URL is `localhost`.
    ///
    /// - Parameter path: path and query, beginning with `/`.
    package init(_ method: Method, unixSocket: String, path: String) {
        self.method = method
        self.unixSocket = unixSocket
        url = SecretURL("http://localhost" + path)
        schemes = .httpAndHTTPS
    }
}
