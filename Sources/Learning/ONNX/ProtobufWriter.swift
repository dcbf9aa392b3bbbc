/// Writes the wire format of Protocol Buffers, as much of it as an ONNX file takes.
///
/// Source: protobuf.dev, "Encoding": a key of field number and wire type, then a varint (type 0) or a length and its bytes (type 2).
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ field: Int, _ value: Int64) {
        varint(UInt64(field) << 3)
        varint(UInt64(bitPattern: value))
    }

    mutating func write(_ field: Int, _ text: String) { write(field, bytes: text.utf8) }

    mutating func write(_ field: Int, bytes content: some Collection<UInt8>) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func write(_ field: Int, packed values: [Int64]) {
        write(field) { for value in values { $0.varint(UInt64(bitPattern: value)) } }
    }

    /// A message inside this one.
    mutating func write(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        write(field, bytes: inner.bytes)
    }

    /// The fields of another writer after those of this one.
    mutating func append(_ other: ProtobufWriter) { bytes.append(contentsOf: other.bytes) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
