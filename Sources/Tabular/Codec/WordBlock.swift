import CIntrinsics

/// Texts as codes of their words: made-up reviews take 0.3 of their bytes, half of what repetitions leave of them, and writing is faster, since
/// no word waits for the one before it.
///
/// Sections, each with words of its own: the number of codes and of words (four bytes each), codes of two bytes, the lengths of the
/// words (a byte each), their bytes. A word ends behind spaces or line feeds, at the end of its text, or after 15 bytes; readers do
/// not depend on where.
enum WordBlock {
    private static let headerBytes = 8
    /// More than the words of 64 bytes, whatever they are, so that a section is left once for each of them.
    private static let most = WordTable.mostWords - 128
    /// A word is read and written as 16 bytes.
    private static let readAhead = 16
    /// More than what two blocks of 64 bytes can be written as.
    private static let slack = 1024

    /// Appends the sections of the first `size` bytes of `texts`; false, with nothing appended, where they would be more than `limit` bytes.
    static func encode(_ texts: TextArray, size: Int, limit: Int, to bytes: inout [UInt8]) -> Bool {
        var isWithin = false
        bytes.append(addingCapacity: limit + slack) { output in
            output.withUnsafeMutableBufferPointer { target, initialized in
                guard let start = target.baseAddress else { return }
                let written = texts.bytes.withUnsafeBytes { source in
                    write(source, texts.offsets, size, to: UnsafeMutableRawPointer(start), limit: limit)
                }
                isWithin = written > 0
                initialized = written
            }
        }
        return isWithin
    }

    /// - Returns: the bytes written; 0 when they would be more than `limit`.
    ///
    /// Safety: words are read within `source`: the last bytes of it from a copy with room behind them. `target` has `slack` bytes behind
    /// `limit`, more than the blocks that are taken between two comparisons can need.
    private static func write(
        _ source: UnsafeRawBufferPointer, _ offsets: [UInt32], _ size: Int, to target: UnsafeMutableRawPointer,
        limit: Int
    ) -> Int {
        guard let text = source.baseAddress, size > 0 else { return 0 }
        return offsets.withUnsafeBufferPointer { offsets in
            withUnsafeTemporaryAllocation(byteCount: 256, alignment: 16) { rest in
                rest.initializeMemory(as: UInt8.self, repeating: 0)
                guard let rest = rest.baseAddress else { return 0 }
                var writer = SectionWriter(target)
                var words = TextWords(offsets: offsets)
                // Blocks that 16 bytes can be read behind.
                while words.place + 64 + readAhead <= size {
                    words.takeBlock(text, behind: 0, upTo: words.place + 64, to: &writer)
                    if writer.projected > limit { return 0 }
                    if writer.words > most { writer.close() }
                }
                let begin = words.start
                rest.copyMemory(from: text + begin, byteCount: size - begin)
                while words.place < size {
                    words.takeBlock(rest, behind: begin, upTo: min(words.place + 64, size), to: &writer)
                }
                words.takeRest(rest, behind: begin, to: &writer)
                writer.close()
                return writer.size > limit ? 0 : writer.size
            }
        }
    }

    /// Cuts texts into words, 64 bytes at a time.
    private struct TextWords {
        let offsets: UnsafeBufferPointer<UInt32>
        /// Where the next block begins.
        var place = 0
        /// Where the word begins that is not ended yet: at most 15 bytes before `place`.
        var start = 0
        /// The text whose end comes next.
        var next = 1

        init(offsets: UnsafeBufferPointer<UInt32>) { self.offsets = offsets }

        /// - Parameter behind: what lies at `text`.
        @inline(__always)
        mutating func takeBlock(_ text: UnsafeRawPointer, behind: Int, upTo end: Int, to writer: inout SectionWriter) {
            let block = (text + (place &- behind)).assumingMemoryBound(to: UInt8.self)
            let gaps = csvand_mask64(block, 32) | csvand_mask64(block, 10)
            var ends = gaps & ~(gaps &>> 1)
            while next < offsets.count, Int(offsets[next]) <= end {
                let last = Int(offsets[next]) &- 1 &- place
                if last >= 0 { ends |= 1 &<< UInt64(truncatingIfNeeded: last) }
                next &+= 1
            }
            if end &- place < 64 { ends &= (1 &<< UInt64(truncatingIfNeeded: end &- place)) &- 1 }
            while ends != 0 {
                let wordEnd = place &+ ends.trailingZeroBitCount &+ 1
                ends &= ends &- 1
                takeLong(text, behind, wordEnd, &writer)
                writer.take(text + (start &- behind), wordEnd &- start)
                start = wordEnd
            }
            takeLong(text, behind, end, &writer)
            place = end
        }

        /// Takes the word that nothing ends.
        mutating func takeRest(_ text: UnsafeRawPointer, behind: Int, to writer: inout SectionWriter) {
            if start < place { writer.take(text + (start - behind), place - start) }
            start = place
        }

