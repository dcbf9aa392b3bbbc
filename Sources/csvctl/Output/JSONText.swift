/// A JSON text with its white space renewed and nothing else changed: order of keys and spelling of numbers stay.
struct JSONText {
    private let input: [UInt8]
    private var output: [UInt8] = []
    private var position = 0
    private var depth = 0

    /// Arrays of plain values up to this length stay on one line, so that a row of a table is a line.
    private static let inlineLimit = 160

    private init(_ input: [UInt8]) { self.input = input }

    /// The text with two spaces a level and without an end of line at the end.
    ///
    /// It reindents and does not check: a text that is not JSON comes back with other white space.
    /// - Complexity: O(bytes)
    static func indented(_ bytes: some Sequence<UInt8>) -> String {
        var text = JSONText(Array(bytes))
        text.run()
        return String(decoding: text.output, as: UTF8.self)
    }

    private mutating func run() {
        while position < input.count {
            let byte = input[position]
            switch byte {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "\""): copyString()
            case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): close(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                breakLine()
                position += 1
            case UInt8(ascii: ":"):
                output += [byte, UInt8(ascii: " ")]
                position += 1
            default:
                output.append(byte)
                position += 1
            }
        }
    }

    private mutating func open(_ byte: UInt8) {
        if byte == UInt8(ascii: "["), let end = endOfPlainArray() {
            copyInline(upTo: end)
            return
        }
        output.append(byte)
        position += 1
        skipSpace()
        if position < input.count, input[position] == byte + 2 {  // `{` + 2 is `}`, `[` + 2 is `]`
            output.append(input[position])
            position += 1
            return
        }
        depth += 1
        breakLine()
    }

    private mutating func close(_ byte: UInt8) {
        depth = max(0, depth - 1)
        breakLine()
        output.append(byte)
        position += 1
    }

    private mutating func breakLine() {
        output.append(0x0A)
        for _ in 0..<depth { output += [0x20, 0x20] }
    }

    private mutating func skipSpace() {
        while position < input.count, [0x20, 0x09, 0x0A, 0x0D].contains(input[position]) { position += 1 }
    }

    /// The index after `]` when the array at the position holds no array or object and is short.
    private func endOfPlainArray() -> Int? {
        var index = position + 1
        var inString = false
        while index < input.count, index - position < Self.inlineLimit {
            switch input[index] {
            case UInt8(ascii: "\\") where inString: index += 1
            case UInt8(ascii: "\""): inString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if !inString { return nil }
            case UInt8(ascii: "]"):
                if !inString { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }

    private mutating func copyInline(upTo end: Int) {
        while position < end {
            switch input[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "\""): copyString()
            case UInt8(ascii: ","):
                output += [UInt8(ascii: ","), 0x20]
                position += 1
            default:
                output.append(input[position])
                position += 1
            }
        }
    }

    /// Copies a string. DEL and C1 controls, which JSON allows bare and a terminal acts on, become escapes of the same value.
    private mutating func copyString() {
        output.append(input[position])
        position += 1
        while position < input.count {
            let byte = input[position]
            let next = position + 1 < input.count ? input[position + 1] : 0
            position += 1
            switch byte {
            case UInt8(ascii: "\\"):
                output.append(byte)
                if position < input.count { output.append(next) }
                position += 1
            case UInt8(ascii: "\""):
                output.append(byte)
                return
            case 0x7F: output += Array("\\u007f".utf8)
            case 0xC2 where (0x80...0x9F).contains(next):
                output += Array(("\\u00" + String(next, radix: 16)).utf8)
                position += 1
            default: output.append(byte)
            }
        }
    }
}
