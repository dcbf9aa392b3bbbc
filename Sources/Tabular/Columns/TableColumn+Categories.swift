import Shared

extension TableColumn {
    /// The values as classes, labelled by their canonical text (`ColumnChunk.canonicalText(at:)`); -1 where null.
    ///
    /// - Complexity: O(rows)
    package func categories() -> CategoryCodes {
        var index: [String: Int32] = [:]
        var labels: [String] = []
        var codes: [Int32] = []
        codes.reserveCapacity(rows)
        func code(_ label: String) -> Int32 {
            if let known = index[label] { return known }
            let new = Int32(labels.count)
            index[label] = new
            labels.append(label)
            return new
        }
        for chunk in chunks {
            // One look-up an entry rather than one a row.
            var ofEntry: [Int32] = []
            if case .dictionary(_, let entries) = chunk.values {
                ofEntry = [Int32](repeating: -1, count: entries.count)
            }
            for row in 0..<chunk.rows {
                if chunk.nulls?.isNull(row) == true {
                    codes.append(-1)
                } else if case .dictionary(let entryCodes, let entries) = chunk.values {
                    let entry = Int(entryCodes[row])
                    if ofEntry[entry] < 0 { ofEntry[entry] = code(entries[entry]) }
                    codes.append(ofEntry[entry])
                } else {
                    codes.append(code(chunk.canonicalText(at: row)))
                }
            }
        }
        return CategoryCodes(codes: codes, labels: labels)
    }
}
