/// Numbers in the narrowest width that holds their range.
struct PackedNumbers {
    /// The caller frees it.
    let memory: UnsafeMutableRawPointer
    let width: Int
    let base: Int64
    let least: Int64
    let greatest: Int64

    /// No numbers; each time new memory.
    static var none: PackedNumbers { PackedNumbers([], count: 0, width: 0, least: 0, greatest: -1) }

    init(_ values: [Int64]) {
        let (least, greatest) = Self.bounds(values)
        let range = UInt64(bitPattern: greatest &- least)
        let width = greatest < least ? 0 : range <= 0xFF ? 1 : range <= 0xFFFF ? 2 : range <= 0xFFFF_FFFF ? 4 : 8
        self.init(values, count: values.count, width: width, least: least, greatest: greatest)
    }

    init(bytes values: [UInt8]) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(values.count, 1), alignment: 8)
        self.memory = memory
        values.withUnsafeBytes { source in
            if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
        }
        (width, base, least, greatest) = (1, 0, 0, values.isEmpty ? -1 : 1)
    }

    init(codes values: [UInt32], below count: Int) {
        let width = count <= 0x100 ? 1 : count <= 0x1_0000 ? 2 : 4
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(values.count, 1) * width, alignment: 8)
        self.width = width
        self.memory = memory
        (base, least, greatest) = (0, 0, Int64(count) - 1)
        values.withUnsafeBufferPointer { source in
            switch width {
            case 1: Self.narrow(source, to: memory, as: UInt8.self)
            case 2: Self.narrow(source, to: memory, as: UInt16.self)
            default: Self.narrow(source, to: memory, as: UInt32.self)
            }
        }
    }

    private init(_ values: [Int64], count: Int, width: Int, least: Int64, greatest: Int64) {
        self.width = width
        self.least = least
        self.greatest = greatest
        base = width == 8 || width == 0 ? 0 : least
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * max(width, 1), alignment: 8)
        self.memory = memory
        values.withUnsafeBufferPointer { source in
            switch width {
            case 0: return
            case 1: Self.narrow(source, less: least, to: memory, as: UInt8.self)
            case 2: Self.narrow(source, less: least, to: memory, as: UInt16.self)
            case 4: Self.narrow(source, less: least, to: memory, as: UInt32.self)
            default:
                if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: count * 8) }
            }
        }
    }

    static func bounds(_ values: [Int64]) -> (least: Int64, greatest: Int64) {
        values.withUnsafeBufferPointer { values in
            guard var least = values.first else { return (0, -1) }
            var greatest = least
            for value in values {
                least = min(least, value)
                greatest = max(greatest, value)
            }
            return (least, greatest)
        }
    }

    // Safety: `memory` has room for as many numbers as `source` has, and nothing else refers to it yet.
    @inline(__always)
    private static func narrow<S: FixedWidthInteger, T: FixedWidthInteger>(
        _ source: UnsafeBufferPointer<S>, less base: S = 0, to memory: UnsafeMutableRawPointer, as type: T.Type
    ) {
        let target = memory.bindMemory(to: type, capacity: source.count)
        for index in 0..<source.count { target[index] = T(truncatingIfNeeded: source[index] &- base) }
    }
}
