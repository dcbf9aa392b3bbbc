import Foundation
import Shared

/// A column of the matrix in a graph, one value a row.
package enum ONNXColumn {
    /// Doubles that are floats; NaN for missing.
    case numeric(ONNXGraph.Value)
    /// One more than the code, 0 for missing or unseen.
    case categorical(ONNXGraph.Value, cardinality: Int)
}

extension FittedPipeline {
    /// Declares an input for each raw feature and makes the columns of the matrix from them.
    ///
    /// - Throws: `.notExpressible` for free text, and for a pipeline of no features.
    func addColumns(to graph: inout ONNXGraph) throws(LearningError) -> [ONNXColumn] {
        guard !features.isEmpty else { throw .notExpressible(reason: "it has no features") }
        let texts = zip(features, encoders).filter { $1.isText }.map { $0.0.name.quotedForMessage }
        guard texts.isEmpty else {
            let names = texts.joined(separator: ", ")
            throw .notExpressible(
                reason: texts.count == 1
                    ? "the feature \(names) is free text, whose words are hashed, and ONNX has no operator for that"
                    : "the features \(names) are free text, whose words are hashed, and ONNX has no operator for that")
        }
        let inputs = zip(features, encoders).map { feature, encoder in
            graph.input(feature.name, encoder.onnxInput.type, about: encoder.onnxInput.about)
        }
        return zip(inputs, encoders).flatMap { $1.columns(of: $0, in: &graph) }
    }
}

