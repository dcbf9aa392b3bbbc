import Storage
import Tabular

extension CSVText {
    /// Rows of an answer; nulls as nothing.
    mutating func rows(_ batch: RowBatch) {
        var scratch: [UInt8] = []
        for row in 0..<batch.rows {
            for cell in row * batch.width..<(row + 1) * batch.width {
                if cell > row * batch.width { separator() }
                let isText = batch.kinds[cell] == .text
                scratch.removeAll(keepingCapacity: true)
                switch batch.kinds[cell] {
                case .null: break
                case .integer: DigitText.append(Int64(bitPattern: batch.words[cell]), to: &scratch)
                case .text, .digits: scratch.append(contentsOf: batch.bytes[batch.textRange(cell)])
                case .real, .boolean: scratch.append(contentsOf: batch.value(cell).plainText.utf8)
                }
                append(scratch, isOnlyField: batch.width == 1, isNumber: !isText)
            }
            endRow()
        }
    }
}
