import Foundation
import Telemetry

extension PromQLEvaluator {
    func binary(
        _ op: PromQLOperator, _ left: PromQLValue, _ right: PromQLValue, _ returnsBool: Bool, _ matching: VectorMatching
    ) throws(RuleError) -> PromQLValue {
        switch (left, right) {
        case (.scalar(let left), .scalar(let right)):
            let (value, isKept) = op.apply(left, right)
            return .scalar(op.isComparison ? (isKept ? 1 : 0) : value)
        case (.vector(let samples), .scalar(let scalar)):
            return .vector(try withScalar(op, samples, scalar, isSwapped: false, returnsBool))
        case (.scalar(let scalar), .vector(let samples)):
            return .vector(try withScalar(op, samples, scalar, isSwapped: true, returnsBool))
        case (.vector(let left), .vector(let right)):
            if op.isSet { return .vector(setOperation(op, left, right, matching)) }
            return .vector(try distinct(try withVector(op, left, right, returnsBool, matching)))
        default: return .vector([])
        }
    }

    private func withScalar(
        _ op: PromQLOperator, _ samples: [VectorSample], _ scalar: Double, isSwapped: Bool, _ returnsBool: Bool
    ) throws(RuleError) -> [VectorSample] {
        let dropsName = returnsBool || op.dropsName
        var result: [VectorSample] = []
        for sample in samples {
            let (computed, isKept) = isSwapped ? op.apply(scalar, sample.value) : op.apply(sample.value, scalar)
            var value = computed
            // A comparison keeps the vector's value on whichever side it stands.
            if op.isComparison { value = returnsBool ? (isKept ? 1 : 0) : sample.value }
            if isKept || returnsBool {
                result.append(VectorSample(labels: dropsName ? sample.labels.withoutName : sample.labels, value: value))
            }
        }
        return dropsName ? try distinct(result) : result
    }

    private func setOperation(
        _ op: PromQLOperator, _ left: [VectorSample], _ right: [VectorSample], _ matching: VectorMatching
    ) -> [VectorSample] {
        if op == .or {
            let known = Set(left.map { matching.signature($0.labels) })
            return left + right.filter { !known.contains(matching.signature($0.labels)) }
        }
        let known = Set(right.map { matching.signature($0.labels) })
        return left.filter { known.contains(matching.signature($0.labels)) == (op == .and) }
    }

    private func withVector(
        _ op: PromQLOperator, _ left: [VectorSample], _ right: [VectorSample], _ returnsBool: Bool,
        _ matching: VectorMatching
    ) throws(RuleError) -> [VectorSample] {
        if left.isEmpty || right.isEmpty { return [] }
        let isSwapped = matching.cardinality == .oneToMany
        let many = isSwapped ? right : left
        let one = isSwapped ? left : right
        var oneBySignature = [LabelSet: VectorSample](minimumCapacity: one.count)
        for sample in one where oneBySignature.updateValue(sample, forKey: matching.signature(sample.labels)) != nil {
            throw RuleError(
                .manyMatches(side: isSwapped ? "left" : "right", labels: matching.signature(sample.labels).description))
        }
        var result: [VectorSample] = []
        var used: Set<LabelSet> = []
        for sample in many {
            let signature = matching.signature(sample.labels)
            guard let partner = oneBySignature[signature] else { continue }
            let (first, second) = isSwapped ? (partner.value, sample.value) : (sample.value, partner.value)
            let (computed, isKept) = op.apply(first, second)
            var value = computed
            if returnsBool { value = isKept ? 1 : 0 } else if !isKept { continue }
            var labels = matching.resultLabels(sample.labels, partner.labels, dropsName: op.dropsName)
            if returnsBool { labels = labels.withoutName }
            if matching.cardinality == .oneToOne, !used.insert(signature).inserted {
                throw RuleError(.manyMatches(side: "left", labels: signature.description))
            }
            result.append(VectorSample(labels: labels, value: value))
        }
        return result
    }
}

extension VectorMatching {
    /// The labels by which the sides find each other.
    func signature(_ labels: LabelSet) -> LabelSet {
        if isOn { return labels.filtered(self.labels.contains) }
        if self.labels.isEmpty { return labels.withoutName }
        return labels.filtered { $0 != LabelSet.metricName && !self.labels.contains($0) }
    }

    func resultLabels(_ many: LabelSet, _ one: LabelSet, dropsName: Bool) -> LabelSet {
        var result = dropsName ? many.withoutName : many
        if cardinality == .oneToOne {
            if isOn {
                result = result.filtered(labels.contains)
            } else if !labels.isEmpty {
                result = result.filtered { !labels.contains($0) }
            }
        }
        return result.setting(include.map { Label($0, one[$0]) })
    }
}

extension PromQLOperator {
    /// The value of an operation, and for a comparison whether it holds; its value is then the left one.
    @inline(__always)
    func apply(_ left: Double, _ right: Double) -> (value: Double, isKept: Bool) {
        switch self {
        case .add: (left + right, true)
        case .subtract: (left - right, true)
        case .multiply: (left * right, true)
        case .divide: (left / right, true)
        case .modulo: (fmod(left, right), true)
        case .power: (pow(left, right), true)
        case .atan2: (Foundation.atan2(left, right), true)
        case .equal: (left, left == right)
        case .notEqual: (left, left != right)
        case .less: (left, left < right)
        case .lessOrEqual: (left, left <= right)
        case .greater: (left, left > right)
        case .greaterOrEqual: (left, left >= right)
        case .and, .or, .unless: (left, true)
        }
    }
}
