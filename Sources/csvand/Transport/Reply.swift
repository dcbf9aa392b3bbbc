import Foundation
import HTTPTypes
import Hummingbird
import Shared

extension Response {
    /// A wire value as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        bytes(try WireJSON.encode(value), type: "application/json", status: status)
    }

    /// RFC 9457 problem details.
    static func problem(_ problem: Problem) -> Response {
        let body = (try? WireJSON.encode(problem)) ?? Data()
        var response = bytes(
            body, type: "application/problem+json", status: HTTPResponse.Status(code: problem.status))
        if problem.code == ErrorCode.requestRateLimited.rawValue { response.headers[.retryAfter] = "1" }
        return response
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok)
        -> Response
    {
        bytes(Data(text.utf8), type: type, status: status)
    }

    static func bytes(_ body: Data, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type, .contentLength: String(body.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func bytes(_ body: [UInt8], type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .contentLength: String(body.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        self.text(text, type: "text/html; charset=utf-8", status: status)
    }
}

extension Request {
    /// The first value of a query parameter, decoded; nil when absent.
    func query(_ name: String) -> String? { uri.queryParameters[Substring(name)].map(String.init) }

    /// All query parameters, decoded.
    var queryValues: [String: String] {
        var values: [String: String] = [:]
        for (key, value) in uri.queryParameters { values[String(key)] = String(value) }
        return values
    }

    /// A whole number in a range, or the default when absent.
    func queryCount(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw Problem.badParameter(
                name, text, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A number of seconds above 0 and within ten years, or the default when absent.
    func querySeconds(_ name: String, default standard: Double) throws(Problem) -> Double {
        guard let text = query(name) else { return standard }
        guard let value = Double(text), value > 0, value <= 315_360_000 else {
            throw Problem.badParameter(name, text, expected: "a number of seconds above 0")
        }
        return value
    }

    /// Names separated by commas.
    func queryNames(_ name: String) -> [String]? { query(name)?.split(separator: ",").map(String.init) }

    func queryFlag(_ name: String) throws(Problem) -> Bool? {
        guard let text = query(name) else { return nil }
        switch text {
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        default: throw Problem.badParameter(name, text, expected: "true or false")
        }
    }

    /// The whole body, at most `limit` bytes.
    func wholeBody(limit: Int) async throws -> Data {
        var data = Data()
        for try await buffer in body {
            guard data.count + buffer.readableBytes <= limit else {
                throw Problem(
                    .requestTooLarge, "The body is larger than the \(limit) bytes this route takes.",
                    remedy: "Send a smaller body.")
            }
            data.append(contentsOf: buffer.readableBytesView)
        }
        return data
    }

    /// The body decoded as a wire value.
    func decoded<T: Decodable>(_ type: T.Type, limit: Int = 4 << 20) async throws -> T {
        try WireJSON.body(type, try await wholeBody(limit: limit))
    }
}

extension WireJSON {
    /// A wire value that is the body of a request.
    static func body<T: Decodable>(_ type: T.Type, _ data: Data) throws -> T {
        do {
            return try decode(type, from: data)
        } catch let error as DecodingError {
            throw Problem.badBody(error)
        }
    }
}

extension Problem {
    static func badBody(_ error: DecodingError) -> Problem {
        switch error {
        case .keyNotFound(let key, _):
            Problem(
                .requestBadBody, "The body lacks \(key.stringValue.quotedForMessage).",
                remedy: "Add the field; /openapi.json has the shape of every body.",
                places: [Place(column: key.stringValue)])
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            Problem(
                .requestBadBody, "The field \(context.path.quotedForMessage) of the body has the wrong type.",
                remedy: "See /openapi.json for the shape of every body.", places: [Place(column: context.path)])
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            Problem(
                .requestBadBody,
                "The field \(context.path.quotedForMessage) of the body is not valid: \(context.fault).",
                remedy: "See /openapi.json for the shape of every body.", places: [Place(column: context.path)])
        default:
            Problem(
                .requestBadBody, "The body is not valid JSON.",
                remedy: "Send a JSON object with Content-Type: application/json.")
        }
    }
}

extension DecodingError.Context {
    fileprivate var path: String { codingPath.map(\.stringValue).joined(separator: ".") }

    /// What is wrong. Swift says of a text that no case of an enumeration has: "Cannot initialize Kind from invalid String value x".
    fileprivate var fault: String {
        guard let words = debugDescription.range(of: " from invalid String value ") else { return debugDescription }
        return "\(String(debugDescription[words.upperBound...]).quotedForMessage) is not one of its values"
    }
}
