import CIntrinsics

/// Counts line ends: LF, CR LF as one, and CR alone.
enum LineCount {
    /// Line ends in `text[range]`. An LF at its start belongs to a CR right before it.
    ///
    /// Reads up to 63 bytes behind the range.
    static func lines(_ text: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        var previousIsCR: UInt64 = text[range.lowerBound - 1] == UInt8(ascii: "\r") ? 1 : 0
        var position = range.lowerBound
        while position < range.upperBound {
            let left = range.upperBound - position
            let valid: UInt64 = left >= 64 ? ~0 : (1 << UInt64(left)) - 1
            let feeds = csvand_mask64(text + position, UInt8(ascii: "\n")) & valid
            let returns = csvand_mask64(text + position, UInt8(ascii: "\r")) & valid
            count += feeds.nonzeroBitCount
            if returns | previousIsCR != 0 {
                count += returns.nonzeroBitCount
                count -= ((returns << 1 | previousIsCR) & feeds).nonzeroBitCount
                previousIsCR = returns >> 63
            }
            position += 64
        }
        return count
    }
}
