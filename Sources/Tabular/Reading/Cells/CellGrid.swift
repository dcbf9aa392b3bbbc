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
    let doublesQuotes: Bool
    let escapesAnything: Bool
    let spacing: Dialect.Spacing

    init(dialect: Dialect) {
        hasQuote = dialect.quote != nil
        quote = dialect.quote ?? 0
        hasEscape = dialect.escape != nil
        escape = dialect.escape ?? 0
        doublesQuotes = dialect.doublesQuotes
        escapesAnything = dialect.escapesAnything
        spacing = dialect.spacing
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
        if end > start, text[start] != rules.quote || !rules.hasQuote, !rules.hasEscape, rules.spacing == .kept {
            return Cell(start: text + start, count: end &- start)
        }
        return unusualCell(text, start, end)
    }

    private func unusualCell(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Cell {
        var (first, last) = (start, end)
        if rules.spacing != .kept { leaveOutSpaces(text, &first, &last) }
        if rules.hasQuote, first < last, text[first] == rules.quote {
            return trimmed(unquoted(text, first + 1, last))
        }
        if rules.spacing == .aroundQuotes { (first, last) = (start, end) }
        guard rules.hasEscape else { return Cell(start: text + first, count: last - first) }
        let raw = Cell(start: text + first, count: last - first)
        // `\N` is a null word before it is an escaped letter.
        if !rules.nullWords.isEmpty, rules.isNullWord(raw) { return raw }
        reserve(last - first)
        return trimmed(Cell(start: scratch, count: copy(text, first, last, to: 0)))
    }

    private func leaveOutSpaces(_ text: UnsafePointer<UInt8>, _ first: inout Int, _ last: inout Int) {
        let trims = rules.spacing == .trimmed
        while first < last, text[first] == 32 || trims && text[first] == 9 { first += 1 }
        if rules.spacing == .initial { return }
        while last > first, text[last - 1] == 32 || trims && text[last - 1] == 9 {
            // An escaped space is data.
            if rules.hasEscape, last - 2 >= first, text[last - 2] == rules.escape { return }
            last -= 1
        }
    }

    /// Spaces inside quotes go too where cells are trimmed.
    private func trimmed(_ cell: Cell) -> Cell {
        guard rules.spacing == .trimmed else { return cell }
        var (first, last) = (0, cell.count)
        while first < last, cell.start[first] == 32 || cell.start[first] == 9 { first += 1 }
        while last > first, cell.start[last - 1] == 32 || cell.start[last - 1] == 9 { last -= 1 }
        return Cell(start: cell.start + first, count: last - first, isQuoted: cell.isQuoted)
    }

    /// What an opening quote encloses, and any text behind the closing one; `text[first ..< last]` is behind the opening one.
    private func unquoted(_ text: UnsafePointer<UInt8>, _ first: Int, _ last: Int) -> Cell {
        var position = firstSpecial(text, first, last)
        if position == last - 1, text[position] == rules.quote {
            return Cell(start: text + first, count: position - first, isQuoted: true)
        }
        reserve(last - first + QuotedText.slack)
        if !rules.hasEscape, rules.doublesQuotes {
            let count = QuotedText.copy(text, first, last, quote: rules.quote, to: scratch)
            if count >= 0 { return Cell(start: scratch, count: count, isQuoted: true) }
        }
        var count = 0
        position = first
        while position < last {
            let byte = text[position]
            let following = position + 1 < last ? text[position + 1] : 0
            let hasFollowing = position + 1 < last
            if rules.hasEscape, byte == rules.escape, hasFollowing, escapes(following, inQuotes: true) {
                scratch[count] = following
                position += 2
            } else if byte == rules.quote {
                guard rules.doublesQuotes, hasFollowing, following == byte else {
                    // Behind the closing quote an escape character is text, until something else has come.
                    if hasFollowing {
                        scratch[count] = following
                        count = copy(text, position + 2, last, to: count + 1)
                    }
                    return Cell(start: scratch, count: count, isQuoted: true)
                }
                scratch[count] = byte
                position += 2
            } else {
                scratch[count] = byte
                position += 1
            }
            count += 1
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

    /// Copies unquoted text without its escape characters; returns where it ends.
    private func copy(_ text: UnsafePointer<UInt8>, _ first: Int, _ last: Int, to target: Int) -> Int {
        var count = target
        var position = first
        while position < last {
            if rules.hasEscape, text[position] == rules.escape, position + 1 < last,
                escapes(text[position + 1], inQuotes: false)
            {
                position += 1
            }
            scratch[count] = text[position]
            count += 1
            position += 1
        }
        return count
    }

    /// Whether the escape character before `byte` is no part of the cell.
    private func escapes(_ byte: UInt8, inQuotes: Bool) -> Bool {
        if rules.escapesAnything || byte == rules.escape || rules.hasQuote && byte == rules.quote { return true }
        return !inQuotes && (byte == rules.delimiter[0] || byte == 10 || byte == 13)
    }

    private func reserve(_ count: Int) {
        if count <= capacity { return }
        scratch.deallocate()
        capacity = max(count, capacity * 2)
        scratch = .allocate(capacity: capacity)
    }
}
