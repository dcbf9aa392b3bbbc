import Shared

/// The values of one column in one row group, typed, with the exact text of every cell recoverable.
///
/// The text of row `i` is `exceptions` for that row if there is one; else, for a null, the empty text; else the value
/// written in `style`. So a chunk of numbers costs no text, unless the file writes them in more than one way.
package struct ColumnChunk: Sendable, Hashable {
    package var type: ColumnType
    package var values: ChunkValues
    /// Absent when no value is null.
    package var nulls: NullBitmap?
    package var style: TextStyle
    package var exceptions: TextExceptions

    package init(
        type: ColumnType, values: ChunkValues, nulls: NullBitmap? = nil, style: TextStyle = .plain,
        exceptions: TextExceptions = TextExceptions()
    ) {
        self.type = type
        self.values = values
        self.nulls = nulls
        self.style = style
        self.exceptions = exceptions
    }

    package var rows: Int { values.count }
}

/// Values in a row group; entries at null rows hold any value (0, empty text).
package enum ChunkValues: Sendable, Hashable {
    /// `integer`; `date` as days since 1970-01-01; `timestamp` as microseconds since 1970-01-01T00:00:00Z.
    case integers([Int64])
    /// `decimal` as mantissa / 10^scale, `scale` in 0 ... 18.
    case decimals([Int64], scale: Int)
    /// `decimal` that no common scale holds in 64 bits.
    case doubles([Double])
    /// `boolean`, 0 or 1.
    case booleans([UInt8])
    /// `text`
    case texts(TextArray)
    /// `text` that repeats: `entries[codes[row]]`.
    case dictionary(codes: [UInt32], entries: TextArray)

    package var count: Int {
        switch self {
        case .integers(let values): values.count
        case .decimals(let values, _): values.count
        case .doubles(let values): values.count
        case .booleans(let values): values.count
        case .texts(let values): values.count
        case .dictionary(let codes, _): codes.count
        }
    }
}

/// How a chunk's values are written in its file.
package enum TextStyle: Sendable, Hashable {
    /// Integers as digits; texts as they are; doubles by their shortest round-trip text.
    case plain
    /// Integers padded with zeros to `width` digits.
    case zeroPadded(width: Int)
    /// Numbers with exactly `scale` decimals, after `separator`; `grouping` between groups of three digits.
    case fixed(separator: UInt8, grouping: UInt8?)
    /// Numbers without trailing zeros; with at least one decimal (`3.0`) when `keepsOne`.
    case trimmed(separator: UInt8, keepsOne: Bool)
    /// Integers with `grouping` between groups of three digits.
    case grouped(UInt8)
    /// Booleans as these two words.
    case words(false: String, true: String)
    case date(DateFormat)
    case timestamp(TimestampFormat)
}

/// Cells whose text differs from what the chunk's style writes, by ascending row.
package struct TextExceptions: Sendable, Hashable {
    package var rows: [UInt32]
    package var texts: TextArray

    package init(rows: [UInt32] = [], texts: TextArray = TextArray()) {
        self.rows = rows
        self.texts = texts
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// How many texts are empty: those of quoted empty cells.
    var emptyTextCount: Int { zip(texts.offsets, texts.offsets.dropFirst()).count { $0 == $1 } }

    package mutating func append(row: Int, text: String) {
        rows.append(UInt32(row))
        texts.append(text)
    }
}
