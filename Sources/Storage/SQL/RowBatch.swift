import Shared

/// Rows of an answer, cell after cell: handed over whole, so that no value crosses a border alone.
package struct RowBatch: Sendable {
    /// `boolean` and `digits`, a decimal as it is written, are in pages of rows only: SQL has neither.
    package enum Kind: UInt8, Sendable { case null, integer, real, text, boolean, digits }

    /// Cells of a row.
    package let width: Int
    package private(set) var kinds: [Kind] = []
    /// The integer, 0 or 1, the bits of the real, or where the text is: its first byte in the high half, its length in the low one.
    package private(set) var words: [UInt64] = []
    /// Texts, UTF-8.
    package private(set) var bytes: [UInt8] = []

    package init(width: Int) { self.width = width }

    /// Makes room for `rows` more rows.
    mutating func reserve(rows: Int) {
        kinds.reserveCapacity(kinds.count + rows * width)
        words.reserveCapacity(words.count + rows * width)
        bytes.reserveCapacity(bytes.count + rows * width * 8)
    }

    package var rows: Int { width == 0 ? 0 : kinds.count / width }

    /// What it takes as limits count it: 16 bytes a cell, and the texts.
    package var size: Int { kinds.count * 16 + bytes.count }

    /// As `size`, of one row.
    func size(ofRow row: Int) -> Int {
        var size = width * 16
        for cell in row * width..<(row + 1) * width where kinds[cell] == .text || kinds[cell] == .digits {
            size += Int(words[cell] & 0xFFFF_FFFF)
        }
        return size
    }

    /// Calls `body` with the cells' kinds and words, row after row, and the bytes of their texts.
    package func withCells<R>(
        _ body: (UnsafeBufferPointer<Kind>, UnsafeBufferPointer<UInt64>, UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R {
        try kinds.withUnsafeBufferPointer { kinds in
            try words.withUnsafeBufferPointer { words in
                try bytes.withUnsafeBufferPointer { try body(kinds, words, $0) }
            }
        }
    }

    /// The bytes of a text.
    @inline(__always)
    package func textRange(_ cell: Int) -> Range<Int> {
        let start = Int(words[cell] >> 32)
        return start..<start + Int(words[cell] & 0xFFFF_FFFF)
    }

    mutating func appendNull() { append(.null, 0) }
    mutating func append(integer value: Int64) { append(.integer, UInt64(bitPattern: value)) }

    /// What is no number is null.
    mutating func append(real value: Double) {
        if value.isNaN { appendNull() } else { append(.real, value.bitPattern) }
    }

    mutating func append(text: UnsafeRawBufferPointer) {
        append(.text, UInt64(bytes.count) << 32 | UInt64(text.count))
        bytes.append(contentsOf: text)
    }

    mutating func append(boolean value: Bool) { append(.boolean, value ? 1 : 0) }

    /// Appends a text, or the digits of a number, that `write` appends to the bytes.
    @inline(__always)
    mutating func append(_ kind: Kind = .text, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        append(kind, UInt64(start) << 32 | UInt64(bytes.count - start))
    }

    mutating func append(_ cell: SQLCell) {
        switch cell {
        case .null: appendNull()
        case .integer(let value): append(integer: value)
        case .real(let value): append(real: value)
        case .text(let text): text.withUnsafeBytes { append(text: $0) }
        }
    }

    @inline(__always)
    private mutating func append(_ kind: Kind, _ word: UInt64) {
        kinds.append(kind)
        words.append(word)
    }

    /// Leaves off the rows from `count` on.
    mutating func truncate(to count: Int) {
        guard count < rows else { return }
        kinds.removeLast(kinds.count - count * width)
        words.removeLast(words.count - count * width)
    }

    /// A cell as a JSON value.
    package func value(_ cell: Int) -> JSONValue {
        switch kinds[cell] {
        case .null: .null
        case .integer: .integer(Int64(bitPattern: words[cell]))
        case .real: .number(Double(bitPattern: words[cell]))
        case .text: .string(text(cell))
        case .boolean: .bool(words[cell] != 0)
        case .digits: Double(text(cell)).map { .number($0) } ?? .null
        }
    }

    private func text(_ cell: Int) -> String { String(decoding: bytes[textRange(cell)], as: UTF8.self) }

    /// The rows as JSON values.
    package var values: [[JSONValue]] {
        (0..<rows).map { row in (0..<width).map { value(row * width + $0) } }
    }
}
