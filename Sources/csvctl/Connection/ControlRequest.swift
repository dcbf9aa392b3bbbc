import Foundation
import Shared

/// A request to the daemon, before it is put on the wire.
struct ControlRequest {
    enum Method: String { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    enum Body {
        case none
        case bytes([UInt8], contentType: String)
        /// Of the source's length, or in chunks when that is not known.
        case stream(ByteSource, contentType: String)
    }

    var method: Method
    /// Already escaped; made by `ControlPath`.
    var path: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: Body = .none
    /// For the whole exchange; nil for what may rightly take long, such as an upload or a query.
    var timeoutSeconds: Double? = 60

    /// The path with the query.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { ControlPath.escaped($0.name) + "=" + ControlPath.escaped($0.value) }.joined(separator: "&")
    }

    static func get(_ path: String, query: [(name: String, value: String)] = []) -> ControlRequest {
        ControlRequest(method: .get, path: path, query: query)
    }

    /// The same request without a limit of time.
    func withoutTimeout() -> ControlRequest {
        var request = self
        request.timeoutSeconds = nil
        return request
    }

    static func post(_ path: String) -> ControlRequest { ControlRequest(method: .post, path: path) }

    static func delete(_ path: String) -> ControlRequest { ControlRequest(method: .delete, path: path) }

    /// A request whose body is `value` as JSON.
    static func send(_ method: Method, _ path: String, _ value: some Encodable) throws -> ControlRequest {
        ControlRequest(
            method: method, path: path,
            body: .bytes(Array(try WireJSON.encode(value)), contentType: "application/json"))
    }
}

/// Paths made of parts that users choose.
enum ControlPath {
    /// `/api/v1/datasets/my%20table/rows`
    static func api(_ parts: String...) -> String { "/api/v1/" + parts.map(escaped).joined(separator: "/") }

    static func admin(_ parts: String...) -> String { "/admin/v1/" + parts.map(escaped).joined(separator: "/") }

    /// Everything but the unreserved characters of RFC 3986 section 2.3 as `%XX`.
    ///
    /// `.` and `..` alone would be taken for steps in the path and are escaped too.
    static func escaped(_ text: String) -> String {
        if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
