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
        if sample.starts(with: [0xFF, 0xFE]) {
            return Finding(encoding: .utf16LE, reason: "Encoding utf-16le: the file starts with its byte-order mark.")
        }
        if sample.starts(with: [0xFE, 0xFF]) {
            return Finding(encoding: .utf16BE, reason: "Encoding utf-16be: the file starts with its byte-order mark.")
        }
        if let encoding = utf16(sample) {
            return Finding(
                encoding: encoding,
                reason: "Encoding \(encoding.rawValue): every other byte is 0, as in Latin text of it.")
        }
        try refuseControls(sample)
        return utf8(sample, isWhole: isWhole)
    }

    private static func parse(_ given: String, _ sample: [UInt8]) throws(CSVError) -> Dialect.Encoding {
        switch given.lowercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
        case "utf8", "utf8bom", "ascii", "usascii", "utf8sig":
            return sample.starts(with: [0xEF, 0xBB, 0xBF]) ? .utf8BOM : .utf8
        case "utf16": return sample.starts(with: [0xFE, 0xFF]) ? .utf16BE : .utf16LE
        case "utf16le": return .utf16LE
        case "utf16be": return .utf16BE
        case "windows1252", "cp1252", "latin1", "iso88591": return .windows1252
        default:
            throw .badOption(
                name: "encoding", value: given, expected: "one of utf-8, utf-16le, utf-16be, windows-1252")
        }
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
    private static func refuseControls(_ sample: [UInt8]) throws(CSVError) {
        let bytes = sample.prefix(65_536)
        var controls = 0
        for byte in bytes where byte < 32 && byte != 9 && byte != 10 && byte != 13 && byte != 12 { controls += 1 }
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
