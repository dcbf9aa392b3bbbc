extension ColumnBuilder {
    /// Brings the mantissas to one scale and finds the style that writes most of the cells.
    ///
    /// - Returns: nil when 64 bits do not hold them at one scale.
    func finishDecimals(_ grid: CellGrid) -> (ChunkValues, TextStyle)? {
        var counts = [Int](repeating: 0, count: 256)
        for form in forms { counts[Int(form)] += 1 }
        var scale = 0
        for form in 0..<128 where counts[form] > 0 {
            let own = form & Int(DecimalForm.scale)
            scale = max(scale, own)
            // Odd ones, such as those with exponents, were noted one by one.
            if own > 0, form & Int(DecimalForm.odd) == 0 { evidence.needsDecimal = true }
        }
        // Every cell is written alike: nothing to look at twice.
        if counts[scale] + counts[Int(DecimalForm.null)] == rows {
            return values(scale, DecimalStyle(layout: .fixed, separator: rules.decimal, grouping: 0))
        }
        let nulls = exceptions
        let (style, fitsAll) = decimalStyle(scale, counts)
        if !fitsAll { addDecimalExceptions(grid, scale, style) }
        guard rescale(to: scale) else {
            exceptions = nulls
            return nil
        }
        return values(scale, style)
    }

    private func values(_ scale: Int, _ style: DecimalStyle) -> (ChunkValues, TextStyle) {
        (.decimals(integers, scale: scale), style.text)
    }

    private func rescale(to scale: Int) -> Bool {
        let powers = (0...scale).map { Int64(integerPowersOfTen[scale - $0]) }
        let forms = forms
        return integers.withUnsafeMutableBufferPointer { integers in
            for row in 0..<integers.count where forms[row] != DecimalForm.null {
                let own = Int(forms[row] & DecimalForm.scale)
                if own == scale { continue }
                let (value, overflow) = integers[row].multipliedReportingOverflow(by: powers[own])
                if overflow || value == .min { return false }
                integers[row] = value
            }
            return true
        }
    }

    /// The style that fits most cells of a scale, judged by the cells' scales and last digits before they are brought to one scale; and
    /// whether it is known to fit all of them.
    private func decimalStyle(_ scale: Int, _ counts: [Int]) -> (DecimalStyle, fitsAll: Bool) {
        var trimmed = 0
        var keepsOne = 0
        var grouped = 0
        var ungroupedLarge = 0
        let thousands = Self.thousands
        for (form, integer) in zip(forms, integers) where form & (DecimalForm.null | DecimalForm.odd) == 0 {
            let own = Int(form & DecimalForm.scale)
            let endsWithZero = own > 0 && integer % 10 == 0
            trimmed += endsWithZero ? 0 : 1
            keepsOne += own > 0 && (!endsWithZero || own == 1) ? 1 : 0
            if form & DecimalForm.grouped != 0 {
                grouped += 1
            } else if integer.magnitude >= thousands[own] {
                ungroupedLarge += 1
            }
        }
        let fixed = counts[scale] + counts[scale | Int(DecimalForm.grouped)]
        let grouping: UInt8 = grouped > ungroupedLarge ? groupingByte : 0
        // Only the fixed style groups digits.
        let layout: DecimalStyle.Layout =
            if fixed >= trimmed && fixed >= keepsOne || grouping != 0 {
                .fixed
            } else if trimmed >= keepsOne {
                .trimmed
            } else {
                .keepsOne
            }
        let fitting =
            switch layout {
            case .fixed: fixed
            case .trimmed: trimmed
            case .keepsOne: keepsOne
            }
        let cells = rows - counts[Int(DecimalForm.null)]
        return (
            DecimalStyle(layout: layout, separator: rules.decimal, grouping: grouping),
            fitsAll: grouped == 0 && grouping == 0 && fitting == cells
        )
    }

    /// The byte that groups the digits of the first grouped cell.
    private var groupingByte: UInt8 { firstGrouping == 0 ? rules.grouping : firstGrouping }

    /// 1000 as a mantissa of each scale, or more than any mantissa.
    private static let thousands: [UInt64] = (0...31).map { scale in
        guard scale <= 16 else { return .max }
        return integerPowersOfTen[scale] &* 1000
    }

    private func addDecimalExceptions(_ grid: CellGrid, _ scale: Int, _ style: DecimalStyle) {
        let nulls = exceptions
        var next = 0
        exceptions = TextExceptions()
        let thousands = Self.thousands
        for (row, (form, integer)) in zip(forms, integers).enumerated() {
            if form == DecimalForm.null {
                if next < nulls.rows.count, nulls.rows[next] == row {
                    exceptions.append(row: row, text: nulls.texts[next])
                    next += 1
                }
                continue
            }
            let own = Int(form & DecimalForm.scale)
            let isGrouped = form & DecimalForm.grouped != 0
            let groupingFits = isGrouped == (style.grouping != 0 && integer.magnitude >= thousands[own])
            let layoutFits =
                switch style.layout {
                case .fixed: own == scale
                case .trimmed: own == 0 || integer % 10 != 0
                case .keepsOne: own == 1 || own > 1 && integer % 10 != 0
                }
            if form & DecimalForm.odd == 0, groupingFits, layoutFits { continue }
            appendException(
                reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column)), row)
        }
    }

    // MARK: - Doubles

    /// Reads every cell as the nearest Double. For chunks that have exponents or more digits than 64 bits hold.
    ///
    /// - Returns: the first row that is no number, or an integer of more than 64 bits; else `end`.
    func takeDoubles(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        for row in first..<end {
            let cell = reader.cell(
                grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
            doubles[row] = 0
            if takeNull(cell, row) { continue }
            guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping) else { return row }
            if number.isInteger, number.signedMantissa == nil { return row }
            guard let value = double(number, cell) else { return row }
            doubles[row] = value
            note(number, cell)
        }
        return end
    }

    private func double(_ number: NumberCell, _ cell: Cell) -> Double? {
        if !number.overflows, number.mantissa < 1 << 53, (-22...22).contains(number.scale) {
            // Exact operands, so that one rounding makes the nearest Double (Clinger 1990).
            let mantissa = Double(number.mantissa)
            let value =
                number.scale >= 0 ? mantissa / powersOfTen[number.scale] : mantissa * powersOfTen[-number.scale]
            return number.isNegative ? -value : value
        }
        var plain: [UInt8] = []
        for byte in cell.bytes {
            if byte == rules.decimal {
                plain.append(UInt8(ascii: "."))
            } else if byte &- 48 <= 9 || byte | 0x20 == UInt8(ascii: "e") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "+")
            {
                plain.append(byte)
            }
        }
        if plain.first == UInt8(ascii: "+") { plain.removeFirst() }
        guard let value = Double(String(decoding: plain, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    func finishDoubles(_ grid: CellGrid) -> (ChunkValues, TextStyle) {
        let nulls = exceptions
        var best: (count: Int, exceptions: TextExceptions, style: TextStyle)?
        for keepsOne in [true, false] {
            let style = TextStyle.trimmed(separator: rules.decimal, keepsOne: keepsOne)
            let layout = style.decimalLayout
            exceptions = TextExceptions()
            var next = 0
            var written: [UInt8] = []
            for row in 0..<rows {
                if isNull(row) {
                    if next < nulls.rows.count, nulls.rows[next] == row {
                        exceptions.append(row: row, text: nulls.texts[next])
                        next += 1
                    }
                    continue
                }
                let cell = reader.cell(
                    grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
                written.removeAll(keepingCapacity: true)
                DigitText.append(doubles[row], layout: layout, to: &written)
                if !written.elementsEqual(cell.bytes) { appendException(cell, row) }
            }
            let count = exceptions.rows.count
            if best.map({ count < $0.count }) ?? true { best = (count, exceptions, style) }
        }
        exceptions = best?.exceptions ?? TextExceptions()
        return (.doubles(doubles), best?.style ?? .plain)
    }
}

/// How a chunk's decimals are written.
struct DecimalStyle {
    enum Layout { case fixed, trimmed, keepsOne }

    var layout: Layout
    var separator: UInt8
    /// 0 for none.
    var grouping: UInt8

    var text: TextStyle {
        switch layout {
        case .fixed: .fixed(separator: separator, grouping: grouping == 0 ? nil : grouping)
        case .trimmed: .trimmed(separator: separator, keepsOne: false)
        case .keepsOne: .trimmed(separator: separator, keepsOne: true)
        }
    }
}