extension FeatureEncoder {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }

    /// Type of a raw value and what it stands for.
    var onnxInput: (type: ONNXTensor.ElementType, about: String) {
        switch self {
        case .number: (.double, "A number, 1 and 0 for true and false; NaN for missing.")
        case .calendar: (.double, "Seconds since 1970-01-01T00:00:00Z; NaN for missing.")
        case .category, .manyCategories, .text: (.text, "A text; the empty text for missing.")
        }
    }

    fileprivate func columns(of input: ONNXGraph.Value, in graph: inout ONNXGraph) -> [ONNXColumn] {
        switch self {
        case .number:
            let float = graph.cast(input, .float)
            let missing = graph.constant(ONNXTensor(elements: .floats([.nan]), shape: []))
            let finite = graph.choose(graph.add("IsInf", [float]), missing, float)
            return [.numeric(graph.cast(finite, .double))]
        case .category(let labels):
            return [.categorical(Self.codes(of: input, labels.texts, in: &graph), cardinality: labels.count)]
        case .manyCategories(let labels, let statistics):
            let codes = Self.codes(of: input, labels.texts, in: &graph)
            return [.categorical(codes, cardinality: labels.count)] + statistics.columns(of: input, in: &graph)
        case .calendar(let hasTime): return Self.calendar(input, hasTime: hasTime, in: &graph)
        case .text: return []
        }
    }

    /// One more than a label's place, 0 for any other text.
    ///
    /// Texts that look alike are one label here, whatever characters they are composed of, but several to ONNX.
    fileprivate static func codes(
        of input: ONNXGraph.Value, _ labels: [String], in graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        var place: [String: Int64] = [:]
        for (index, label) in labels.enumerated() { place[label] = Int64(index + 1) }
        var seen = Set<[UInt8]>()
        var keys: [String] = []
        var values: [Int64] = []
        for label in labels where !label.trimmingSpaces.isEmpty {
            let forms = [
                label, label.precomposedStringWithCanonicalMapping, label.decomposedStringWithCanonicalMapping,
            ]
            for form in forms where seen.insert(Array(form.utf8)).inserted {
                keys.append(form)
                values.append(place[label] ?? 0)
            }
        }
        // The operator asks for a key; the empty text is missing anyway.
        if keys.isEmpty { (keys, values) = ([""], [0]) }
        return graph.add(
            "LabelEncoder", [input],
            [
                ("keys_tensor", .tensor(ONNXTensor(elements: .texts(keys), shape: [keys.count]))),
                ("values_tensor", .tensor(ONNXTensor(elements: .integers(values), shape: [values.count]))),
                ("default_tensor", .tensor(ONNXTensor(elements: .integers([0]), shape: [1]))),
            ], domain: "ai.onnx.ml")
    }

    /// The Gregorian calendar in doubles, all of them whole numbers below 2^53.
    ///
    /// Source: `CivilDate`, `CalendarParts`.
    private static func calendar(
        _ seconds: ONNXGraph.Value, hasTime: Bool, in graph: inout ONNXGraph
    ) -> [ONNXColumn] {
        // NaN is not below anything.
        let exists = graph.add("Less", [graph.add("Abs", [seconds]), graph.number(3.2e12)])
        let known = graph.choose(exists, seconds, graph.number(0))
        let days = graph.quotient(known, 86_400)
        let shifted = graph.plus(days, 719_468)
        let era = graph.quotient(shifted, 146_097)
        let dayOfEra = graph.plus(shifted, graph.times(era, -146_097))
        let yearDays = graph.add(
            "Sum",
            [
                dayOfEra, graph.times(graph.quotient(dayOfEra, 1_460), -1), graph.quotient(dayOfEra, 36_524),
                graph.times(graph.quotient(dayOfEra, 146_096), -1),
            ])
        let yearOfEra = graph.quotient(yearDays, 365)
        let dayFromMarch = graph.plus(dayOfEra, graph.times(Self.days(beforeYear: yearOfEra, in: &graph), -1))
        let monthFromMarch = graph.quotient(graph.plus(graph.times(dayFromMarch, 5), 2), 153)
        let daysBefore = graph.quotient(graph.plus(graph.times(monthFromMarch, 153), 2), 5)
        let day = graph.plus(graph.plus(dayFromMarch, graph.times(daysBefore, -1)), 1)
        let endsYear = graph.add("Less", [monthFromMarch, graph.number(10)])
        let month = graph.plus(monthFromMarch, graph.choose(endsYear, graph.number(3), graph.number(-9)))
        let marchYear = graph.plus(yearOfEra, graph.times(era, 400))
        let year = graph.plus(marchYear, graph.choose(endsYear, graph.number(0), graph.number(1)))
        let fromMonday = graph.plus(days, 3)
        let weekday = graph.plus(graph.plus(fromMonday, graph.times(graph.quotient(fromMonday, 7), -7)), 1)
        // January belongs to the year that began the March before.
        let lastYear = graph.plus(year, -1)
        let lastEra = graph.quotient(lastYear, 400)
        let yearOfLastEra = graph.plus(lastYear, graph.times(lastEra, -400))
        let newYear = graph.add(
            "Sum",
            [
                graph.times(lastEra, 146_097), Self.days(beforeYear: yearOfLastEra, in: &graph),
                graph.number(306 - 719_468),
            ])
        let dayOfYear = graph.plus(graph.plus(days, graph.times(newYear, -1)), 1)
        let elapsed = graph.rounded(graph.add("Div", [known, graph.number(86_400)]))
        var parts = [year, month, day, weekday, dayOfYear, elapsed]
        if hasTime {
            parts.append(graph.quotient(graph.plus(known, graph.times(days, -86_400)), 60))
        }
        let missing = graph.number(.nan)
        return parts.map { .numeric(graph.choose(exists, $0, missing)) }
    }

    /// Days of an era before a year of it.
    private static func days(beforeYear year: ONNXGraph.Value, in graph: inout ONNXGraph) -> ONNXGraph.Value {
        graph.add(
            "Sum", [graph.times(year, 365), graph.quotient(year, 4), graph.times(graph.quotient(year, 100), -1)])
    }
}

extension TargetStatistics {
    fileprivate func columns(of input: ONNXGraph.Value, in graph: inout ONNXGraph) -> [ONNXColumn] {
        let places = FeatureEncoder.codes(of: input, labels.texts, in: &graph)
        return prior.indices.map { output in
            let line = [prior[output]] + labels.texts.indices.map { means[$0 * prior.count + output] }
            let table = graph.doubles(line.map { Double(Float($0)) }, [line.count])
            return .numeric(graph.gather(table, places))
        }
    }
}
