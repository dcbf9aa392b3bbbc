extension FittedModel {
    /// Rows that a thread takes at once.
    private static var rowsPerPiece: Int { 8_192 }

    /// `predict` for all rows on several threads; the numbers are the same for any count of them.
    package func predict(_ matrix: FeatureMatrix, threads: Int) -> [Double] {
        let pieces = (matrix.rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece
        guard threads > 1, pieces > 1 else { return predict(matrix, rows: nil) }
        let found = Lanes.map(pieces, lanes: threads) { piece in
            let begin = piece * Self.rowsPerPiece
            return predict(matrix, rows: Array(Int32(begin)..<Int32(min(matrix.rows, begin + Self.rowsPerPiece))))
        }
        return Array(found.joined())
    }
}
