import Shared

extension TableColumn {
    /// The values as classes, labelled by their canonical text (`ColumnChunk.canonicalText(at:)`); -1 where null.
    ///
    /// - Complexity: O(rows); a text is made for each distinct value of a chunk only
    package func categories() -> CategoryCodes {
        var interner = TextInterner()
        var codes: [Int32] = []
        codes.reserveCapacity(rows)
        for chunk in chunks { chunk.appendCategories(to: &codes, &interner) }
        return CategoryCodes(codes: codes, labels: (0..<interner.count).map { interner.texts[$0] })
    }

    /// The words that false and true are written as, each where it first occurs; nil unless both do.
    package func booleanWords() -> BooleanWords? {
        var found: (no: String?, yes: String?) = (nil, nil)
        for chunk in chunks {
            guard case .booleans(let flags) = chunk.values, case .words(let no, let yes) = chunk.style else { continue }
            for row in flags.indices where chunk.nulls?.isNull(row) != true {
                if flags[row] == 0 { found.no = found.no ?? no } else { found.yes = found.yes ?? yes }
                if let no = found.no, let yes = found.yes { return BooleanWords(no: no, yes: yes) }
            }
        }
        return nil
    }
}

extension ColumnChunk {
    /// Appends the class of each row by its canonical text; -1 where null.
    func appendCategories(to codes: inout [Int32], _ interner: inout TextInterner) {
        switch values {
        case .texts(let texts):
            for row in 0..<texts.count {
                let isNull = nulls?.isNull(row) == true
                codes.append(isNull ? -1 : texts.withText(row) { Int32(truncatingIfNeeded: interner.code($0)) })
            }
        case .dictionary(let own, let entries):
            var known = [Int32](repeating: -1, count: entries.count)
            for row in own.indices {
                if nulls?.isNull(row) == true {
                    codes.append(-1)
                    continue
                }
                let entry = Int(own[row])
                if known[entry] < 0 {
                    known[entry] = entries.withText(entry) { Int32(truncatingIfNeeded: interner.code($0)) }
                }
                codes.append(known[entry])
            }
        case .integers(let values): appendCategories(keys: values, to: &codes, &interner)
        case .decimals(let mantissas, _): appendCategories(keys: mantissas, to: &codes, &interner)
        case .doubles(let values):
            appendCategories(keys: values.map { Int64(bitPattern: $0.bitPattern) }, to: &codes, &interner)
        case .booleans(let flags): appendCategories(keys: flags.map { Int64($0) }, to: &codes, &interner)
        }
    }

    /// Equal keys have equal texts.
    private func appendCategories(keys: [Int64], to codes: inout [Int32], _ interner: inout TextInterner) {
        var known: [Int64: Int32] = [:]
        var text: [UInt8] = []
        for (row, key) in keys.enumerated() {
            if nulls?.isNull(row) == true {
                codes.append(-1)
            } else if let code = known[key] {
                codes.append(code)
            } else {
                text.removeAll(keepingCapacity: true)
                appendCanonicalText(at: row, to: &text)
                let code = text.withUnsafeBytes { Int32(truncatingIfNeeded: interner.code($0)) }
                known[key] = code
                codes.append(code)
            }
        }
    }
}
