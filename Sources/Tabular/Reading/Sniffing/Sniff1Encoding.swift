/// Step 1: what kind of bytes these are.
enum Sniff1Encoding {
    struct Finding {
        var encoding: Dialect.Encoding
        var reason: String
    }

    static func find(_ sample: [UInt8], isWhole: Bool, options: ReadOptions) throws(CSVError) -> Finding {
        if let kind = magic(sample) {
            throw kind.isCompression ? .compressed(kind: kind.name) : .binary(kind: kind.name)
        }
        if let given = options.encoding {
            let encoding = try parse(given, sample)
            return Finding(encoding: encoding, reason: "Encoding \(encoding.rawValue), as given.")
        }
        if sample.starts(with: [0xEF, 0xBB, 0xBF]) {
            return Finding(encoding: .utf8BOM, reason: "Encoding utf-8-bom: the file starts with its byte-order mark.")
        }
        if let encoding = utf32(sample) { throw .unsupportedEncoding(name: encoding) }
        if sample.starts(with: [0xFF, 0xFE]) {
            return Finding(encoding: .utf16LE, reason: "Encoding utf-16le: the file starts with its byte-order mark.")
        }
        if sample.starts(with: [0xFE, 0xFF]) {
            return Finding(encoding: .utf16BE, reason: "Encoding utf-16be: the file starts with its byte-order mark.")
        }
        if !usesNulBytes(options), let encoding = utf16(sample) {
            return Finding(
                encoding: encoding,
                reason: "Encoding \(encoding.rawValue): every other byte is 0, as in Latin text of it.")
        }
        try refuseControls(sample, options)
        return utf8(sample, isWhole: isWhole)
    }

    private static func parse(_ given: String, _ sample: [UInt8]) throws(CSVError) -> Dialect.Encoding {
        let name = given.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        switch name {
        case "utf8", "utf8bom", "ascii", "usascii", "utf8sig":
            return sample.starts(with: [0xEF, 0xBB, 0xBF]) ? .utf8BOM : .utf8
        case "utf16": return sample.starts(with: [0xFE, 0xFF]) ? .utf16BE : .utf16LE
        case "latin1", "iso88591", "l1": return .windows1252
        default: break
        }
        let plain =
            name.hasPrefix("cp125")
            ? "windows" + name.dropFirst(2) : name == "mac" || name == "macroman" ? "macintosh" : name
        if let encoding = Dialect.Encoding.allCases.first(where: {
            $0.rawValue.filter { $0 != "-" } == plain && CodePage.exists($0)
        }) {
            return encoding
        }
        if Self.unread.contains(where: { name.hasPrefix($0) }) { throw .unsupportedEncoding(name: given) }
        throw .badOption(
            name: "encoding", value: given,
            expected: "one of "
                + Dialect.Encoding.allCases.filter { $0 != .utf8BOM }.map(\.rawValue).joined(separator: ", "))
    }

    /// Known, but of several bytes a character or of four always.
    private static let unread = [
        "utf32", "ucs4", "utf7", "shiftjis", "sjis", "cp932", "windows31j", "ms932", "eucjp", "iso2022", "gb", "big5",
        "euckr", "cp949",
        "cp936", "cp950", "hz",
    ]

    /// Four bytes a character, by the mark or by the zeros of Latin text.
    private static func utf32(_ sample: [UInt8]) -> String? {
        if sample.starts(with: [0xFF, 0xFE, 0, 0]) { return "utf-32le" }
        if sample.starts(with: [0, 0, 0xFE, 0xFF]) { return "utf-32be" }
        let bytes = sample.prefix(4096)
        guard bytes.count >= 8 else { return nil }
        var zeros = [0, 0, 0, 0]
        for (offset, byte) in bytes.enumerated() where byte == 0 { zeros[offset % 4] += 1 }
        let units = bytes.count / 4
        func isZero(_ place: Int) -> Bool { zeros[place] * 10 >= units * 9 }
        func isText(_ place: Int) -> Bool { zeros[place] * 10 <= units }
        if isText(0), isZero(1), isZero(2), isZero(3) { return "utf-32le" }
        if isText(3), isZero(0), isZero(1), isZero(2) { return "utf-32be" }
        return nil
    }

    /// The client means NUL bytes, which are then no sign of UTF-16.
    private static func usesNulBytes(_ options: ReadOptions) -> Bool {
        [options.delimiter, options.quote, options.escape].contains { $0?.utf8.contains(0) ?? false }
    }

