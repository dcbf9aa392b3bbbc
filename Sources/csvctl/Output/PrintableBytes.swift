/// A stream of UTF-8 on its way to a terminal, its control bytes replaced as `\x1b`.
///
/// Works on bytes because a download comes in pieces that may end inside a character: the only state is the lead byte of a
/// two-byte C1 control (`C2 80` ... `C2 9F`), held back until the next byte is known.
struct PrintableBytes {
    private var heldLead = false

    /// The piece as it may be shown. Line ends and tabs stay.
    mutating func pass(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if heldLead {
                heldLead = false
                if (0x80...0x9F).contains(byte) {
                    result += Self.name(of: byte)
                    continue
                }
                result.append(0xC2)
            }
            switch byte {
            case 0x0A, 0x09: result.append(byte)
            case 0x00...0x1F, 0x7F: result += Self.name(of: byte)
            case 0xC2: heldLead = true
            default: result.append(byte)
            }
        }
        return result
    }

    /// What was held back when the stream ends.
    mutating func finish() -> [UInt8] {
        defer { heldLead = false }
        return heldLead ? [0xC2] : []
    }

    private static func name(of byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16)
        return Array(("\\x" + (digits.count == 1 ? "0" : "") + digits).utf8)
    }
}