        /// Takes what is too long for one word, all but the last 15 bytes of it.
        @inline(__always)
        private mutating func takeLong(
            _ text: UnsafeRawPointer, _ behind: Int, _ end: Int, _ writer: inout SectionWriter
        ) {
            while end &- start > WordTable.longestWord {
                writer.take(text + (start &- behind), WordTable.longestWord)
                start &+= WordTable.longestWord
            }
        }
    }

    /// Writes codes as they come, and behind those of a section its words.
    private struct SectionWriter: ~Copyable {
        private let target: UnsafeMutableRawPointer
        private var section: UnsafeMutableRawPointer
        private var out: UnsafeMutableRawPointer
        private var table = WordTable()

        init(_ target: UnsafeMutableRawPointer) {
            self.target = target
            section = target
            out = target + headerBytes
        }

        var words: Int { table.count }
        /// Bytes of the sections that are closed.
        var size: Int { section - target }
        /// Bytes there would be, were the section closed now.
        var projected: Int { (out - target) &+ table.count &+ table.bytes }

        /// Takes a word of 1 ... 15 bytes; reads 16.
        @inline(__always)
        mutating func take(_ word: UnsafeRawPointer, _ length: Int) {
            let low = word.loadUnaligned(as: UInt64.self).littleEndian
            let high = word.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
            // Shifts by more than 63 give 0.
            let lowMask = ~(UInt64.max << UInt64(truncatingIfNeeded: length &* 8))
            let highMask = ~(UInt64.max << UInt64(truncatingIfNeeded: max(0, length &- 8) &* 8))
            let code = table.code(
                SIMD2(low & lowMask, high & highMask | UInt64(truncatingIfNeeded: length) &<< 56))
            out.storeBytes(of: code.littleEndian, as: UInt16.self)
            out += 2
        }

        mutating func close() {
            let codes = (out - section - headerBytes) / 2
            guard codes > 0 else { return }
            section.storeBytes(of: UInt32(codes).littleEndian, as: UInt32.self)
            section.storeBytes(of: UInt32(table.count).littleEndian, toByteOffset: 4, as: UInt32.self)
            table.write(to: out)
            section = out + table.count + table.bytes
            out = section + headerBytes
            table.removeAll()
        }
    }

    /// The text of sections that give exactly `size` bytes.
    static func decode(_ source: UnsafeRawBufferPointer, size: Int) throws(CodecError) -> [UInt8] {
        var reader = ByteReader(source)
        var isWhole = true
        var failure: CodecError?
        let text = [UInt8](unsafeUninitializedCapacity: size + readAhead) { target, initialized in
            initialized = size
            var to = 0
            do throws(CodecError) {
                while to < size { try decodeSection(&reader, target, &to, size) }
                isWhole = to == size && reader.rest.isEmpty
            } catch {
                failure = error
            }
            // What a broken block leaves open is not handed out, but must not be unknown either.
            if to < size { target[max(0, to)..<size].initialize(repeating: 0) }
        }
        if let failure { throw failure }
        guard isWhole else { throw .malformed("words") }
        return text
    }

    /// Safety: `target` has 16 bytes behind `size`, and nothing is written once `to` is past that.
    private static func decodeSection(
        _ reader: inout ByteReader, _ target: UnsafeMutableBufferPointer<UInt8>, _ to: inout Int, _ size: Int
    ) throws(CodecError) {
        let header = try reader.take(headerBytes)
        let count = Int(UInt32(littleEndian: header.loadUnaligned(as: UInt32.self)))
        let distinct = Int(UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        guard count > 0, distinct > 0, distinct <= WordTable.mostWords else { throw .malformed("words") }
        let codes = try reader.take(count * 2)
        let lengths = try reader.take(distinct)
        var bytes = 0
        for length in lengths {
            guard length > 0, Int(length) <= WordTable.longestWord else { throw .malformed("length of a word") }
            bytes += Int(length)
        }
        let words = try reader.take(bytes)
        guard let out = UnsafeMutableRawPointer(target.baseAddress), size - to >= count else {
            throw .malformed("words")
        }
        var end = to
        let isWhole = withUnsafeTemporaryAllocation(of: SIMD16<UInt8>.self, capacity: distinct) { table in
            var from = 0
            for (code, length) in lengths.enumerated() {
                // The last byte is free for the length.
                var word = SIMD16<UInt8>()
                withUnsafeMutableBytes(of: &word) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: words[from..<from + Int(length)]))
                }
                word[15] = length
                table[code] = word
                from += Int(length)
            }
            for index in 0..<count {
                let code = Int(UInt16(littleEndian: codes.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)))
                guard code < distinct else { return false }
                let word = table[code]
                out.storeBytes(of: word, toByteOffset: end, as: SIMD16<UInt8>.self)
                end &+= Int(word[15])
                guard end <= size else { return false }
            }
            return true
        }
        guard isWhole else { throw .malformed("words") }
        to = end
    }
}
