import Shared

extension TransformStep {
    /// The table after this step, and what was done. Chunks of columns that it leaves alone are shared with `table`.
    ///
    /// - Throws: any `TransformError`, and what the shelf and the surroundings throw; the table is then as it was.
    /// - Complexity: O(rows x columns concerned), `sort` O(rows log rows); at most one column of those is in memory at a time, besides
    ///   the numbers or classes of the columns that decide
    package func apply(
        to table: ChunkedTable, _ surroundings: TransformSurroundings
    ) throws -> (ChunkedTable, TransformReport) {
        var report = TransformReport(op: op)
        let result: ChunkedTable =
            switch operation {
            case .removeNulls: try removeNulls(table, &report)
            case .fillMean, .fillMedian, .fillMode, .fillConstant: try fill(table, &report)
            case .fillForward: try fillForward(table, &report)
            case .removeDuplicates: try removeDuplicates(table, &report)
            case .removeOutliers: try removeOutliers(table, &report)
            case .rename: try rename(table, &report)
            case .drop: try drop(table, &report)
            case .reorder: try reorder(table, &report)
            case .convert: try convert(table, surroundings, &report)
            case .replace: try replace(table, &report)
            case .trim, .lower, .upper, .title, .collapseSpaces: try changeText(table, &report)
            case .filter: try filter(table, surroundings, &report)
            case .deleteRows: try deleteRows(table, &report)
            case .derive: try derive(table, surroundings, &report)
            case .sort: try sort(table, &report)
            case .sample: try sample(table, &report)
            case .splitColumn: try splitColumn(table, &report)
            case .join: try join(table, surroundings, &report)
            case .append: try append(table, surroundings, &report)
            case .group: try group(table, &report)
            }
        if report.text.isEmpty { report.text = report.sentence }
        return (result, report)
    }
}
