/// Writing and reading of any fitted model: its tag byte, then its own section.
package enum FittedModels {
    /// Appends the tag and the section of a model.
    package static func write(_ model: any FittedModel, to writer: inout ArtifactWriter) {
        writer.write(model.artifactTag.rawValue)
        model.write(to: &writer)
    }

    /// Reads what `write` wrote.
    ///
    /// - Throws: `.artifactDamaged` for an unknown tag, a short section, or a section whose numbers do not fit together.
    package static func read(_ reader: inout ArtifactReader) throws(LearningError) -> any FittedModel {
        let offset = reader.offset
        let byte: UInt8 = try reader.read()
        guard let tag = ArtifactTag(rawValue: byte) else {
            throw .artifactDamaged(reason: "\(byte) is not the tag of a model", offset: offset)
        }
        switch tag {
        case .baseline: return try BaselineModel(reader: &reader)
        case .linear: return try LinearModel(reader: &reader)
        case .ensemble: return try EnsembleModel(reader: &reader, isStack: false)
        case .stack: return try EnsembleModel(reader: &reader, isStack: true)
        case .boosting: return try BoostingModel(reader: &reader)
        case .tree: return try TreeModel(reader: &reader, isForest: false)
        case .forest: return try TreeModel(reader: &reader, isForest: true)
        case .neighbours: return try NeighboursModel(reader: &reader)
        }
    }
}
