/// A chunk's `TextStyle` as bytes: a tag and its parameters.
enum StyleBytes {
    static func encode(_ style: TextStyle, to bytes: inout [UInt8]) {
        switch style {
        case .plain: bytes.append(0)
        case .zeroPadded(let width):
            bytes.append(1)
            bytes.append(unsigned: UInt64(clamping: width))
        case .fixed(let separator, let grouping):
            bytes.append(contentsOf: [2, separator, grouping == nil ? 0 : 1, grouping ?? 0])
        case .trimmed(let separator, let keepsOne): bytes.append(contentsOf: [3, separator, keepsOne ? 1 : 0])
        case .grouped(let grouping): bytes.append(contentsOf: [4, grouping])
        case .words(let no, let yes):
            bytes.append(5)
            for word in [no, yes] {
                bytes.append(unsigned: UInt64(word.utf8.count))
                bytes.append(contentsOf: word.utf8)
            }
        case .date(let format):
            bytes.append(6)
            encode(format, to: &bytes)
        case .timestamp(let format):
            bytes.append(7)
            encode(format.date, to: &bytes)
            bytes.append(contentsOf: [format.between, format.hasSeconds ? 1 : 0])
            bytes.append(signed: Int64(format.fractionDigits))
            bytes.append(format.zone.rawValue)
            bytes.append(signed: Int64(format.offsetMinutes))
        }
    }

    private static func encode(_ format: DateFormat, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: [format.order.rawValue, format.separator, format.padded ? 1 : 0])
    }

    static func decode(_ reader: inout ByteReader) throws(CodecError) -> TextStyle {
        switch try reader.byte() {
        case 0: return .plain
        case 1: return .zeroPadded(width: try reader.count(limit: 1 << 16, "padding width"))
        case 2:
            let separator = try reader.byte()
            let isGrouped = try flag(&reader)
            let grouping = try reader.byte()
            return .fixed(separator: separator, grouping: isGrouped ? grouping : nil)
        case 3:
            let separator = try reader.byte()
            return .trimmed(separator: separator, keepsOne: try flag(&reader))
        case 4: return .grouped(try reader.byte())
        case 5:
            let no = try word(&reader)
            return .words(false: no, true: try word(&reader))
        case 6: return .date(try date(&reader))
        case 7: return .timestamp(try timestamp(&reader))
        default: throw .malformed("style")
        }
    }

    private static func flag(_ reader: inout ByteReader) throws(CodecError) -> Bool {
        let byte = try reader.byte()
        guard byte <= 1 else { throw .malformed("flag") }
        return byte == 1
    }

    private static func word(_ reader: inout ByteReader) throws(CodecError) -> String {
        let size = try reader.count(limit: 1 << 16, "word length")
        return String(decoding: try reader.take(size), as: UTF8.self)
    }

    private static func date(_ reader: inout ByteReader) throws(CodecError) -> DateFormat {
        guard let order = DateFormat.Order(rawValue: try reader.byte()) else { throw .malformed("date order") }
        let separator = try reader.byte()
        return DateFormat(order: order, separator: separator, padded: try flag(&reader))
    }

    private static func timestamp(_ reader: inout ByteReader) throws(CodecError) -> TimestampFormat {
        var format = TimestampFormat(date: try date(&reader))
        format.between = try reader.byte()
        format.hasSeconds = try flag(&reader)
        let digits = try reader.signed()
        guard let zone = TimestampFormat.Zone(rawValue: try reader.byte()) else { throw .malformed("zone") }
        format.zone = zone
        let offset = try reader.signed()
        guard (0...6).contains(digits), offset.magnitude < 100 * 60 else { throw .malformed("timestamp format") }
        format.fractionDigits = Int(digits)
        format.offsetMinutes = Int(offset)
        return format
    }
}
