/// Several models whose predictions become one: by their weighted mean, or by a linear stack of them.
package struct EnsembleModel: FittedModel {
    /// How predictions become one.
    package enum Combination: Sendable, Equatable {
        /// Weights sum to 1.
        case mean
        /// See `LinearStack`.
        case stack(intercepts: [Double])
    }

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
    package let combination: Combination
    package let outputs: Int
    package var columns: Int? { members.lazy.compactMap(\.model.columns).first }

    /// The weighted mean.
    ///
    /// - Parameter members: at least one, of equal outputs, weights above 0.
    package init(members: [Member]) {
        let total = members.reduce(0) { $0 + $1.weight }
        self.members = members.map {
            Member(weight: $0.weight / total, model: $0.model, learner: $0.learner)
        }
        combination = .mean
        outputs = members.first?.model.outputs ?? 0
    }

    /// A linear stack.
    ///
    /// - Parameters:
    ///   - members: at least one, of equal outputs, weights above 0 as they are.
    ///   - intercepts: one for a number and for two classes, else one a class.
    package init(stacking members: [Member], intercepts: [Double]) {
        self.members = members
        combination = .stack(intercepts: intercepts)
        outputs = members.first?.model.outputs ?? 0
    }

    package var artifactTag: ArtifactTag { combination == .mean ? .ensemble : .stack }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        if case .stack(let intercepts) = combination {
            return LinearStack(weights: members.map(\.weight), intercepts: intercepts)
                .predict(rows: rows?.count ?? matrix.rows, outputs: outputs) {
                    members[$0].model.predict(matrix, rows: rows)[...]
                }
        }
        var sum: [Double] = []
        for member in members {
            let part = member.model.predict(matrix, rows: rows)
            if sum.isEmpty { sum = [Double](repeating: 0, count: part.count) }
            for index in part.indices { sum[index] += member.weight * part[index] }
        }
        return sum
    }

    package func write(to writer: inout ArtifactWriter) {
        if case .stack(let intercepts) = combination { writer.write(intercepts) }
        writer.write(UInt32(members.count))
        for member in members {
            writer.write(member.weight)
            writer.write(member.learner.rawValue)
            FittedModels.write(member.model, to: &writer)
        }
    }

    private static let mostMembers = 64
    /// The ridge of a fit keeps weights far below.
    private static let mostWeight = 1e6
    private static let nested = [ArtifactTag.ensemble.rawValue, ArtifactTag.stack.rawValue]

    init(reader: inout ArtifactReader, isStack: Bool) throws(LearningError) {
        let start = reader.offset
        let intercepts = isStack ? try reader.readDoubles() : []
        guard intercepts.allSatisfy(\.isFinite) else {
            throw .artifactDamaged(reason: "the intercepts of a stack", offset: start)
        }
        let count = Int(try reader.read(UInt32.self))
        guard (1...Self.mostMembers).contains(count) else {
            throw .artifactDamaged(reason: "an ensemble of \(count) members", offset: start)
        }
        var members: [Member] = []
        var (outputs, columns): (Int?, Int?) = (nil, nil)
        for _ in 0..<count {
            let offset = reader.offset
            let weight = try reader.readDouble()
            guard weight > 0, weight <= (isStack ? Self.mostWeight : 1),
                let learner = LearnerName(rawValue: try reader.readString())
            else { throw .artifactDamaged(reason: "a member's weight or name", offset: offset) }
            // Ensembles are never nested, and reading one inside another would let a damaged artifact exhaust the stack.
            guard !Self.nested.contains(reader.peek() ?? 0) else {
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
        guard !isStack || intercepts.count == LinearStack.scores(outputs: outputs ?? 0) else {
            throw .artifactDamaged(reason: "a stack of \(intercepts.count) intercepts", offset: start)
        }
        self.members = members
        self.outputs = outputs ?? 0
        combination = isStack ? .stack(intercepts: intercepts) : .mean
    }
}
