import Foundation

/// Free text as its share in topics: the directions in which the terms of many texts vary together.
///
/// Words, pairs and character n-grams weigh TF-IDF with sublinear counts; a text has unit length, half of its square by the words and pairs,
/// half by the n-grams. Topics are the right singular vectors of the training texts, and a text's shares its products with them.
///
/// Source: Deerwester et al., "Indexing by latent semantic analysis", 1990.
struct TextTopics: Sendable, Equatable {
    /// Most topics of a feature, of words and pairs, and of n-grams: 544 KiB of an artifact.
    static let mostTopics = 32
    static let mostWords = 2_048
    static let mostGrams = 2_048
    /// Texts that a term must be in at least.
    private static let leastTexts = 2
    /// Strongest terms of a topic that are shown.
    static let shownTerms = 6

    /// Buckets of the terms, ascending: words and pairs, then n-grams.
    let terms: [UInt32]
    /// Inverse document frequency, one a term.
    let weights: [Float]
    /// Topics, at least 1.
    let count: Int
    /// `terms x topics`, row-major.
    let loadings: [Float]
    /// Places in `terms` of words and pairs that are strong in a topic, and how they are written.
    let named: [UInt32]
    let names: [String]
    /// By bucket: one more than the term's place, 0 for none.
    private let places: [UInt16]

    init(terms: [UInt32], weights: [Float], loadings: [Float], named: [UInt32], names: [String]) {
        (self.terms, self.weights, self.loadings) = (terms, weights, loadings)
        (self.named, self.names) = (named, names)
        count = terms.isEmpty ? 0 : loadings.count / terms.count
        places = Self.places(terms)
    }

    private static func places(_ terms: [UInt32]) -> [UInt16] {
        var places = [UInt16](repeating: 0, count: TermScanner.buckets)
        for (place, term) in terms.enumerated() { places[Int(term)] = UInt16(place + 1) }
        return places
    }

    /// Learns from texts.
    ///
    /// - Parameters:
    ///   - statistics: of all training texts.
    ///   - labels: the training rows' labels; -1 for missing.
    ///   - mostGrams: n-grams among the terms.
    ///   - mostEntries: terms of texts that the singular vectors are computed from; of more texts, as many as have those are drawn.
    /// - Returns: nil when there are too few texts or terms.
    init?(
        _ statistics: TermStatistics, labels: [Int32], source: inout TermSource, mostGrams: Int = mostGrams,
        mostEntries: Int, seed: UInt64
    ) {
        terms =
            statistics.commonest(Self.mostWords, in: 0..<TermScanner.wordBuckets, least: Self.leastTexts)
            + statistics.commonest(
                mostGrams, in: TermScanner.wordBuckets..<TermScanner.buckets, least: Self.leastTexts)
        weights = terms.map { Float(statistics.weight(of: Int($0))) }
        places = Self.places(terms)
        let present = labels.filter { $0 >= 0 }
        let ofAll = terms.reduce(0) { $0 + Int(statistics.texts[Int($1)]) }
        let share = min(1, Double(mostEntries) / Double(max(1, ofAll)))
        var random = RandomStream(seed: seed, part: 0x70_91C5)
        let sample = random.sample(max(1, Int(Double(present.count) * share)), below: present.count)
        let components = min(Self.mostTopics, sample.count / 4, terms.count / 2)
        guard components > 0 else { return nil }
        var matrix = SparseRows(columns: terms.count)
        var vector = TermVector()
        for index in sample {
            vector.fill(source.terms(of: Int(present[Int(index)])), places: places, weights: weights)
            matrix.append(indices: vector.places, values: vector.values)
        }
        let decomposition = TruncatedSVD(matrix, components: components, seed: random.next())
        count = decomposition.values.count
        guard count > 0 else { return nil }
        loadings = decomposition.vectors.map(Float.init)
        let strongest = Self.strongest(terms, loadings, count: count)
        named = strongest.map(UInt32.init)
        names = statistics.names(of: strongest.map { [terms] in terms[$0] }, labels: labels, source: &source)
    }

    /// Places of the words and pairs with the greatest loadings of each topic, ascending.
    private static func strongest(_ terms: [UInt32], _ loadings: [Float], count: Int) -> [Int] {
        let words = terms.prefix { $0 < TermScanner.wordBuckets }.count
        var chosen = Set<Int>()
        for topic in 0..<count {
            let sizes = (0..<words).map { abs(loadings[$0 * count + topic]) }
            chosen.formUnion(sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(shownTerms))
        }
        return chosen.sorted()
    }

    /// Adds a text's shares in the topics to as many numbers that are 0.
    func add(_ text: [TermCount], with vector: inout TermVector, to shares: UnsafeMutableBufferPointer<Float>) {
        vector.fill(text, places: places, weights: weights)
        loadings.withUnsafeBufferPointer { loadings in
            for (place, value) in zip(vector.places, vector.values) {
                let (start, value) = (Int(place) * count, Float(value))
                for topic in 0..<count { shares[topic] += value * loadings[start + topic] }
            }
        }
    }

    /// The terms that are strongest in a topic, with their loadings.
    func shown(topic: Int) -> [(term: String, loading: Float)] {
        zip(named, names).map { (term: $1, loading: loadings[Int($0) * count + topic]) }
            .enumerated().sorted { (abs($1.element.loading), $0.offset) < (abs($0.element.loading), $1.offset) }
            .prefix(Self.shownTerms).map(\.element)
    }
}

/// A text as a sparse vector of unit length, in memory that is used again.
struct TermVector {
    private(set) var places: [Int32] = []
    private(set) var values: [Double] = []

    /// 1 + ln n.
    private static let sublinear = [0] + (1...255).map { 1 + log(Double($0)) }

    /// - Parameters:
    ///   - places: by bucket, one more than the term's place, 0 for none.
    ///   - weights: one a place.
    mutating func fill(_ text: [TermCount], places byBucket: [UInt16], weights: [Float]) {
        places.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        let sublinear = Self.sublinear
        var (words, grams) = (0.0, 0.0)
        for term in text {
            let place = Int(byBucket[term.bucket]) - 1
            guard place >= 0 else { continue }
            let value = sublinear[term.count] * Double(weights[place])
            places.append(Int32(place))
            // N-grams have signs of their own until the lengths are known; weights are positive.
            if term.bucket < TermScanner.wordBuckets {
                words += value * value
                values.append(value)
            } else {
                grams += value * value
                values.append(-value)
            }
        }
        let share = words > 0 && grams > 0 ? 0.5 : 1
        let ofWords = words > 0 ? (share / words).squareRoot() : 0
        let ofGrams = grams > 0 ? (share / grams).squareRoot() : 0
        for index in values.indices { values[index] *= values[index] < 0 ? -ofGrams : ofWords }
    }
}
