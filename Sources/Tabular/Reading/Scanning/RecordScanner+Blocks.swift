import CIntrinsics

extension RecordScanner {
    enum BlockOutcome {
        case done, closed
        /// Something in the block needs the state machine; nothing was taken.
        case unusual
    }

    /// Takes the 64 bytes at the position with compare masks.
    ///
    /// Inside quotes is the carry-less prefix XOR of the quote mask (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, 3.1.1),
    /// here by shifts. The machine is needed where a quote opens in the middle of a cell or text follows a closing quote.
    @inline(__always)
    mutating func scanBlock(_ buffer: GroupBuffer) -> BlockOutcome {
        let block = UnsafePointer(buffer.text + position)
        var separators = csvand_mask64(block, delimiter)
        var lineEnds = csvand_mask64(block, 10) | csvand_mask64(block, 13)
        separators |= lineEnds
        let quotes = hasQuote ? csvand_mask64(block, quote) : 0
        var inside: UInt64 = state == .quoted ? ~0 : 0
        if quotes != 0 || state == .closed {
            inside ^= Self.prefixXOR(quotes)
            let closing = quotes & ~inside
            let mayOpen = (separators | closing) << 1 | (state == .unquoted ? 0 : 1)
            let follows = closing << 1 | (state == .closed ? 1 : 0)
            if quotes & inside & ~mayOpen | follows & ~(separators | quotes) != 0 { return .unusual }
        }
        if hasComment, csvand_mask64(block, comment) & ~inside != 0 { return .unusual }
        separators &= ~inside
        lineEnds &= ~inside
        let start = position
        let next: State =
            if inside >> 63 != 0 {
                .quoted
            } else if quotes >> 63 != 0 {
                .closed
            } else if lineEnds >> 63 != 0 {
                .recordStart
            } else if separators >> 63 != 0 {
                .fieldStart
            } else if block[63] == 32 {
                stateBehindSpaces(block, separators)
            } else {
                .unquoted
            }
        while lineEnds != 0 {
            let bit = UInt64(lineEnds.trailingZeroBitCount)
            let below = (UInt64(1) << bit) &- 1
            write(separators & below, at: start, buffer.index)
            if endRow(at: start + Int(bit), buffer) {
                position = start + Int(bit) + 1
                return .closed
            }
            separators &= ~(below | (1 << bit))
            lineEnds &= lineEnds &- 1
        }
        write(separators, at: start, buffer.index)
        position = start + 64
        state = next
        return .done
    }

    /// The state behind a block that ends in spaces outside quotes, which may be the first of their cell.
    ///
    /// Safety: `block` has 64 bytes.
    private func stateBehindSpaces(_ block: UnsafePointer<UInt8>, _ separators: UInt64) -> State {
        var last = 62
        while last >= 0, block[last] == 32 { last -= 1 }
        let startsCell = last < 0 ? state == .recordStart || state == .fieldStart : separators >> UInt64(last) & 1 == 1
        return startsCell ? .leadingSpace : .unquoted
    }

    @inline(__always)
    private mutating func write(_ mask: UInt64, at start: Int, _ index: UnsafeMutablePointer<UInt32>) {
        var bits = mask
        var next = index + count
        while bits != 0 {
            next.pointee = UInt32(truncatingIfNeeded: start &+ bits.trailingZeroBitCount)
            next += 1
            bits &= bits &- 1
        }
        count = next - index
    }

    /// Bit i is the parity of bits 0 ... i.
    @inline(__always)
    private static func prefixXOR(_ mask: UInt64) -> UInt64 {
        var parity = mask
        parity ^= parity << 1
        parity ^= parity << 2
        parity ^= parity << 4
        parity ^= parity << 8
        parity ^= parity << 16
        parity ^= parity << 32
        return parity
    }
}
