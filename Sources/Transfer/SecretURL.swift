/// A URL that may hold a secret in its path, query or user part, and that therefore prints only its scheme and host.
///
/// A Discord webhook's token stands in the path: whoever reads it can post. Every printing way (`description`,
/// `debugDescription`, a mirror, string interpolation) gives `https://discord.com/…`; the text itself is read through
/// `revealed`, which is easy to search for.
package struct SecretURL: Sendable, Hashable {
    private let text: String

    /// Takes the text as it is; `perform` refuses what libcurl cannot parse.
    package init(_ text: String) { self.text = text }

    /// The whole URL. Never log it and never put it in an error.
    package var revealed: String { text }

    /// The scheme in lower case, without `://`; empty when there is none.
    package var scheme: String {
        guard let mark = text.firstRange(of: "://") else { return "" }
        return text[..<mark.lowerBound].lowercased()
    }

    /// The host in lower case, without user, port and the brackets of an IPv6 address.
    package var host: String {
        var authority = self.authority
        if authority.hasPrefix("[") {
            authority.removeFirst()
            return String(authority.prefix { $0 != "]" }).lowercased()
        }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }

    /// True when the URL names a user, which no URL of ours may.
    package var hasUser: Bool { rawAuthority.contains("@") }

    /// The URL with a path segment after its path, before its query.
    package func appending(path segments: String...) -> SecretURL {
        let (path, query) = split
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        return SecretURL(([trimmed] + segments).joined(separator: "/") + (query.map { "?" + $0 } ?? ""))
    }

    /// The URL with `name=value` added to its query; both must already be fit for a query.
    package func appending(query name: String, _ value: String) -> SecretURL {
        let (path, query) = split
        return SecretURL(path + "?" + (query.map { $0.isEmpty ? "" : $0 + "&" } ?? "") + name + "=" + value)
    }

    /// A text of libcurl's with everything of this URL beyond the host taken out.
    func redacting(_ reason: String) -> String {
        var result = reason.replacing(text, with: description)
        if let mark = text.firstRange(of: "://") {
            let rest = text[mark.upperBound...]
            if let slash = rest.firstIndex(of: "/"), rest.distance(from: slash, to: rest.endIndex) > 1 {
                result = result.replacing(rest[slash...], with: "/…")
            }
            if rawAuthority.contains("@") { result = result.replacing(rawAuthority, with: authority) }
        }
        return result
    }

    private var split: (path: String, query: String?) {
        let bare = text.prefix { $0 != "#" }
        guard let mark = bare.firstIndex(of: "?") else { return (String(bare), nil) }
        return (String(bare[..<mark]), String(bare[bare.index(after: mark)...]))
    }

    private var rawAuthority: Substring {
        guard let mark = text.firstRange(of: "://") else { return "" }
        return text[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    }

    private var authority: Substring {
        let whole = rawAuthority
        return whole.lastIndex(of: "@").map { whole[whole.index(after: $0)...] } ?? whole
    }
}

extension SecretURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { scheme.isEmpty ? "…" : "\(scheme)://\(authority)/…" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
