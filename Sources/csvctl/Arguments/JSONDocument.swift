import Foundation
import Shared

/// JSON that a user wrote.
enum JSONDocument {
    /// The list of a document: the document itself, or what stands under `key`.
    static func list(_ key: String, in text: Data, of path: String) throws(CsvctlError) -> [JSONValue] {
        let document: JSONValue
        do {
            document = try JSONDecoder().decode(JSONValue.self, from: text)
        } catch {
            throw CsvctlError.file(path: path, detail: "is not valid JSON")
        }
        switch document {
        case .array(let items): return items
        case .object(let members):
            if case .array(let items)? = members[key] { return items }
            throw CsvctlError.file(path: path, detail: "has no list under \"\(key)\"")
        default:
            throw CsvctlError.file(path: path, detail: "is neither a list of \(key) nor an object with \"\(key)\"")
        }
    }
}
