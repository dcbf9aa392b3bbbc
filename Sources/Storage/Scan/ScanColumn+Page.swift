import Tabular

extension ScanColumn {
    /// Appends the value as a page of rows shows it: as SQL has it, but booleans as such, and decimals by their digits.
    @inline(__always)
    func appendShown(_ row: Int, to batch: inout RowBatch) {
        if !isNull(row) {
            if type == .boolean { return batch.append(boolean: number(row) != 0) }
            if case .fixed(let scale) = layout {
                // One digit stays behind the point, so that it is read as a decimal.
                let layout = DecimalLayout(keepsOne: true)
                return batch.append(.digits) {
                    DigitText.append(mantissa: number(row), scale: scale, layout: layout, to: &$0)
                }
            }
        }
        append(row, to: &batch)
    }
}
