import Foundation
import Shared
import Storage
import Tabular

/// The query parameters (or form fields) of an upload, read and checked.
package struct UploadParameters: Sendable {
    private static let known = [
        "name", "delimiter", "quote", "escape", "double_quote", "skip_initial_space", "trim", "comment", "encoding",
        "header", "skip_rows", "decimal", "null_values",
        "types", "strict", "if_exists", "profile",
    ]

    private let values: [String: String]

    /// - Throws: `request.bad_parameter` for a name that is not known.
    package init(_ values: [String: String]) throws(Problem) {
        self.values = values
        for key in values.keys.sorted() where !Self.known.contains(key) {
            let nearest = Spelling.nearest(to: key, among: Self.known)
            throw Problem(
                .requestBadParameter, "There is no parameter \(key.quotedForMessage) for an upload.",
                remedy: nearest.map { "Did you mean \($0)?" } ?? "Known are: \(Self.known.joined(separator: ", ")).",
                places: [.init(column: key)])
        }
    }

    /// The same with what a form's fields add, and a name from the file's when none is given.
    package func completed(by fields: [String: String], fileName: String?) throws(Problem) -> UploadParameters {
        var merged = fields.filter { Self.known.contains($0.key) && !$0.value.isEmpty }.merging(values) { _, query in
            query
        }
        if merged["name"] == nil, let fileName {
            let last = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? fileName
            merged["name"] = (last as NSString).deletingPathExtension
        }
        return try UploadParameters(merged)
    }

    /// - Throws: `request.bad_parameter` that names the parameter and what it must be.
    package var request: UploadRequest {
        get throws(Problem) {
            guard let name = values["name"], !name.isEmpty else {
                throw Problem(
                    .requestBadParameter, "The upload has no name.", remedy: "Add ?name=... with the dataset's name.",
                    places: [.init(column: "name")])
            }
            return UploadRequest(
                name: name, options: try options, ifExists: try existing, profiles: try flag("profile") ?? true)
        }
    }

    private var existing: ExistingDataset {
        get throws(Problem) {
            guard let text = values["if_exists"] else { return .error }
            guard let value = ExistingDataset(rawValue: text) else {
                throw Problem.badParameter("if_exists", text, expected: "error, replace, append or version")
            }
            return value
        }
    }

    /// How to read the CSV; what is not given is detected.
    package var options: ReadOptions {
        get throws(Problem) {
            ReadOptions(
                delimiter: values["delimiter"].map { $0 == "\\t" || $0 == "tab" ? "\t" : $0 }, quote: values["quote"],
                escape: values["escape"], doubleQuote: try flag("double_quote"),
                spacing: Dialect.Spacing(skipsInitial: try flag("skip_initial_space"), trims: try flag("trim")),
                comment: values["comment"], encoding: values["encoding"], header: try header, skipRows: try skipRows,
                decimal: values["decimal"],
                nullValues: values["null_values"].map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                },
                types: try types, strict: try flag("strict") ?? false)
        }
    }

    private var header: ReadOptions.Header {
        get throws(Problem) {
            guard let text = values["header"] else { return .auto }
            guard let value = ReadOptions.Header(rawValue: text) else {
                throw Problem.badParameter("header", text, expected: "auto, true or false")
            }
            return value
        }
    }

    private var skipRows: Int? {
        get throws(Problem) {
            guard let text = values["skip_rows"] else { return nil }
            guard let value = Int(text), (0...1_000_000).contains(value) else {
                throw Problem.badParameter("skip_rows", text, expected: "a whole number from 0 to 1000000")
            }
            return value
        }
    }

    private func flag(_ name: String) throws(Problem) -> Bool? {
        switch values[name] {
        case nil: return nil
        case "false", "0": return false
        case "true", "1": return true
        case .some(let text): throw Problem.badParameter(name, text, expected: "true or false")
        }
    }

    /// `age:integer,name:text`; the type is what follows the last colon.
    private var types: [String: ColumnType] {
        get throws(Problem) {
            var types: [String: ColumnType] = [:]
            for pair in (values["types"] ?? "").split(separator: ",") {
                guard let colon = pair.lastIndex(of: ":"),
                    let type = ColumnType(rawValue: String(pair[pair.index(after: colon)...]))
                else {
                    let names = ColumnType.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Problem.badParameter(
                        "types", String(pair), expected: "a list of column:type with types \(names)")
                }
                types[String(pair[..<colon])] = type
            }
            return types
        }
    }
}
