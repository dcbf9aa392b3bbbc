/// Writes the little-endian sections of an artifact.
package struct ArtifactWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func write(_ value: Float) { write(value.bitPattern) }
    package mutating func write(_ value: Double) { write(value.bitPattern) }
    package mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }

    /// Length in bytes as UInt32, then UTF-8.
    package mutating func write(_ value: String) {
        write(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    /// Count as UInt32, then the elements.
    package mutating func write<T: FixedWidthInteger>(_ values: [T]) {
        write(UInt32(values.count))
        values.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    package mutating func write(_ values: [Float]) { write(values.map(\.bitPattern)) }
    package mutating func write(_ values: [Double]) { write(values.map(\.bitPattern)) }

    package mutating func write(raw: [UInt8]) { bytes.append(contentsOf: raw) }
}

/// Reads what `ArtifactWriter` wrote; every length is checked against what is left before anything is allocated.
package struct ArtifactReader: Sendable {
    private let bytes: [UInt8]
    package private(set) var offset: Int

    package init(_ bytes: [UInt8], offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    package var remaining: Int { bytes.count - offset }

    /// The next byte without reading it; nil at the end.
    package func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    package mutating func read<T: FixedWidthInteger>(_: T.Type = T.self) throws(LearningError) -> T {
        let size = MemoryLayout<T>.size
        try need(size)
        var value: T = 0
        for index in 0..<size { value |= T(truncatingIfNeeded: bytes[offset + index]) << T(index * 8) }
        offset += size
        return value
    }

    package mutating func readFloat() throws(LearningError) -> Float { Float(bitPattern: try read(UInt32.self)) }
    package mutating func readDouble() throws(LearningError) -> Double { Double(bitPattern: try read(UInt64.self)) }
    package mutating func readBool() throws(LearningError) -> Bool { try read(UInt8.self) != 0 }

    package mutating func readString() throws(LearningError) -> String {
        let count = try readCount(elementBytes: 1)
        defer { offset += count }
        return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
    }

    /// The next bytes as they are.
    package mutating func readRaw(_ count: Int) throws(LearningError) -> [UInt8] {
        guard count >= 0 else { throw .artifactDamaged(reason: "a negative length", offset: offset) }
        try need(count)
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    package mutating func readIntegers<T: FixedWidthInteger>(_: T.Type = T.self) throws(LearningError) -> [T] {
        let count = try readCount(elementBytes: MemoryLayout<T>.size)
        var values = [T]()
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(T.self)) }
        return values
    }

    package mutating func readFloats() throws(LearningError) -> [Float] {
        try readIntegers(UInt32.self).map(Float.init(bitPattern:))
    }

    package mutating func readDoubles() throws(LearningError) -> [Double] {
        try readIntegers(UInt64.self).map(Double.init(bitPattern:))
    }

    /// Reads a count and checks that as many elements can follow.
    package mutating func readCount(elementBytes: Int) throws(LearningError) -> Int {
        let count = Int(try read(UInt32.self))
        guard count <= remaining / max(1, elementBytes) else {
            throw .artifactDamaged(reason: "a count of \(count) is longer than the artifact", offset: offset)
        }
        return count
    }

    private func need(_ size: Int) throws(LearningError) {
        guard size <= remaining else { throw .artifactDamaged(reason: "the artifact ends early", offset: offset) }
    }
}
