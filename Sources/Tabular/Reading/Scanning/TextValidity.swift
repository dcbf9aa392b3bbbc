import CIntrinsics

/// What a group's text has beyond plain ASCII.
struct TextValidity {
    /// Places of NUL bytes, and of bytes that are no UTF-8.
    var nulBytes: [Int] = []
    var invalidBytes: [Int] = []
    /// Well-formed characters outside ASCII.
    var multibyteCharacters = 0

    /// Checks `text[range]`; reads up to 63 bytes behind it.
    init(_ text: UnsafePointer<UInt8>, _ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let left = range.upperBound - position
            var unusual = csvand_unusual64(text + position)
            if left < 64 { unusual &= (1 << UInt64(left)) - 1 }
            if unusual == 0 {
                position += 64
                continue
            }
            position += unusual.trailingZeroBitCount
            if text[position] == 0 {
                nulBytes.append(position)
                position += 1
                continue
            }
            let length = Self.characterLength(text + position, range.upperBound - position)
            if length == 0 {
                invalidBytes.append(position)
                position += 1
            } else {
                multibyteCharacters += 1
                position += length
            }
        }
    }

    /// The text of bytes of which some may be no UTF-8: those are read as Windows-1252, which they most likely are.
    static func repaired(_ bytes: [UInt8]) -> String {
        var padded = bytes + [0, 0, 0, 0]
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        padded.withUnsafeMutableBufferPointer { text in
            guard let start = text.baseAddress else { return }
            var position = 0
            while position < bytes.count {
                let byte = start[position]
                let length = byte < 128 ? 1 : characterLength(start + position, bytes.count - position)
                if length == 0 {
                    result.append(contentsOf: Transcoder.utf8(ofWindows1252: byte))
                } else {
                    result.append(contentsOf: UnsafeBufferPointer(start: start + position, count: length))
                }
                position += max(1, length)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Bytes of the character outside ASCII at `text`, or 0 when it is malformed.
    ///
    /// Source: The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
    @inline(__always)
    static func characterLength(_ text: UnsafePointer<UInt8>, _ left: Int) -> Int {
        let lead = text[0]
        func continues(_ offset: Int) -> Bool { text[offset] & 0xC0 == 0x80 }
        switch lead {
        case 0xC2...0xDF: return left >= 2 && continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, continues(1), continues(2) else { return 0 }
            if lead == 0xE0, text[1] < 0xA0 { return 0 }
            if lead == 0xED, text[1] > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left >= 4, continues(1), continues(2), continues(3) else { return 0 }
            if lead == 0xF0, text[1] < 0x90 { return 0 }
            if lead == 0xF4, text[1] > 0x8F { return 0 }
            return 4
        default: return 0
        }
    }
}
