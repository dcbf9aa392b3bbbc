import Shared

/// The tree of field errors in a 400 of Discord's: objects down to `{"_errors":[{"code","message"}]}`.
struct FieldErrors: Decodable {
    /// `embeds.0.title: Must be 256 or fewer in length.`, sorted by path.
    let places: [String]

    init(from decoder: any Decoder) throws {
        places = Self.places(try JSONValue(from: decoder), path: [])
    }

    private static func places(_ value: JSONValue, path: [String]) -> [String] {
        guard case .object(let members) = value, path.count < 10 else { return [] }
        return members.sorted { $0.key < $1.key }.flatMap { name, member -> [String] in
            guard name == "_errors", case .array(let errors) = member else {
                return places(member, path: path + [name])
            }
            return errors.compactMap { error in
                guard case .object(let fields) = error, case .string(let message)? = fields["message"] else {
                    return nil
                }
                return path.joined(separator: ".") + ": " + message
            }
        }
    }
}
