import Foundation
import Shared

extension ModelArtifact {
    /// The operators that the files ask for, those of ONNX 1.16.
    private static let operators: [(domain: String, version: Int64)] = [("", 21), ("ai.onnx.ml", 5)]
    private static let format: Int64 = 10
    /// A message of Protocol Buffers has to be shorter.
    private static let mostBytes = Int(Int32.max)

    /// The model as an ONNX file: one input a raw feature; a label with probabilities, or a value with its interval, as outputs.
    ///
    /// - Throws: `.notExpressible` with the reason.
    package func onnx(name: String, version: Int) throws(LearningError) -> [UInt8] {
        var graph = ONNXGraph()
        let columns = try pipeline.addColumns(to: &graph)
        let raw = model.addNodes(to: &graph, columns: columns)
        if summary.task == .regression {
            graph.output("value", raw, .double, columns: 1, about: "The predicted value.")
            if let interval {
                graph.output(
                    "interval", interval.addNodes(to: &graph, prediction: raw), .double, columns: 2,
                    about: "Bounds that hold the true value nine times of ten.")
            }
        } else {
            let probabilities = calibration.addNodes(to: &graph, probabilities: raw)
            graph.output("label", label(probabilities, in: &graph), .text, columns: nil, about: "The predicted class.")
            graph.output(
                "probabilities", probabilities, .double, columns: summary.classes.count,
                about: "One probability a class, in the order of the metadata's classes.")
        }
        guard graph.size < Self.mostBytes - (1 << 20) else {
            throw .notExpressible(reason: "it takes \(graph.size) bytes, and an ONNX file holds at most 2 GiB")
        }
        var writer = ProtobufWriter()
        writer.write(1, Self.format)
        writer.write(2, "csvand")
        writer.write(3, ProductVersion.text)
        writer.write(5, Int64(version))
        writer.write(6, "csvand model \(name), version \(version), predicts \(summary.target)")
        writer.write(7) { graph.write(to: &$0, name: name.isEmpty ? "model" : name) }
        for (domain, version) in Self.operators {
            writer.write(8) {
                $0.write(1, domain)
                $0.write(2, version)
            }
        }
        for (key, value) in try metadata(name: name, version: version) {
            writer.write(14) {
                $0.write(1, key)
                $0.write(2, value)
            }
        }
        return writer.bytes
    }

    private func label(_ probabilities: ONNXGraph.Value, in graph: inout ONNXGraph) -> ONNXGraph.Value {
        let names = graph.constant(ONNXTensor(elements: .texts(summary.classes), shape: [summary.classes.count]))
        let place: ONNXGraph.Value
        if summary.classes.count == 2 {
            let second = graph.add("Gather", [probabilities, graph.integer(1)], [("axis", .integer(1))])
            let isSecond = graph.add("GreaterOrEqual", [second, graph.number(threshold ?? 0.5)])
            place = graph.cast(isSecond, .integer)
        } else {
            place = graph.add("ArgMax", [probabilities], [("axis", .integer(1)), ("keepdims", .integer(0))])
        }
        return graph.gather(names, place)
    }

    private func metadata(name: String, version: Int) throws(LearningError) -> [(String, String)] {
        var entries = [
            ("model", name), ("version", String(version)), ("dataset_version", String(summary.datasetVersion)),
            ("target", summary.target), ("task", summary.task.rawValue), ("learner", summary.learner),
        ]
        if summary.task != .regression {
            guard let classes = try? WireJSON.encode(summary.classes) else {
                throw .notExpressible(reason: "its classes cannot be written as JSON")
            }
            entries.append(("classes", String(decoding: classes, as: UTF8.self)))
        }
        if let threshold { entries.append(("threshold", String(threshold))) }
        return entries
    }
}
