import Shared
import Tabular

/// Writes JSON straight into bytes: several times as fast as encoding value by value through `Encodable`.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// `capacity` is a guess at the bytes to come.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func integer(_ number: Int64) { DigitText.append(number, to: &bytes) }

    /// JSON that is written already.
    mutating func copy(_ json: ArraySlice<UInt8>) { bytes.append(contentsOf: json) }

    /// Runs of bytes that need no escape, which most texts are as a whole, are copied at once.
    mutating func string(_ text: ArraySlice<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        text.withUnsafeBufferPointer { text in
            var start = 0
            for index in 0..<text.count where Self.needsEscape(text[index]) {
                bytes.append(contentsOf: text[start..<index])
                escape(text[index])
                start = index + 1
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func string(_ text: some Collection<UInt8>) { string(Array(text)[...]) }

    /// Appends at most `capacity` bytes that `write` writes.
    mutating func append(capacity: Int, _ write: (inout JSONBytes) -> Void) {
        bytes += [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            guard let start = memory.baseAddress else { return }
            var out = JSONBytes(start)
            write(&out)
            count = out.count
        }
    }

    /// A byte of a string, escaped where it has to be.
    mutating func character(_ byte: UInt8) {
        if Self.needsEscape(byte) { escape(byte) } else { bytes.append(byte) }
    }

    @inline(__always)
    static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        case 0..<0x20:
            raw("\\u00")
            bytes.append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            bytes.append(Self.digits[Int(byte & 15)])
        default:
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        }
    }

    mutating func string(_ text: String) { string(text.utf8) }

    /// A typed cell: numbers and booleans bare, texts, dates and times as strings.
    mutating func cell(_ chunk: ColumnChunk, at row: Int) {
        if chunk.nulls?.isNull(row) == true {
            raw("null")
            return
        }
        switch chunk.type {
        case .integer, .boolean: chunk.appendCanonicalText(at: row, to: &bytes)
        case .decimal:
            if case .doubles(let values) = chunk.values, !values[row].isFinite {
                raw("null")
            } else {
                chunk.appendCanonicalText(at: row, to: &bytes)
            }
        case .date, .timestamp:
            bytes.append(UInt8(ascii: "\""))
            chunk.appendCanonicalText(at: row, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        case .text:
            scratch.removeAll(keepingCapacity: true)
            chunk.appendCanonicalText(at: row, to: &scratch)
            string(scratch[...])
        }
    }

    /// The exact text of a cell as a string.
    mutating func exactCell(_ chunk: ColumnChunk, at row: Int) {
        scratch.removeAll(keepingCapacity: true)
        chunk.appendText(at: row, to: &scratch)
        string(scratch[...])
    }

    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): raw(flag ? "true" : "false")
        case .integer(let number): integer(number)
        case .number(let number): raw(number.isFinite ? String(number) : "null")
        case .string(let text): string(text)
        case .array(let values):
            raw("[")
            for (index, element) in values.enumerated() {
                if index > 0 { raw(",") }
                self.value(element)
            }
            raw("]")
        case .object(let members):
            raw("{")
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { raw(",") }
                string(member.key)
                raw(":")
                self.value(member.value)
            }
            raw("}")
        }
    }

    private var scratch: [UInt8] = []
    private static let digits = Array("0123456789abcdef".utf8)
}
