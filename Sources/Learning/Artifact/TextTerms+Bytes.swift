import Shared

extension TextTerms {
    /// Appends the terms, then the topics if there are any.
    func write(to writer: inout ArtifactWriter) {
        writer.write(terms)
        writer.write(names)
        writer.write(weights)
        topics?.write(to: &writer)
    }

    /// - Throws: `.artifactDamaged`.
    init(reader: inout ArtifactReader, hasTopics: Bool) throws(LearningError) {
        let offset = reader.offset
        self.init(
            terms: try reader.readIntegers(), names: try reader.readStrings(), weights: try reader.readDoubles())
        guard terms.count == names.count, terms.count == weights.count,
            terms.allSatisfy({ $0 < TermScanner.wordBuckets })
        else { throw .artifactDamaged(reason: "the terms of a text feature", offset: offset) }
        if hasTopics { topics = try TextTopics(reader: &reader) }
    }
}

extension TextTopics {
    func write(to writer: inout ArtifactWriter) {
        writer.write(terms)
        writer.write(weights)
        writer.write(UInt32(count))
        writer.write(loadings)
        writer.write(named)
        writer.write(names)
    }

    /// - Throws: `.artifactDamaged` for lists of other lengths, terms out of order and numbers that are not finite.
    init(reader: inout ArtifactReader) throws(LearningError) {
        let offset = reader.offset
        let terms: [UInt32] = try reader.readIntegers()
        let weights = try reader.readFloats()
        let count = Int(try reader.read(UInt32.self))
        let loadings = try reader.readFloats()
        let named: [UInt32] = try reader.readIntegers()
        let names = try reader.readStrings()
        guard !terms.isEmpty, terms.count <= Self.mostWords + Self.mostGrams, terms.count == weights.count,
            1...Self.mostTopics ~= count, loadings.count == terms.count * count,
            zip(terms, terms.dropFirst()).allSatisfy({ $0 < $1 }), terms.allSatisfy({ $0 < TermScanner.buckets }),
            (weights + loadings).allSatisfy(\.isFinite), named.count == names.count,
            named.allSatisfy({ $0 < terms.count })
        else { throw .artifactDamaged(reason: "the topics of a text feature", offset: offset) }
        self.init(terms: terms, weights: weights, loadings: loadings, named: named, names: names)
    }
}
