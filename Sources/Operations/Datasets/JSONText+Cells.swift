import Shared
import Storage
import Tabular

extension JSONText {
    /// Appends rows as arrays, with commas between them; `isFirst` says whether no row stands before.
    mutating func rows(_ batch: RowBatch, isFirst: Bool) {
        let separators = batch.rows * (batch.width + 3)
        append(capacity: JSONBytes.bound(batch) + separators) { out in
            batch.withCells { kinds, words, texts in
                var cell = 0
                for row in 0..<batch.rows {
                    if !(isFirst && row == 0) { out.byte(UInt8(ascii: ",")) }
                    out.byte(UInt8(ascii: "["))
                    for place in 0..<batch.width {
                        if place > 0 { out.byte(UInt8(ascii: ",")) }
                        out.cell(kinds[cell], words[cell], texts)
                        cell += 1
                    }
                    out.byte(UInt8(ascii: "]"))
                }
            }
        }
    }

    /// Appends rows as objects, one a line. `keys` are the names of the columns as `keys(_:)` has them.
    mutating func lines(_ batch: RowBatch, keys: [[UInt8]]) {
        let names = keys.reduce(3) { $0 + $1.count + 1 }
        append(capacity: JSONBytes.bound(batch) + batch.rows * names) { out in
            batch.withCells { kinds, words, texts in
                var cell = 0
                for _ in 0..<batch.rows {
                    out.byte(UInt8(ascii: "{"))
                    for place in 0..<batch.width {
                        if place > 0 { out.byte(UInt8(ascii: ",")) }
                        keys[place].withUnsafeBufferPointer { out.copy($0) }
                        out.cell(kinds[cell], words[cell], texts)
                        cell += 1
                    }
                    out.byte(UInt8(ascii: "}"))
                    out.byte(0x0A)
                }
            }
        }
    }

    /// The names of columns as members of an object begin: `"name":`.
    static func keys(_ names: [String]) -> [[UInt8]] {
        names.map { name in
            var text = JSONText()
            text.string(name)
            text.raw(":")
            return text.bytes
        }
    }
}

/// Writes cells to memory that is large enough for them: without a check for each byte, several times as fast as appending.
struct JSONBytes {
    private let start: UnsafeMutablePointer<UInt8>
    private var place: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        self.start = start
        place = start
    }

    var count: Int { place - start }

    /// Bytes that the cells of a batch take at most: 28 for a number or two quotes, and 6 for each byte of a text that is escaped.
    static func bound(_ batch: RowBatch) -> Int {
        batch.withCells { kinds, _, texts in
            var escapes = 0
            for byte in texts { escapes += JSONText.needsEscape(byte) ? 1 : 0 }
            return kinds.count * 28 + texts.count + escapes * 5
        }
    }

    // Safety: the caller has made room for `bound` bytes and its own separators, and the words of texts are places in `texts`.
    @inline(__always)
    mutating func cell(_ kind: RowBatch.Kind, _ word: UInt64, _ texts: UnsafeBufferPointer<UInt8>) {
        switch kind {
        case .null: literal("null")
        case .integer: integer(Int64(bitPattern: word))
        case .real: real(Double(bitPattern: word))
        case .boolean: literal(word == 0 ? "false" : "true")
        case .digits, .text:
            let first = Int(word >> 32)
            let text = UnsafeBufferPointer(rebasing: texts[first..<first + Int(word & 0xFFFF_FFFF)])
            if kind == .digits { copy(text) } else { string(text) }
        }
    }

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        place.pointee = byte
        place += 1
    }

    @inline(__always)
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        place.update(from: source, count: bytes.count)
        place += bytes.count
    }

    private mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { copy($0) }
    }

    private mutating func integer(_ value: Int64) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = 1
        var power: UInt64 = 10
        while digits < 20, rest >= power {
            digits += 1
            power = digits < 20 ? power &* 10 : .max
        }
        var end = place + digits
        place = end
        repeat {
            end -= 1
            let next = rest / 10
            end.pointee = UInt8(truncatingIfNeeded: 48 &+ (rest &- next &* 10))
            rest = next
        } while rest != 0
    }

    /// What JSON does not have is null.
    private mutating func real(_ value: Double) {
        guard value.isFinite else { return literal("null") }
        var text = value.description
        text.withUTF8 { copy($0) }
    }

    /// Texts without anything to escape, which most are, are copied at once.
    private mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        byte(UInt8(ascii: "\""))
        var isPlain = true
        for index in 0..<text.count { isPlain = isPlain && !JSONText.needsEscape(text[index]) }
        if isPlain {
            copy(text)
        } else {
            var escaped = JSONText()
            for byte in text { escaped.character(byte) }
            escaped.bytes.withUnsafeBufferPointer { copy($0) }
        }
        byte(UInt8(ascii: "\""))
    }
}
