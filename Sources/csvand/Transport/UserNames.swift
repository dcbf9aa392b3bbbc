import Foundation

/// Names of the machine's users.
enum UserNames {
    /// `ana`, or `uid 1000` for a user that has no name here.
    static func name(of userID: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: 16_384)
        let status = getpwuid_r(userID, &entry, &texts, texts.count, &found)
        guard status == 0, found != nil, let name = entry.pw_name else { return "uid \(userID)" }
        return withExtendedLifetime(texts) { String(cString: name) }
    }
}