    private static func utf16(_ sample: [UInt8]) -> Dialect.Encoding? {
        let bytes = sample.prefix(4096)
        guard bytes.count >= 4 else { return nil }
        var zeros = (even: 0, odd: 0)
        for (offset, byte) in bytes.enumerated() where byte == 0 {
            if offset % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let half = bytes.count / 2
        if zeros.odd * 10 > half * 6, zeros.even * 10 < half { return .utf16LE }
        if zeros.even * 10 > half * 6, zeros.odd * 10 < half { return .utf16BE }
        return nil
    }

    /// A stray NUL is a bad row; many control bytes are no text.
    private static func refuseControls(_ sample: [UInt8], _ options: ReadOptions) throws(CSVError) {
        let bytes = sample.prefix(65_536)
        var meant: [UInt8] = [9, 10, 12, 13]
        for given in [options.delimiter, options.quote, options.escape] { meant += given.map { Array($0.utf8) } ?? [] }
        var controls = 0
        for byte in bytes where byte < 32 && !meant.contains(byte) { controls += 1 }
        if controls * 50 > bytes.count, controls > 4 { throw .binary(kind: "binary data") }
    }

    private static func utf8(_ sample: [UInt8], isWhole: Bool) -> Finding {
        let buffer = GroupBuffer()
        sample.withUnsafeBufferPointer { buffer.append($0) }
        buffer.seal()
        let validity = TextValidity(buffer.text, GroupBuffer.front..<buffer.end)
        // The end of the sample may cut a character.
        let invalid = validity.invalidBytes.count { isWhole || $0 < buffer.end - 3 }
        if invalid == 0 {
            let reason =
                validity.multibyteCharacters > 0
                ? "Encoding utf-8: all \(validity.multibyteCharacters) characters beyond ASCII in the sample are well-formed."
                : "Encoding utf-8: the sample is plain ASCII."
            return Finding(encoding: .utf8, reason: reason)
        }
        if invalid > validity.multibyteCharacters {
            return Finding(
                encoding: .windows1252,
                reason: "Encoding windows-1252: \(invalid) bytes in the sample are not UTF-8.")
        }
        return Finding(
            encoding: .utf8,
            reason:
                "Encoding utf-8: \(validity.multibyteCharacters) characters in the sample are well-formed, \(invalid) bytes are not."
        )
    }

    private struct Magic {
        var name: String
        var isCompression: Bool
    }

    /// What well-known first bytes say.
    private static func magic(_ sample: [UInt8]) -> Magic? {
        func starts(_ text: String) -> Bool { sample.starts(with: text.utf8) }
        if sample.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let head = String(decoding: sample.prefix(4096), as: UTF8.self)
            if head.contains("xl/") || head.contains("[Content_Types].xml") {
                return Magic(name: "an Excel workbook (XLSX)", isCompression: false)
            }
            if head.contains("opendocument") {
                return Magic(name: "an OpenDocument file", isCompression: false)
            }
            return Magic(name: "a ZIP archive", isCompression: true)
        }
        if sample.starts(with: [0x1F, 0x8B]) { return Magic(name: "a gzip stream", isCompression: true) }
        if sample.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            return Magic(name: "a Zstandard stream", isCompression: true)
        }
        if sample.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
            return Magic(name: "an xz stream", isCompression: true)
        }
        if starts("BZh"), sample.count > 10, sample[4] == 0x31 {
            return Magic(name: "a bzip2 stream", isCompression: true)
        }
        if starts("PAR1") { return Magic(name: "a Parquet file", isCompression: false) }
        if starts("SQLite format 3\0") { return Magic(name: "an SQLite database", isCompression: false) }
        if starts("%PDF-") { return Magic(name: "a PDF document", isCompression: false) }
        if sample.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return Magic(name: "a PNG image", isCompression: false) }
        if sample.starts(with: [0xFF, 0xD8, 0xFF]) { return Magic(name: "a JPEG image", isCompression: false) }
        if sample.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            return Magic(name: "an old Microsoft Office file", isCompression: false)
        }
        if starts("ARROW1") { return Magic(name: "an Arrow file", isCompression: false) }
        if sample.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return Magic(name: "an ELF program", isCompression: false) }
        return nil
    }
}
