/// A metric with its labels.
package struct SeriesKey: Sendable, Hashable {
    package var name: String
    package var labels: [String: String]

    package init(name: String, labels: [String: String]) {
        self.name = name
        self.labels = labels
    }
}

/// Values of one series in time order.
package struct SampleSpan: Sendable, Hashable {
    package var series: SeriesKey
    /// Milliseconds since 1970, ascending.
    package var times: [Int64]
    package var values: [Double]

    package init(series: SeriesKey, times: [Int64], values: [Double]) {
        self.series = series
        self.times = times
        self.values = values
    }
}

/// The stored form of samples: a count, then times as differences, then the bits of the values, all little-endian.
enum SampleCodec {
    /// Times and values of series by the key of each.
    static func encode(_ spans: [(series: Int64, times: [Int64], values: [Double])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for span in spans {
            append(UInt64(bitPattern: span.series), to: &bytes)
            append(UInt64(span.times.count), to: &bytes)
            var last: Int64 = 0
            for time in span.times {
                append(UInt64(bitPattern: time &- last), to: &bytes)
                last = time
            }
            for value in span.values { append(value.bitPattern, to: &bytes) }
        }
        return bytes
    }

    /// Throws: `damaged` if the bytes end early.
    static func decode(
        _ bytes: [UInt8]
    ) throws(StorageError) -> [(series: Int64, times: [Int64], values: [Double])] {
        var spans: [(series: Int64, times: [Int64], values: [Double])] = []
        var offset = 0
        func next() throws(StorageError) -> UInt64 {
            guard offset + 8 <= bytes.count else {
                throw .damaged(what: "a block of samples", detail: "it ends after \(bytes.count) bytes")
            }
            let word = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
            offset += 8
            return UInt64(littleEndian: word)
        }
        while offset < bytes.count {
            let series = Int64(bitPattern: try next())
            let count = try next()
            guard count <= UInt64(bytes.count - offset) / 16 else {
                throw .damaged(what: "a block of samples", detail: "it claims \(count) samples")
            }
            var times: [Int64] = []
            var last: Int64 = 0
            for _ in 0..<count {
                last &+= Int64(bitPattern: try next())
                times.append(last)
            }
            var values: [Double] = []
            for _ in 0..<count { values.append(Double(bitPattern: try next())) }
            spans.append((series, times, values))
        }
        return spans
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
