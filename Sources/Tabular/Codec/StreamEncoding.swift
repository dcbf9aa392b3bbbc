/// How a stream of integers or texts is stored; the first byte of the stream.
package enum StreamEncoding: UInt8, Sendable, CaseIterable {
    /// One value for all.
    case constant = 0
    /// Blocks of 1,024 values, each by frame of reference or by deltas, whichever has fewer bits.
    case blocks = 1
    /// Blocks of (value - least) / divisor.
    case scaledBlocks = 2
    /// A stream of values and a stream of run lengths.
    case runs = 3
    /// A stream of distinct values, ascending, and a stream of places in it.
    case dictionary = 4
    /// Texts: a stream of lengths, and the bytes.
    case plainTexts = 5
    /// Texts: distinct ones, and a stream of places among them.
    case textDictionary = 6
    /// Booleans: one bit each.
    case bits = 7
}
