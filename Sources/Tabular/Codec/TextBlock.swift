/// The bytes of texts, as they are or compressed.
enum TextBlock {
    static func encode(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.append(contentsOf: text)
    }

    /// Reads exactly `size` bytes of text.
    static func decode(_ reader: inout ByteReader, size: Int) throws(CodecError) -> [UInt8] {
        guard try reader.byte() == 0 else { throw .malformed("text block") }
        return [UInt8](try reader.take(size))
    }
}
