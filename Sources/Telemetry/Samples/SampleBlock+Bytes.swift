/// What is wrong with stored telemetry.
package enum TelemetryError: Error, Sendable, Equatable {
    case blockVersion(UInt8)
    case blockDamaged(byte: Int)
}

extension SampleBlock {
    private static let version: UInt8 = 1

    /// The block as bytes: version, times as differences, series with their labels and runs; numbers as variable-length
    /// integers, values as their eight bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        func integer(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: rest))
        }
        func text(_ value: String) {
            integer(UInt64(value.utf8.count))
            bytes.append(contentsOf: value.utf8)
        }
        integer(UInt64(times.count))
        var previous: Int64 = 0
        for time in times {
            integer(UInt64(bitPattern: time &- previous))
            previous = time
        }
        integer(UInt64(series.count))
        for one in series {
            integer(UInt64(one.labels.labels.count))
            for label in one.labels.labels {
                text(label.name)
                text(label.value)
            }
            integer(UInt64(one.runs.count))
            for run in one.runs {
                integer(UInt64(run.start))
                integer(UInt64(run.count))
                withUnsafeBytes(of: run.value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    /// Reads a block.
    ///
    /// Throws: `blockVersion` for a format of another release, `blockDamaged` for bytes that are no block.
    package init(bytes: [UInt8]) throws(TelemetryError) {
        guard let version = bytes.first else { throw .blockDamaged(byte: 0) }
        guard version == Self.version else { throw .blockVersion(version) }
        var reader = Reader(bytes: bytes, position: 1)
        times = []
        var previous: Int64 = 0
        for _ in 0..<(try reader.count(least: 1)) {
            previous &+= Int64(bitPattern: try reader.integer())
            guard times.last.map({ $0 < previous }) ?? true else { throw .blockDamaged(byte: reader.position) }
            times.append(previous)
        }
        series = []
        for _ in 0..<(try reader.count(least: 2)) {
            var labels: [Label] = []
            for _ in 0..<(try reader.count(least: 2)) { labels.append(Label(try reader.text(), try reader.text())) }
            var runs: [Run] = []
            var end: UInt64 = 0
            for _ in 0..<(try reader.count(least: 10)) {
                let (start, count) = (try reader.integer(), try reader.integer())
                let value = try reader.double()
                guard start >= end, count > 0, count <= times.count, start <= times.count - Int(count) else {
                    throw .blockDamaged(byte: reader.position)
                }
                end = start + count
                runs.append(Run(start: UInt32(start), count: UInt32(count), value: value))
            }
            series.append(Series(labels: LabelSet(labels), runs: runs))
        }
        guard reader.position == bytes.count else { throw .blockDamaged(byte: reader.position) }
    }

    /// A cursor over the bytes of a block.
    private struct Reader {
        let bytes: [UInt8]
        var position: Int

        mutating func integer() throws(TelemetryError) -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while position < bytes.count, shift < 64 {
                let byte = bytes[position]
                position += 1
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw .blockDamaged(byte: position)
        }

        /// A number of things that take at least `least` bytes each: damaged bytes must not ask for more than there are.
        mutating func count(least: Int) throws(TelemetryError) -> Int {
            let value = try integer()
            guard value <= UInt64((bytes.count - position) / least) else { throw .blockDamaged(byte: position) }
            return Int(value)
        }

        mutating func text() throws(TelemetryError) -> String {
            let length = try count(least: 1)
            defer { position += length }
            return String(decoding: bytes[position..<position + length], as: UTF8.self)
        }

        mutating func double() throws(TelemetryError) -> Double {
            guard bytes.count - position >= 8 else { throw .blockDamaged(byte: position) }
            defer { position += 8 }
            var bits: UInt64 = 0
            for offset in 0..<8 { bits |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
            return Double(bitPattern: bits)
        }
    }
}
