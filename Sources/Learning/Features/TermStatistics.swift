import Foundation

/// In how many of the training texts the terms of each bucket are.
struct TermStatistics: Sendable {
    /// Rows, those without a text among them.
    let rows: Int
    /// One a bucket.
    private(set) var texts = [Int32](repeating: 0, count: TermScanner.buckets)

    /// - Parameter labels: the rows' labels; -1 for missing.
    init(labels: [Int32], source: inout TermSource) {
        rows = labels.count
        for label in labels where label >= 0 {
            for term in source.terms(of: Int(label)) { texts[term.bucket] += 1 }
        }
    }

    /// Inverse document frequency.
    func weight(of bucket: Int) -> Double { log((1 + Double(max(1, rows))) / (1 + Double(texts[bucket]))) + 1 }

    /// Whether a term is in enough texts, and not in nearly all.
    func isUsable(_ bucket: Int, least: Int) -> Bool {
        texts[bucket] >= least && Double(texts[bucket]) < Double(rows) * 0.9
    }

    /// The usable buckets of a range that most texts have, ascending.
    func commonest(_ most: Int, in range: Range<Int>, least: Int) -> [UInt32] {
        range.filter { isUsable($0, least: least) }.sorted { (texts[$1], $0) < (texts[$0], $1) }
            .prefix(most).sorted().map(UInt32.init)
    }

    /// How terms are written in the first text that has them; of those that share a bucket the first.
    ///
    /// - Parameter buckets: of words and pairs.
    func names(of buckets: [UInt32], labels: [Int32], source: inout TermSource) -> [String] {
        var names: [UInt32: String] = [:]
        var isSought = [Bool](repeating: false, count: TermScanner.wordBuckets)
        for bucket in buckets { isSought[Int(bucket)] = true }
        var seen = Set<Int32>()
        for label in labels where label >= 0 && names.count < buckets.count && seen.insert(label).inserted {
            let text = source.terms(of: Int(label))
            guard text.contains(where: { $0.bucket < isSought.count && isSought[$0.bucket] }) else { continue }
            for (bucket, term) in source.words(of: Int(label)) where isSought[Int(bucket)] {
                names[bucket] = term
                isSought[Int(bucket)] = false
            }
        }
        return buckets.map { names[$0] ?? "" }
    }
}
