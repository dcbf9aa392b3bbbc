import CIntrinsics

/// Text between quotes, copied 64 bytes at a time whether there are quotes in them or not: a third of the time of a loop over bytes.
enum QuotedText {
    /// Bytes written behind a text, at most.
    static let slack = 64

    /// Copies what stands between an opening and a closing quote, each doubled quote as one.
    ///
    /// Safety: reads 64 bytes at any place before `end`, and writes `slack` bytes behind the text, which is never longer than
    /// `text[first ..< end]`.
    ///
    /// - Parameters:
    ///   - first: behind the opening quote.
    ///   - end: behind the closing quote.
    /// - Returns: the bytes of the text; -1 where a single quote stands anywhere but at the end, or none there.
    @inline(__always)
    static func copy(
        _ text: UnsafePointer<UInt8>, _ first: Int, _ end: Int, quote: UInt8, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let last = end &- 1
        guard first <= last, text[last] == quote else { return -1 }
        var from = first
        var to = target
        while from < last {
            let quotes = csvand_mask64(text + from, quote)
            copy64(text + from, to)
            let left = last &- from
            let run = quotes.trailingZeroBitCount
            if run >= left { return (to - target) &+ left }
            if quotes == 0 {
                from &+= 64
                to += 64
                continue
            }
            guard text[from &+ run &+ 1] == quote, run &+ 1 < left else { return -1 }
            from &+= run &+ 2
            to += run &+ 1
        }
        return to - target
    }

    /// Copies a text that has no quotes, with the same reading ahead and `slack`.
    @inline(__always)
    static func copyPlain(_ text: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>) {
        var done = 0
        while done < count {
            copy64(text + done, target + done)
            done &+= 64
        }
    }

    @inline(__always)
    private static func copy64(_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>) {
        let source = UnsafeRawPointer(source)
        let target = UnsafeMutableRawPointer(target)
        let low = source.loadUnaligned(as: SIMD32<UInt8>.self)
        let high = source.loadUnaligned(fromByteOffset: 32, as: SIMD32<UInt8>.self)
        target.storeBytes(of: low, as: SIMD32<UInt8>.self)
        target.storeBytes(of: high, toByteOffset: 32, as: SIMD32<UInt8>.self)
    }
}
