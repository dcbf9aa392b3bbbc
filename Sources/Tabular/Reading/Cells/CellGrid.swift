/// The cells of a scanned row group, for kernels: raw positions, no checks.
///
/// Safety: valid while the group's buffer is neither filled nor freed; rows and columns must be the scan's.
struct CellGrid {
    let text: UnsafePointer<UInt8>
    let index: UnsafePointer<UInt32>
    /// Entries a row.
    let stride: Int
    let delimiterLength: Int

    @inline(__always)
    func start(row: Int, column: Int) -> Int {
        Int(index[row &* stride &+ column]) &+ delimiterLength
    }

    @inline(__always)
    func end(row: Int, column: Int) -> Int { Int(index[row &* stride &+ column &+ 1]) }
}

/// What kernels must know of the dialect.
struct CellRules: Sendable {
    let hasQuote: Bool
    let quote: UInt8
    let hasEscape: Bool
    let escape: UInt8
    let delimiter: [UInt8]
    let decimal: UInt8
    let grouping: UInt8
    let nullWords: [[UInt8]]
    /// A null word could be read as a number, date or boolean, so that every cell is compared first.
    let nullWordsLookTyped: Bool
    /// Some quoted cell may have spaces around its quotes.
    var hasSpacedQuotes = false

    init(dialect: Dialect) {
        hasQuote = dialect.quote != nil
        quote = dialect.quote ?? 0
        hasEscape = dialect.escape != nil
        escape = dialect.escape ?? 0
        delimiter = dialect.delimiter
        decimal = dialect.decimal
        grouping = dialect.grouping
        nullWords = dialect.nullValues.filter { !$0.isEmpty }.map { Array($0.utf8) }
        let decimal = decimal
        let grouping = grouping
        nullWordsLookTyped = nullWords.contains { word in
            word.withUnsafeBufferPointer { bytes in
                CellShape(Cell(bytes), decimal: decimal, grouping: grouping) != .text
            }
        }
    }

    func isNullWord(_ cell: Cell) -> Bool {
        nullWords.contains { word in
            word.count == cell.count
                && word.withUnsafeBufferPointer { word in
                    for offset in 0..<cell.count where word[offset] != cell.start[offset] { return false }
                    return true
                }
        }
    }
}

/// The text of one cell, quotes and escapes taken off.
///
/// Safety: points into the group's text or into a `CellReader`'s scratch memory, until the next cell is read.
struct Cell {
    let start: UnsafePointer<UInt8>
    let count: Int
    var isQuoted = false

    init(start: UnsafePointer<UInt8>, count: Int, isQuoted: Bool = false) {
        self.start = start
        self.count = count
        self.isQuoted = isQuoted
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // An empty buffer may have no address; any address does for no bytes.
        start = bytes.baseAddress ?? Self.nowhere
        count = bytes.count
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    // Safety: never written, never freed.
    private nonisolated(unsafe) static let nowhere: UnsafePointer<UInt8> = {
        let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}

/// Takes quotes and escapes off cells.
///
/// Safety: owns its scratch memory; one thread.
final class CellReader {
    let rules: CellRules
    private var scratch: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 10

    init(rules: CellRules) {
        self.rules = rules
        scratch = .allocate(capacity: capacity)
    }

    deinit { scratch.deallocate() }

    /// The cell at `text[start ..< end]`.
    @inline(__always)
    func cell(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Cell {
        if end > start, text[start] != rules.quote || !rules.hasQuote, !rules.hasEscape,
            !rules.hasSpacedQuotes || text[start] != 32
        {
            return Cell(start: text + start, count: end &- start)
        }
        return unusualCell(text, start, end)
    }

    private func unusualCell(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Cell {
        var first = start
        var last = end
        if rules.hasSpacedQuotes {
            while first < last, text[first] == 32 { first += 1 }
            while last > first, text[last - 1] == 32 { last -= 1 }
            if last - first < 2 || text[first] != rules.quote { (first, last) = (start, end) }
        } else if rules.hasQuote, last > first, text[first] == rules.quote {
            // Spaces behind the closing quote.
            while last > first + 1, text[last - 1] == 32 { last -= 1 }
        }
        guard rules.hasQuote, last - first >= 2, text[first] == rules.quote, text[last - 1] == rules.quote else {
            return rules.hasEscape
                ? unescaped(text, start, end) : Cell(start: text + start, count: end - start)
        }
        first += 1
        last -= 1
        return undoubled(text, first, last)
    }

    /// The inside of quotes.
    private func undoubled(_ text: UnsafePointer<UInt8>, _ first: Int, _ last: Int) -> Cell {
        var position = firstSpecial(text, first, last)
        if position == last { return Cell(start: text + first, count: last - first, isQuoted: true) }
        reserve(last - first)
        var count = 0
        position = first
        while position < last {
            let byte = text[position]
            if position + 1 < last {
                let following = text[position + 1]
                let doubled = byte == rules.quote && following == byte
                let escapes =
                    rules.hasEscape && byte == rules.escape && (following == rules.quote || following == rules.escape)
                if doubled || escapes { position += 1 }
            }
            scratch[count] = text[position]
            count += 1
            position += 1
        }
        return Cell(start: scratch, count: count, isQuoted: true)
    }

    /// The first quote or escape in `first ..< last`, or `last`; eight bytes at a time.
    ///
    /// Source: H. S. Warren, "Hacker's Delight", 6-1 (find first 0-byte).
    @inline(__always)
    private func firstSpecial(_ text: UnsafePointer<UInt8>, _ first: Int, _ last: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = ones &* UInt64(rules.quote)
        let escapes = ones &* UInt64(rules.hasEscape ? rules.escape : rules.quote)
        var position = first
        while position &+ 8 <= last {
            let word = UnsafeRawPointer(text + position).loadUnaligned(as: UInt64.self).littleEndian
            let (one, two) = (word ^ quotes, word ^ escapes)
            let found = ((one &- ones) & ~one | (two &- ones) & ~two) & (ones &<< 7)
            if found != 0 { return position &+ found.trailingZeroBitCount >> 3 }
            position &+= 8
        }
        while position < last, text[position] != rules.quote, !rules.hasEscape || text[position] != rules.escape {
            position &+= 1
        }
        return position
    }

    /// Unquoted text in a dialect with an escape character.
    private func unescaped(_ text: UnsafePointer<UInt8>, _ first: Int, _ last: Int) -> Cell {
        reserve(last - first)
        var count = 0
        var position = first
        while position < last {
            if text[position] == rules.escape, position + 1 < last {
                let following = text[position + 1]
                if following == rules.escape || following == rules.quote || following == rules.delimiter[0]
                    || following == 10 || following == 13
                {
                    position += 1
                }
            }
            scratch[count] = text[position]
            count += 1
            position += 1
        }
        return Cell(start: scratch, count: count)
    }

    private func reserve(_ count: Int) {
        if count <= capacity { return }
        scratch.deallocate()
        capacity = max(count, capacity * 2)
        scratch = .allocate(capacity: capacity)
    }
}
