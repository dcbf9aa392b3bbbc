/// Why stored bytes are not a segment.
package enum CodecError: Error, Sendable, Equatable {
    /// Written by a later version of the format.
    case unknownVersion(Int)
    /// The payload's checksum is not the stored one.
    case checksum(stored: UInt64, computed: UInt64)
    /// The payload ends before what it announces.
    case truncated
    /// A field of the payload has a value that the format does not allow.
    case malformed(String)
}
