/// A weighted mean of the predictions of several models.
package struct EnsembleModel: FittedModel {
    package struct Member: Sendable {
        package var weight: Double
        package var model: any FittedModel
        /// What the member is called in reports.
        package var learner: LearnerName

        package init(weight: Double, model: any FittedModel, learner: LearnerName) {
            (self.weight, self.model, self.learner) = (weight, model, learner)
        }
    }

    package let members: [Member]
    package let outputs: Int
    package var columns: Int? { members.lazy.compactMap(\.model.columns).first }

    /// - Parameter members: at least one, of equal outputs, weights above 0.
    package init(members: [Member]) {
        let total = members.reduce(0) { $0 + $1.weight }
        self.members = members.map {
            Member(weight: $0.weight / total, model: $0.model, learner: $0.learner)
        }
        outputs = members.first?.model.outputs ?? 0
    }

    package var artifactTag: ArtifactTag { .ensemble }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        var sum: [Double] = []
        for member in members {
            let part = member.model.predict(matrix, rows: rows)
            if sum.isEmpty { sum = [Double](repeating: 0, count: part.count) }
            for index in part.indices { sum[index] += member.weight * part[index] }
        }
        return sum
    }

    package func write(to writer: inout ArtifactWriter) {
        writer.write(UInt32(members.count))
        for member in members {
            writer.write(member.weight)
            writer.write(member.learner.rawValue)
            FittedModels.write(member.model, to: &writer)
        }
    }

    private static let mostMembers = 64

    init(reader: inout ArtifactReader) throws(LearningError) {
        let start = reader.offset
        let count = Int(try reader.read(UInt32.self))
        guard (1...Self.mostMembers).contains(count) else {
            throw .artifactDamaged(reason: "an ensemble of \(count) members", offset: start)
        }
        var members: [Member] = []
        var (outputs, columns): (Int?, Int?) = (nil, nil)
        for _ in 0..<count {
            let offset = reader.offset
            let weight = try reader.readDouble()
            guard weight > 0, weight <= 1, let learner = LearnerName(rawValue: try reader.readString()) else {
                throw .artifactDamaged(reason: "a member's weight or name", offset: offset)
            }
            // Ensembles are never nested, and reading one inside another would let a damaged artifact exhaust the stack.
            guard reader.peek() != ArtifactTag.ensemble.rawValue else {
                throw .artifactDamaged(reason: "an ensemble inside an ensemble", offset: reader.offset)
            }
            let model = try FittedModels.read(&reader)
            guard outputs == nil || outputs == model.outputs,
                columns == nil || model.columns == nil || columns == model.columns
            else { throw .artifactDamaged(reason: "members of different inputs or outputs", offset: offset) }
            outputs = model.outputs
            columns = columns ?? model.columns
            members.append(Member(weight: weight, model: model, learner: learner))
        }
        self.members = members
        self.outputs = outputs ?? 0
    }
}
