/// What a server answered.
package struct TransferReply: Sendable, Equatable {
    /// The HTTP status of the last answer, redirects followed.
    package var status: Int
    package var headers: TransferHeaders
    /// Empty for what went to a stream.
    package var body: [UInt8]

    package init(status: Int, headers: TransferHeaders = TransferHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// The header fields of a reply in their order; names are looked up without regard to case.
package struct TransferHeaders: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) { self.fields = fields }

    /// The first value of that name.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    /// Takes one line as it came; a line without a colon is left out.
    mutating func add(line: String) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...]
        fields.append(Field(name: String(line[..<colon]), value: String(trimmed(value))))
    }

    private func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop { $0.isWhitespace }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
