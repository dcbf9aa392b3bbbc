import Foundation
import Tabular

/// Bounds of a segment's values, nulls aside, in the order of SQL's comparisons.
enum ZoneMap: Sendable, Hashable {
    case integers(Int64, Int64)
    case reals(Double, Double)
    /// UTF-8 bytes: no value is below `lower` or above `upper`. `upper` may be no text of its own.
    case texts(lower: [UInt8], upper: [UInt8])
}

/// What a segment file knows of a segment without its payload.
struct SegmentZone: Sendable, Hashable {
    var rows: Int
    var nulls: Int
    /// Nil without a value that is not null.
    var zone: ZoneMap?
}

/// The order of SQL's BINARY collation.
enum ByteOrder {
    /// Negative, 0 or positive, as `memcmp` with the shorter text first.
    @inline(__always)
    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let count = min(a.count, b.count)
        if count > 0, let left = a.baseAddress, let right = b.baseAddress {
            let order = memcmp(left, right, count)
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }

    static func compare(_ a: [UInt8], _ b: [UInt8]) -> Int {
        a.withUnsafeBytes { a in b.withUnsafeBytes { compare(a, $0) } }
    }
}
