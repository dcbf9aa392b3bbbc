import Foundation
import Shared

/// Takes `multipart/form-data` apart while it arrives (RFC 7578): small fields are kept, the `file` part is handed on in pieces.
struct MultipartReader {
    private enum Position { case preamble, headers, content, end }

    /// No form of ours has longer part headers or longer fields than this.
    private static let mostHeaderBytes = 16 << 10
    private static let mostFieldBytes = 1 << 20

    private let delimiter: [UInt8]
    private var position = Position.preamble
    private var pending: [UInt8] = []
    private var fieldName: String?
    private var isFile = false
    private(set) var fields: [String: String] = [:]
    /// The name the browser gave for the file.
    private(set) var fileName: String?
    private(set) var hasFile = false

    /// - Parameter contentType: the request's `Content-Type`; nil is answered when it is no multipart form.
    init?(contentType: String) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let start = contentType.range(of: "boundary=", options: .caseInsensitive)
        else { return nil }
        var boundary = contentType[start.upperBound...].prefix { $0 != ";" }
        if boundary.hasPrefix("\""), boundary.hasSuffix("\""), boundary.count > 1 {
            boundary = boundary.dropFirst().dropLast()
        }
        guard !boundary.isEmpty, boundary.utf8.count <= 70 else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary has no line end before it.
        pending = [0x0D, 0x0A]
    }

    /// Takes the next bytes and gives what they hold of the `file` part.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [UInt8] {
        pending.append(contentsOf: bytes)
        var content: [UInt8] = []
        while true {
            switch position {
            case .preamble:
                guard let found = find(delimiter) else {
                    keepTail()
                    return content
                }
                pending.removeFirst(found + delimiter.count)
                position = .headers
            case .headers:
                guard try readHeaders() else { return content }
            case .content:
                guard try readContent(into: &content) else { return content }
            case .end:
                pending = []
                return content
            }
        }
    }

    /// - Throws: `Problem` when the form ended in the middle or has no file.
    func finish() throws {
        guard case .end = position else { throw Self.damaged("it ends before its last boundary") }
        guard hasFile else {
            throw Problem(
                .requestBadBody, "The form has no part named \"file\".", remedy: "Name the form field of the CSV file.",
                places: [.init(column: "file")])
        }
    }

    /// False when more bytes are needed.
    private mutating func readHeaders() throws -> Bool {
        guard pending.count >= 2 else { return false }
        if pending.starts(with: Array("--".utf8)) {
            position = .end
            return true
        }
        guard let end = find(Array("\r\n\r\n".utf8)) else {
            guard pending.count <= Self.mostHeaderBytes else { throw Self.damaged("a part has too long headers") }
            return false
        }
        let lines = String(decoding: pending[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        // The delimiter's own line end is needed again when the content is empty.
        pending.removeFirst(end + 2)
        guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }) else {
            throw Self.damaged("a part has no Content-Disposition")
        }
        fieldName = Self.parameter("name", of: disposition)
        isFile = fieldName == "file"
        if isFile {
            hasFile = true
            fileName = Self.parameter("filename", of: disposition)
        }
        skipsLineEnd = true
        position = .content
        return true
    }

    private var skipsLineEnd = false
    private var field: [UInt8] = []

    private mutating func readContent(into file: inout [UInt8]) throws -> Bool {
        let found = find(delimiter)
        // Without a boundary, all but a possible beginning of one is content.
        let count = found ?? max(0, pending.count - delimiter.count)
        var content = Array(pending[..<count])
        if skipsLineEnd, found != nil || count >= 2 {
            content.removeFirst(min(2, content.count))
            skipsLineEnd = false
        } else if skipsLineEnd {
            return false
        }
        if isFile {
            file.append(contentsOf: content)
        } else {
            field.append(contentsOf: content)
            guard field.count <= Self.mostFieldBytes else { throw Self.damaged("a field is too long") }
        }
        pending.removeFirst(count)
        guard found != nil else { return false }
        pending.removeFirst(delimiter.count)
        if !isFile, let fieldName { fields[fieldName] = String(decoding: field, as: UTF8.self) }
        field = []
        position = .headers
        return true
    }

    private mutating func keepTail() {
        if pending.count > delimiter.count { pending.removeFirst(pending.count - delimiter.count) }
    }

    private func find(_ needle: [UInt8]) -> Int? {
        pending.firstRange(of: needle)?.lowerBound
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.trimmingCharacters(in: .whitespaces)
            guard pair.lowercased().hasPrefix(name + "=") else { continue }
            let value = pair.dropFirst(name.count + 1)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }

    private static func damaged(_ reason: String) -> Problem {
        Problem(
            .requestBadBody, "The form is damaged: \(reason).",
            remedy: "Send the form again, or send the CSV as the raw body.")
    }
}
