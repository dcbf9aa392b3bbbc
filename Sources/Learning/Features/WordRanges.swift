/// The words of a text in UTF-8: longest runs of characters that are letters or numbers, as ranges of bytes.
///
/// A byte of ASCII before another is a character of its own, so that only stretches with other characters are looked at as a
/// `String`: the words are exactly those of splitting a `String` by character.
struct WordRanges: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// Characters of the last stretch with other than ASCII, those not yet taken last, the next at the end.
    private var stretch: [(end: Int, isWord: Bool)] = []

    /// - Parameter bytes: valid UTF-8 that outlives this.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func next() -> Range<Int>? {
        var start = -1
        while let (end, isWord) = character() {
            if isWord {
                if start < 0 { start = place }
                place = end
            } else {
                defer { place = end }
                if start >= 0 { return start..<place }
            }
        }
        return start >= 0 ? start..<place : nil
    }

    /// Where the next character ends, and whether it belongs to a word.
    private mutating func character() -> (end: Int, isWord: Bool)? {
        if let next = stretch.popLast() { return next }
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        if byte < 128, place + 1 == bytes.count || bytes[place + 1] < 128 { return (place + 1, Self.isWord(byte)) }
        readStretch()
        return stretch.popLast()
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }

    /// Up to where two bytes of ASCII meet, which is never inside a word's character.
    private mutating func readStretch() {
        var end = place + 1
        while end < bytes.count, bytes[end - 1] >= 128 || bytes[end] >= 128 { end += 1 }
        var position = place
        for character in String(decoding: bytes[place..<end], as: UTF8.self) {
            position += character.utf8.count
            stretch.append((position, character.isLetter || character.isNumber))
        }
        stretch.reverse()
    }
}
