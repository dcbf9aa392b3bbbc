/// Which upload a rejected row was in. Until now a version had the rejected rows of the newest upload alone: only uploads have no step.
enum M009 {
    static let sql = """
        ALTER TABLE reject ADD COLUMN upload INTEGER NOT NULL DEFAULT 1;
        UPDATE reject SET upload = coalesce((
            SELECT max(u.version) FROM dataset_version v JOIN dataset_version u ON u.dataset = v.dataset
            WHERE v.number = reject.version AND u.version <= v.version AND u.step IS NULL), 1);
        """
}
