/// What was counted for drift is a document of its model; the table held a result that was never written.
enum M008 {
    static let sql = "DROP TABLE drift;"
}
