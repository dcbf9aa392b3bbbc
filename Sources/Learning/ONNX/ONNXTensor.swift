/// Numbers or texts of some shape, row-major.
///
/// Source: onnx.proto, `TensorProto`.
struct ONNXTensor {
    enum Elements {
        case floats([Float])
        case doubles([Double])
        case integers([Int64])
        case bytes([UInt8])
        case texts([String])
    }

    /// `TensorProto.DataType`.
    enum ElementType: Int64 {
        case float = 1
        case byte = 2
        case integer = 7
        case text = 8
        case double = 11
    }

    var elements: Elements
    var shape: [Int]

    var type: ElementType {
        switch elements {
        case .floats: .float
        case .doubles: .double
        case .integers: .integer
        case .bytes: .byte
        case .texts: .text
        }
    }

    func write(to writer: inout ProtobufWriter, name: String) {
        writer.write(1, packed: shape.map(Int64.init))
        writer.write(2, type.rawValue)
        switch elements {
        case .floats(let values): writer.write(9, bytes: Self.raw(values.map { $0.bitPattern.littleEndian }))
        case .doubles(let values): writer.write(9, bytes: Self.raw(values.map { $0.bitPattern.littleEndian }))
        case .integers(let values): writer.write(9, bytes: Self.raw(values.map(\.littleEndian)))
        case .bytes(let values): writer.write(9, bytes: values)
        case .texts(let texts): for text in texts { writer.write(6, text) }
        }
        writer.write(8, name)
    }

    private static func raw(_ values: [some FixedWidthInteger]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }
}

/// A setting of a node.
///
/// Source: onnx.proto, `AttributeProto`.
enum ONNXAttribute {
    case integer(Int)
    case integers([Int64])
    case tensor(ONNXTensor)

    func write(to writer: inout ProtobufWriter, name: String) {
        writer.write(1, name)
        switch self {
        case .integer(let value):
            writer.write(3, Int64(value))
            writer.write(20, 2)
        case .integers(let values):
            writer.write(8, packed: values)
            writer.write(20, 7)
        case .tensor(let tensor):
            writer.write(5) { tensor.write(to: &$0, name: name) }
            writer.write(20, 4)
        }
    }
}
