/// Writes RFC 4180 rows: commas, CRLF, quotes where they are needed.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    /// Puts `'` before texts that a spreadsheet would run as a formula.
    var neutralisesFormulas = false

    init(neutralisesFormulas: Bool = false) { self.neutralisesFormulas = neutralisesFormulas }

    mutating func appendRow(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field[...].utf8, isOnlyField: fields.count == 1, isNumber: false)
        }
        endRow()
    }

    mutating func separator() { bytes.append(UInt8(ascii: ",")) }
    mutating func endRow() { bytes.append(contentsOf: [0x0D, 0x0A]) }
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// - Parameters:
    ///   - isOnlyField: an empty line would be no row, so an only field that is empty is quoted.
    ///   - isNumber: numbers are never formulas, whatever their sign.
    mutating func append(_ field: some Collection<UInt8>, isOnlyField: Bool, isNumber: Bool) {
        let isFormula = neutralisesFormulas && !isNumber && field.first.map(Self.startsFormula) ?? false
        let needsQuotes =
            field.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
            || (isOnlyField && field.isEmpty) || field.first == UInt8(ascii: " ") || field.first == UInt8(ascii: "#")
        guard needsQuotes || isFormula else {
            bytes.append(contentsOf: field)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in field {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Source: OWASP, "CSV Injection".
    static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }
}
