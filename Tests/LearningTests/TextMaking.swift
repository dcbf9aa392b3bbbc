import Tabular

@testable import Learning

/// Texts made in tests.
enum TextMaking {
    /// Words of a language that does not exist, of which no two share a stretch of four letters on purpose.
    static func words(_ count: Int, seed: UInt64) -> [String] {
        var random = RandomStream(seed: seed)
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return (0..<count).map { _ in
            String((0..<7 + random.index(below: 4)).map { _ in letters[random.index(below: 26)] })
        }
    }

    /// Texts of two subjects, each with many words that mean the same, so that a word of its own is rare.
    ///
    /// - Parameter typos: share of words in which a letter is another.
    static func reviews(
        _ rows: Int, synonyms: Int, typos: Double = 0, seed: UInt64
    ) -> (texts: [String], classes: [Int32]) {
        let subjects = [words(synonyms, seed: 101), words(synonyms, seed: 202)]
        let fillers = words(40, seed: 303)
        var random = RandomStream(seed: seed)
        var texts: [String] = []
        var classes: [Int32] = []
        for _ in 0..<rows {
            let subject = random.index(below: 2)
            var text = (0..<6).map { _ in subjects[subject][random.index(below: synonyms)] }
            text += (0..<6).map { _ in fillers[random.index(below: fillers.count)] }
            random.shuffle(&text)
            texts.append(text.map { random.unit() < typos ? misspelt($0, &random) : $0 }.joined(separator: " "))
            classes.append(Int32(subject))
        }
        return (texts, classes)
    }

    private static func misspelt(_ word: String, _ random: inout RandomStream) -> String {
        var letters = Array(word)
        letters[random.index(below: letters.count)] = Array("abcdefghijklmnopqrstuvwxyz")[random.index(below: 26)]
        return String(letters)
    }

    static let review = [RawFeature(name: "review", type: .text)]

    static func table(_ texts: [String?]) throws -> PreparedTable {
        try PreparedTable(DataTable(columns: [TableMaking.texts("review", texts)]), features: review)
    }

    /// The encoder of a pipeline of one text.
    static func terms(_ fitted: FittedPipeline) -> TextTerms? {
        if case .text(let terms)? = fitted.encoders.first { terms } else { nil }
    }
}

extension FeatureMatrix {
    /// The columns' numbers, bit by bit, so that missing ones are equal.
    var bits: [[UInt32]] {
        features.map { feature in
            switch feature.values {
            case .numeric(let values): values.map(\.bitPattern)
            case .categorical(let codes, _): codes.map { UInt32(bitPattern: $0) }
            }
        }
    }

    /// Without the columns of topics.
    var withoutTopics: FeatureMatrix {
        FeatureMatrix(rows: rows, features: features.filter { !$0.name.hasPrefix("review.topic") })
    }
}
