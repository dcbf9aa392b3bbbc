import Shared

extension ColumnChunk {
    /// The exact texts of a column of integers, decimals, dates or timestamps that are written in the usual way and need no quotes; nil
    /// for all others.
    func plainNumberCells() -> CellColumn? {
        guard exceptions.isEmpty else { return nil }
        switch (values, style, type) {
        case (.integers(let values), .plain, .integer):
            return cells(values, longest: 20) { DigitWriter.write($0, to: $1) }
        case (.decimals(let mantissas, let scale), .fixed(UInt8(ascii: "."), nil), _):
            return cells(mantissas, longest: 22) { Self.write($0, scale: scale, trims: false, keepsOne: false, to: $1) }
        case (.decimals(let mantissas, let scale), .trimmed(UInt8(ascii: "."), let keepsOne), _):
            return cells(mantissas, longest: 22) {
                Self.write($0, scale: scale, trims: true, keepsOne: keepsOne, to: $1)
            }
        // A year before 0 would begin with a sign, as formulas do.
        case (.integers(let values), .timestamp(let format), .timestamp)
        where format.isPlain && values.allSatisfy({ $0 >= -62_167_219_200_000_000 }):
            var day = Int64.min
            var text: [UInt8] = []
            return cells(values, longest: 40) { value, target in
                let of = floorDivide(value, 86_400_000_000)
                if of != day {
                    day = of
                    text.removeAll(keepingCapacity: true)
                    format.date.append(daysSince1970: of, to: &text)
                }
                for index in text.indices { target[index] = text[index] }
                return text.count
                    + Self.write(value &- of &* 86_400_000_000, of: format, to: target + text.count)
            }
        default: return nil
        }
    }

    @inline(__always)
    private func cells(
        _ values: [Int64], longest: Int, write: (Int64, UnsafeMutablePointer<UInt8>) -> Int
    ) -> CellColumn {
        values.withUnsafeBufferPointer { values in
            guard let nulls else { return CellColumn(rows: rows, longest: longest) { write(values[$0], $1) } }
            return CellColumn(rows: rows, longest: longest) { nulls.isNull($0) ? 0 : write(values[$0], $1) }
        }
    }

    /// `mantissa / 10^scale` with a point.
    @inline(__always)
    private static func write(
        _ mantissa: Int64, scale: Int, trims: Bool, keepsOne: Bool, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let power = integerPowersOfTen.withUnsafeBufferPointer { $0[scale] }
        let magnitude = mantissa.magnitude
        let whole = magnitude / power
        var fraction = magnitude &- whole &* power
        var count = 0
        if mantissa < 0 {
            target.pointee = UInt8(ascii: "-")
            count = 1
        }
        count &+= DigitWriter.write(whole, to: target + count)
        var digits = scale
        if trims {
            if fraction == 0 { digits = 0 }
            while digits > 0, fraction % 10 == 0 {
                fraction /= 10
                digits &-= 1
            }
            if digits == 0, keepsOne { digits = 1 }
        }
        if digits == 0 { return count }
        target[count] = UInt8(ascii: ".")
        DigitWriter.write(fraction, width: digits, to: target + (count &+ 1))
        return count &+ 1 &+ digits
    }

    /// The time of a day.
    @inline(__always)
    private static func write(
        _ microseconds: Int64, of format: TimestampFormat, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let seconds = UInt64(microseconds) / 1_000_000
        var count = 0
        if format.between != 0 {
            target.pointee = format.between
            count = 1
        }
        DigitWriter.write(seconds / 3600, width: 2, to: target + count)
        target[count &+ 2] = UInt8(ascii: ":")
        DigitWriter.write(seconds / 60 % 60, width: 2, to: target + (count &+ 3))
        count &+= 5
        guard format.hasSeconds else { return count }
        target[count] = UInt8(ascii: ":")
        DigitWriter.write(seconds % 60, width: 2, to: target + (count &+ 1))
        count &+= 3
        let digits = min(max(format.fractionDigits, 0), 6)
        guard digits > 0 else { return count }
        target[count] = UInt8(ascii: ".")
        let fraction = UInt64(microseconds % 1_000_000) / integerPowersOfTen[6 - digits]
        DigitWriter.write(fraction, width: digits, to: target + (count &+ 1))
        return count &+ 1 &+ digits
    }
}

extension TimestampFormat {
    /// Whether it has no zone, and a date whose texts all fit in twenty bytes.
    fileprivate var isPlain: Bool {
        zone == .none && between != UInt8(ascii: ",") && date.separator != UInt8(ascii: ",")
    }
}
