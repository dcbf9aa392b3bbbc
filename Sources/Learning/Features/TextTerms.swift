import Shared
import Tabular

/// Free text as its length, weights of the words and pairs of words that tell most about the target, and shares in topics.
///
/// Terms are hashed; the best by their link to the target are kept. Weights are TF-IDF, of unit length a text.
struct TextTerms: Sendable, Equatable {
    static let mostTerms = 96
    private static let leastTexts = 3

    /// Hashes of the kept terms, and a word or two that fell into each.
    var terms: [UInt32]
    var names: [String]
    /// Inverse document frequency, one a term.
    var weights: [Double]
    /// Nil where there were too few texts, and in models of earlier releases.
    var topics: TextTopics?

    init(terms: [UInt32], names: [String], weights: [Double], topics: TextTopics? = nil) {
        (self.terms, self.names, self.weights, self.topics) = (terms, names, weights, topics)
    }

    /// Several words in most texts.
    static func looksLikeFreeText(_ labels: [String]) -> Bool {
        let sample = labels.prefix(500)
        guard !sample.isEmpty else { return false }
        let long = sample.count { $0.utf8.count { $0 == 32 } >= 2 }
        return long * 2 > sample.count
    }

    /// Learns from some rows.
    ///
    /// - Parameters:
    ///   - source: the terms of the column's labels.
    ///   - mostEntries: see `TextTopics`.
    ///   - topicSeconds: gets the seconds that the topics took added.
    init(
        _ codes: CategoryCodes, source: TermSource, target: Target, rows: [Int32], mostEntries: Int, seed: UInt64,
        topicSeconds: Locked<Double>? = nil
    ) {
        var source = source
        let labels = rows.map { codes.codes[Int($0)] }
        let statistics = TermStatistics(labels: labels, source: &source)
        let candidates = (0..<TermScanner.wordBuckets).filter { statistics.isUsable($0, least: Self.leastTexts) }
        let groups = TargetGroups(target, rows: rows)
        let byGroup = Self.count(candidates, labels: labels, rows: rows, groups: groups, source: &source)
        var scored: [(score: Double, term: UInt32)] = []
        for (place, term) in candidates.enumerated() {
            var chi = 0.0
            for group in 0..<groups.count {
                let expected = Double(statistics.texts[term]) * groups.shares[group]
                let difference = Double(byGroup[place * groups.count + group]) - expected
                if expected > 0 { chi += difference * difference / expected }
            }
            scored.append((chi, UInt32(term)))
        }
        scored.sort { ($0.score, $1.term) > ($1.score, $0.term) }
        terms = scored.prefix(Self.mostTerms).map(\.term).sorted()
        names = statistics.names(of: terms, labels: labels, source: &source)
        weights = terms.map { statistics.weight(of: Int($0)) }
        let start = ContinuousClock.now
        topics = TextTopics(statistics, labels: labels, source: &source, mostEntries: mostEntries, seed: seed)
        topicSeconds?.withLock { $0 += (ContinuousClock.now - start).seconds }
    }

    /// Texts with each candidate, `candidates x groups`.
    private static func count(
        _ candidates: [Int], labels: [Int32], rows: [Int32], groups: TargetGroups, source: inout TermSource
    ) -> [Int32] {
        var place = [Int32](repeating: -1, count: TermScanner.wordBuckets)
        for (index, term) in candidates.enumerated() { place[term] = Int32(index) }
        var counts = [Int32](repeating: 0, count: candidates.count * groups.count)
        for (row, label) in zip(rows, labels) where label >= 0 {
            let group = groups.of(Int(row))
            for term in source.terms(of: Int(label)) where term.bucket < place.count && place[term.bucket] >= 0 {
                counts[Int(place[term.bucket]) * groups.count + group] += 1
            }
        }
        return counts
    }

    func columnNames(of name: String) -> [String] {
        ["\(name).length"] + names.map { "\(name).\($0)" } + topicNames(of: name)
    }

    func topicNames(of name: String) -> [String] { (0..<(topics?.count ?? 0)).map { "\(name).topic\($0 + 1)" } }

    /// The length of the text, one weight a term, then one share a topic; missing texts have missing numbers.
    ///
    /// - Parameter source: the terms of the labels.
    func encode(_ codes: CategoryCodes, source: TermSource) -> [FeatureMatrix.Values] {
        let width = 1 + terms.count + (topics?.count ?? 0)
        var lineOf = [Int32](repeating: -1, count: codes.labels.count)
        var used: [Int32] = []
        for code in codes.codes where code >= 0 && lineOf[Int(code)] < 0 {
            lineOf[Int(code)] = Int32(used.count)
            used.append(code)
        }
        let lines = lines(of: used, codes.labels, width: width, source: source)
        let lineOfRow = codes.codes.map { $0 < 0 ? -1 : lineOf[Int($0)] }
        return (0..<width).map { column in
            .numeric(lineOfRow.map { $0 < 0 ? .nan : lines[Int($0) * width + column] })
        }
    }

    /// The columns' numbers for some labels, `labels x width`.
    private func lines(of used: [Int32], _ labels: [String], width: Int, source: TermSource) -> [Float] {
        var place = [Int32](repeating: -1, count: TermScanner.wordBuckets)
        for (index, term) in terms.enumerated() { place[Int(term)] = Int32(index) }
        var (source, vector) = (source, TermVector())
        var weighed = [Double](repeating: 0, count: terms.count)
        return [Float](unsafeUninitializedCapacity: used.count * width) { buffer, count in
            buffer.initialize(repeating: 0)
            count = used.count * width
            for (index, label) in used.enumerated() {
                let line = UnsafeMutableBufferPointer(rebasing: buffer[index * width..<(index + 1) * width])
                let text = source.terms(of: Int(label))
                line[0] = Float(labels[Int(label)].utf8.count)
                for term in weighed.indices { weighed[term] = 0 }
                for term in text where term.bucket < place.count && place[term.bucket] >= 0 {
                    weighed[Int(place[term.bucket])] = weights[Int(place[term.bucket])]
                }
                let length = weighed.reduce(0) { $0 + $1 * $1 }.squareRoot()
                if length > 0 { for term in weighed.indices { line[1 + term] = Float(weighed[term] / length) } }
                topics?.add(
                    text, with: &vector, to: UnsafeMutableBufferPointer(rebasing: line[(1 + terms.count)...]))
            }
        }
    }
}

/// Rows grouped by class, or by quarter of the sorted target.
private struct TargetGroups {
    let count: Int
    private(set) var shares: [Double]
    private let target: Target
    private let cuts: [Double]

    init(_ target: Target, rows: [Int32]) {
        self.target = target
        switch target {
        case .classes(_, let classes):
            count = classes
            cuts = []
        case .regression(let values):
            let sorted = rows.map { values[Int($0)] }.sorted()
            cuts = sorted.isEmpty ? [] : [1, 2, 3].map { sorted[sorted.count * $0 / 4] }
            count = 4
        }
        shares = [Double](repeating: 0, count: count)
        for row in rows { shares[of(Int(row))] += 1 / Double(rows.count) }
    }

    func of(_ row: Int) -> Int {
        switch target {
        case .classes(let codes, _): Int(codes[row])
        case .regression(let values): cuts.count { values[row] >= $0 }
        }
    }
}
