/// How many rows fit into the memory that a training may take.
struct TrainingMemory {
    /// Fewer rows than these are not worth a training.
    static let leastRows = 1_000

    /// For each row that trials or the refit see.
    let bytesPerRow: Int
    /// For the whole table, whatever part of it is learnt from: its cells as they are read, and as encoders need them.
    let tableBytes: Int
    private let plan: TrainingPlan

    /// What of the memory is planned; the rest is for what the allocator loses and for columns while they are read.
    private static let plannedShare = 0.8
    /// For each output of a row beyond two: scores of two fits, the predictions of the trials that a mixture is chosen from, and of the
    /// mixtures.
    private static let bytesPerOutput = 32

    init(_ plan: TrainingPlan) {
        self.plan = plan
        let features = max(1, plan.features.count)
        // Per cell: the sample's value, the matrices of five folds, and the bins of the fits that run at once.
        bytesPerRow =
            plan.matrixColumns * (8 + 4 * 5 + 4 * max(1, plan.options.threads)) + 8 * 40
            + max(0, plan.target.outputs - 2) * Self.bytesPerOutput
        let rows = plan.rows.count + plan.droppedRows
        let texts = 2 * plan.texts.bytesPerRow * Double(rows) + Self.keptTermBytes(plan)
        tableBytes = rows * features * (8 + 4) + Int(min(1e15, texts))
    }

    /// Terms of texts that are kept for the next fold: of all texts, in an eighth of the memory.
    static func keptTermBytes(_ plan: TrainingPlan) -> Double {
        min(Double(plan.options.memoryBytes) / 8, plan.texts.termBytesPerRow * Double(plan.rows.count))
    }

    /// Rows that trials may be scored on; 0 when the table alone is too large.
    var rows: Int { max(0, plannedBytes - tableBytes) / bytesPerRow }

    /// What the least training takes.
    var leastBytes: Int {
        Int(Double(tableBytes + min(plan.rows.count, Self.leastRows) * bytesPerRow) / Self.plannedShare)
    }

    private var plannedBytes: Int { Int(Double(plan.options.memoryBytes) * Self.plannedShare) }

    /// Whether all rows fit beside what the search on a sample keeps.
    func fitsAll(searchRows: Int) -> Bool {
        // One matrix, and the bins of two fits at once.
        let features = plan.matrixColumns
        let refit =
            plan.rows.count
            * (features * (4 + 2 * max(1, plan.options.threads)) + 8 * 8
                + max(0, plan.target.outputs - 2) * Self.bytesPerOutput / 2)
        return tableBytes + searchRows * bytesPerRow + refit <= plannedBytes
    }
}
