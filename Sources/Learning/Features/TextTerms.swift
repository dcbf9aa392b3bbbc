import Foundation
import Tabular

/// Free text as weights of the words and pairs of words that tell most about the target.
///
/// Terms are hashed; the best by their link to the target are kept. Weights are TF-IDF, of unit length a text.
struct TextTerms: Sendable, Equatable {
    static let buckets = 1 << 15
    private static let mostTerms = 96
    private static let leastTexts = 3

    /// Hashes of the kept terms, and a word or two that fell into each.
    var terms: [UInt32]
    var names: [String]
    /// Inverse document frequency, one a term.
    var weights: [Double]

    init(terms: [UInt32], names: [String], weights: [Double]) {
        (self.terms, self.names, self.weights) = (terms, names, weights)
    }

    /// Several words in most texts.
    static func looksLikeFreeText(_ labels: [String]) -> Bool {
        let sample = labels.prefix(500)
        guard !sample.isEmpty else { return false }
        let long = sample.count { $0.utf8.count { $0 == 32 } >= 2 }
        return long * 2 > sample.count
    }

    /// Learns from some rows.
    init(_ codes: CategoryCodes, target: Target, rows: [Int32]) {
        var texts = [Double](repeating: 0, count: Self.buckets)
        let groups = TargetGroups(target, rows: rows)
        var byGroup = [Double](repeating: 0, count: Self.buckets * groups.count)
        var name: [UInt32: String] = [:]
        for row in rows where codes.codes[Int(row)] >= 0 {
            for (term, text) in Self.split(codes.labels[Int(codes.codes[Int(row)])]) {
                texts[Int(term)] += 1
                byGroup[Int(term) * groups.count + groups.of(Int(row))] += 1
                if name[term] == nil { name[term] = text }
            }
        }
        let rowCount = Double(max(1, rows.count))
        var scored: [(score: Double, term: UInt32)] = []
        for term in 0..<Self.buckets where texts[term] >= Double(Self.leastTexts) && texts[term] < rowCount * 0.9 {
            var chi = 0.0
            for group in 0..<groups.count {
                let expected = texts[term] * groups.shares[group]
                let difference = byGroup[term * groups.count + group] - expected
                if expected > 0 { chi += difference * difference / expected }
            }
            scored.append((chi, UInt32(term)))
        }
        scored.sort { ($0.score, $1.term) > ($1.score, $0.term) }
        terms = scored.prefix(Self.mostTerms).map(\.term).sorted()
        names = terms.map { name[$0] ?? "" }
        weights = terms.map { log((1 + rowCount) / (1 + texts[Int($0)])) + 1 }
    }

    func columnNames(of name: String) -> [String] { ["\(name).length"] + names.map { "\(name).\($0)" } }

    /// The length of the text, then one weight a term; missing texts have missing weights.
    func encode(_ codes: CategoryCodes) -> [FeatureMatrix.Values] {
        var place: [UInt32: Int] = [:]
        for (index, term) in terms.enumerated() { place[term] = index }
        let ofLabel = codes.labels.map { label -> [Float] in
            var line = [Double](repeating: 0, count: terms.count)
            for (term, _) in Self.split(label) { if let index = place[term] { line[index] = weights[index] } }
            let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return [Float(label.utf8.count)] + line.map { Float(length > 0 ? $0 / length : 0) }
        }
        return (0...terms.count).map { column in
            .numeric(codes.codes.map { $0 < 0 ? .nan : ofLabel[Int($0)][column] })
        }
    }

    /// The distinct hashed words and pairs of neighbouring words of a text, in lower case.
    static func split(_ text: String) -> [(UInt32, String)] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.prefix(1000).map(String.init)
        var seen = Set<UInt32>()
        var result: [(UInt32, String)] = []
        func add(_ term: String) {
            let hash = UInt32(truncatingIfNeeded: fnv(term)) % UInt32(buckets)
            if seen.insert(hash).inserted { result.append((hash, term)) }
        }
        for (index, word) in words.enumerated() {
            add(word)
            if index > 0 { add(words[index - 1] + " " + word) }
        }
        return result
    }

    /// FNV-1a folded to 32 bits: the same on every machine, unlike `Hasher`.
    private static func fnv(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 32)
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
