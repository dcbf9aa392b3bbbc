import Foundation

/// The characters of an encoding of one byte a character.
struct CodePage: Sendable {
    /// Of the bytes 0x80 ... 0xFF; U+FFFD where the encoding has none.
    let upper: [UInt32]

    /// Windows-1252 as the WHATWG has it, others as iconv has them.
    ///
    /// - Returns: nil for an encoding of another kind, or one that the C library does not have.
    init?(_ encoding: Dialect.Encoding) {
        switch encoding {
        case .utf8, .utf8BOM, .utf16LE, .utf16BE: return nil
        case .windows1252: upper = Self.windows1252
        default:
            let name = encoding == .macintosh ? "MACINTOSH" : encoding.rawValue.uppercased()
            guard let converter = iconv_open("UTF-32LE", name), Int(bitPattern: converter) != -1 else { return nil }
            defer { iconv_close(converter) }
            upper = (128...255).map { Self.scalar(UInt8($0), converter) }
        }
    }

    static func exists(_ encoding: Dialect.Encoding) -> Bool {
        switch encoding {
        case .utf8, .utf8BOM, .utf16LE, .utf16BE: true
        default: CodePage(encoding) != nil
        }
    }

    private static func scalar(_ byte: UInt8, _ converter: iconv_t) -> UInt32 {
        // Safety: iconv reads one byte and writes at most four, within the counts given.
        var input = CChar(bitPattern: byte)
        var output: UInt32 = 0
        var inputLeft = 1
        var outputLeft = 4
        let result = withUnsafeMutablePointer(to: &input) { source in
            withUnsafeMutableBytes(of: &output) { target in
                var from: UnsafeMutablePointer<CChar>? = source
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        iconv(converter, nil, nil, nil, nil)
        return result == 0 && outputLeft == 0 ? UInt32(littleEndian: output) : 0xFFFD
    }

    /// 0x80 ... 0x9F; the five bytes that Windows-1252 leaves open stay controls. The rest is Latin-1.
    ///
    /// Source: WHATWG Encoding Standard, index windows-1252.
    static let windows1252: [UInt32] =
        [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
            0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
            0x0153, 0x9D, 0x017E, 0x0178,
        ] + (0xA0...0xFF)
}
