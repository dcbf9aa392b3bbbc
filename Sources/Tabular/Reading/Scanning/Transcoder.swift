/// Turns the bytes of the input into UTF-8, block by block.
struct Transcoder {
    let encoding: Dialect.Encoding
    /// Bytes of a character that the last block cut, at most 3.
    private var pending: [UInt8] = []
    /// Surrogates without their other half, or bytes that mean nothing, written as U+FFFD.
    private(set) var repairs = 0
    private let page: CodePage?

    init(_ encoding: Dialect.Encoding) {
        self.encoding = encoding
        page = CodePage(encoding)
    }

    /// UTF-8 needs no transcoding.
    var isIdentity: Bool { encoding == .utf8 || encoding == .utf8BOM }

    /// Appends the UTF-8 of `bytes`.
    mutating func transcode(_ bytes: UnsafeBufferPointer<UInt8>, isFinal: Bool, to buffer: GroupBuffer) {
        switch encoding {
        case .utf8, .utf8BOM: buffer.append(bytes)
        case .utf16LE: transcodeUTF16(bytes, low: 0, isFinal: isFinal, to: buffer)
        case .utf16BE: transcodeUTF16(bytes, low: 1, isFinal: isFinal, to: buffer)
        default: if let page { transcode(bytes, page, to: buffer) }
        }
    }

    private mutating func transcode(_ bytes: UnsafeBufferPointer<UInt8>, _ page: CodePage, to buffer: GroupBuffer) {
        buffer.reserve(text: bytes.count * 3)
        var out = buffer.text + buffer.end
        for byte in bytes {
            if byte < 128 {
                out.pointee = byte
                out += 1
            } else {
                let scalar = page.upper[Int(byte) - 128]
                if scalar == 0xFFFD { repairs += 1 }
                out = Self.write(scalar, to: out)
            }
        }
        buffer.end = out - buffer.text
    }

    /// The UTF-8 of one byte of Windows-1252.
    static func utf8(ofWindows1252 byte: UInt8) -> [UInt8] {
        let code = byte < 128 ? UInt32(byte) : CodePage.windows1252[Int(byte) - 128]
        return Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? []
    }

    private mutating func transcodeUTF16(
        _ bytes: UnsafeBufferPointer<UInt8>, low: Int, isFinal: Bool, to buffer: GroupBuffer
    ) {
        var input = pending
        input.append(contentsOf: bytes)
        buffer.reserve(text: input.count * 3 / 2 + 8)
        var out = buffer.text + buffer.end
        var position = 0
        func unit(_ at: Int) -> UInt32 { UInt32(input[at + low]) | UInt32(input[at + 1 - low]) << 8 }
        while position + 1 < input.count {
            var scalar = unit(position)
            var length = 2
            if scalar & 0xF800 == 0xD800 {
                if scalar < 0xDC00, position + 3 >= input.count, !isFinal { break }
                let second = position + 3 < input.count ? unit(position + 2) : 0
                if scalar < 0xDC00, second & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (second - 0xDC00)
                    length = 4
                } else {
                    scalar = 0xFFFD
                    repairs += 1
                }
            }
            out = Self.write(scalar, to: out)
            position += length
        }
        pending = Array(input[position...])
        if isFinal, !pending.isEmpty {
            out = Self.write(0xFFFD, to: out)
            repairs += 1
            pending = []
        }
        buffer.end = out - buffer.text
    }

    @inline(__always)
    private static func write(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        if scalar < 0x80 {
            out[0] = UInt8(scalar)
            return out + 1
        }
        if scalar < 0x800 {
            out[0] = UInt8(0xC0 | scalar >> 6)
            out[1] = UInt8(0x80 | scalar & 0x3F)
            return out + 2
        }
        if scalar < 0x10000 {
            out[0] = UInt8(0xE0 | scalar >> 12)
            out[1] = UInt8(0x80 | scalar >> 6 & 0x3F)
            out[2] = UInt8(0x80 | scalar & 0x3F)
            return out + 3
        }
        out[0] = UInt8(0xF0 | scalar >> 18 & 7)
        out[1] = UInt8(0x80 | scalar >> 12 & 0x3F)
        out[2] = UInt8(0x80 | scalar >> 6 & 0x3F)
        out[3] = UInt8(0x80 | scalar & 0x3F)
        return out + 4
    }
}

extension Dialect.Encoding {
    var isUTF16: Bool { self == .utf16LE || self == .utf16BE }

    /// Bytes that the UTF-8 in `range` has in the input.
    func originalLength(_ text: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int {
        switch self {
        case .utf8, .utf8BOM: return range.count
        case .utf16LE, .utf16BE:
            var units = 0
            for position in range where text[position] & 0xC0 != 0x80 { units += text[position] >= 0xF0 ? 2 : 1 }
            return units * 2
        default:
            var characters = 0
            for position in range where text[position] & 0xC0 != 0x80 { characters += 1 }
            return characters
        }
    }

    /// Bytes of the mark that `bytes` starts with.
    func markLength(_ bytes: [UInt8]) -> Int {
        switch self {
        case .utf8BOM: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        case .utf16LE: bytes.starts(with: [0xFF, 0xFE]) ? 2 : 0
        case .utf16BE: bytes.starts(with: [0xFE, 0xFF]) ? 2 : 0
        default: 0
        }
    }
}
