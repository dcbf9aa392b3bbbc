/// One column of one row group as bytes, with what a reader may know without them.
package struct EncodedSegment: Sendable, Hashable {
    /// The outermost encoding of the values (`StreamEncoding`), for statistics; the payload says it again.
    package var encoding: Int
    /// Version of the payload's format.
    package var version: Int
    package var rows: Int
    package var nulls: Int
    /// Smallest value that is not null; nil when there is none.
    package var min: ZoneValue?
    package var max: ZoneValue?
    /// XXH64 of the payload, seed 0.
    package var checksum: UInt64
    package var payload: [UInt8]

    package init(
        encoding: Int, version: Int, rows: Int, nulls: Int, min: ZoneValue?, max: ZoneValue?, checksum: UInt64,
        payload: [UInt8]
    ) {
        self.encoding = encoding
        self.version = version
        self.rows = rows
        self.nulls = nulls
        self.min = min
        self.max = max
        self.checksum = checksum
        self.payload = payload
    }
}

/// A bound of the values in a segment.
package enum ZoneValue: Sendable, Hashable {
    /// Integers; booleans as 0 and 1; dates as days and timestamps as microseconds since 1970.
    case integer(Int64)
    /// Decimals, as the Doubles that reading them gives.
    case real(Double)
    /// Texts in the order of their bytes. When not exact, the bound is only known to begin with `prefix`: a lower bound is
    /// `prefix` itself, an upper bound is above every text that begins with it.
    case text(prefix: String, exact: Bool)
}
