/// An error as it crosses the process border: RFC 9457 problem details with a stable code, places and a remedy.
package struct Problem: Error, Sendable, Codable, Hashable {
    /// A URI reference that identifies the kind of problem; leads to its section in the documentation.
    package var type: String
    package var title: String
    package var status: Int
    /// What happened, with the shortened and escaped value.
    package var detail: String
    /// The request path the problem occurred on.
    package var instance: String?
    package var code: String
    /// What the client can do about it.
    package var remedy: String
    package var requestId: String?
    /// Where in the input, for errors that have a place.
    package var places: [Place]?

    package struct Place: Sendable, Codable, Hashable {
        /// Line of the input, from 1.
        package var line: Int?
        /// Byte offset in the input, from 0.
        package var byte: Int?
        /// Column name, or the key of a setting or a parameter.
        package var column: String?
        /// Row of the dataset, from 1.
        package var row: Int?

        package init(line: Int? = nil, byte: Int? = nil, column: String? = nil, row: Int? = nil) {
            self.line = line
            self.byte = byte
            self.column = column
            self.row = row
        }
    }

    package init(_ code: ErrorCode, _ detail: String, remedy: String, places: [Place]? = nil) {
        type = "/docs/errors#\(code.rawValue)"
        title = code.title
        status = code.status
        self.detail = detail
        self.code = code.rawValue
        self.remedy = remedy
        self.places = places
    }
}

extension Problem {
    /// A parameter of a request that cannot be used.
    package static func badParameter(_ name: String, _ value: String, expected: String) -> Problem {
        Problem(
            .requestBadParameter, "The parameter \(name) is \(value.quotedForMessage), but must be \(expected).",
            remedy: "Set \(name) to \(expected), or leave it out.", places: [Place(column: name)])
    }
}
