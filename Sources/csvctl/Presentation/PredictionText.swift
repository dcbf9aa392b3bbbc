import Shared

/// Predictions as people read them: one in full, several as a table.
enum PredictionText {
    static func rendered(_ reply: PredictReply, width: Int?, style: TextStyle = .plain) -> String {
        let note =
            "model \(PrintableText.line(reply.model)) version \(reply.version), "
            + Quantities.duration(seconds: reply.latencyMs / 1000)
        guard reply.predictions.count > 1 else {
            return (reply.predictions.map { one($0, threshold: reply.threshold, style: style) } + [note])
                .joined(separator: "\n")
        }
        let explained = reply.predictions.contains { $0.contributions?.isEmpty == false }
        guard explained else { return many(reply.predictions, width: width, style: style) + "\n" + note }
        let blocks = reply.predictions.enumerated().map { index, prediction in
            style.bold("row \(index + 1)") + "\n" + one(prediction, threshold: reply.threshold, style: style)
        }
        return (blocks + [note]).joined(separator: "\n\n")
    }

    private static func one(
        _ prediction: PredictReply.Prediction, threshold: Double?, style: TextStyle
    ) -> String {
        var fields = FieldList()
        fields.add("prediction", value(prediction.prediction)) { style.bold($0) }
        fields.add("interval", prediction.interval.flatMap(interval))
        fields.add("threshold", prediction.probabilities == nil ? nil : threshold.map(Quantities.number))
        for flag in prediction.flags {
            fields.add("flag", "\(flag.feature): \(words(flag.kind))") { style.yellow($0) }
        }
        var sections = [fields.rendered(style: style)]
        if let probabilities = prediction.probabilities, !probabilities.isEmpty {
            var table = TextTable([.text("CLASS"), .number("PROBABILITY"), .text("")])
            for (label, probability) in ordered(probabilities) {
                table.add([label, Quantities.fixed(probability, places: 4), Bar.text(probability, width: 30)])
            }
            sections.append(table.rendered(style: style))
        }
        if let contributions = prediction.contributions, !contributions.isEmpty {
            sections.append(self.contributions(contributions, style: style))
        }
        return sections.joined(separator: "\n")
    }

    /// Bars around an axis, the strongest contribution first and as long as half the space.
    static func contributions(_ items: [PredictReply.Contribution], style: TextStyle = .plain) -> String {
        let strongest = items.map { abs($0.contribution) }.filter(\.isFinite).max() ?? 0
        var table = TextTable([.text("FEATURE"), .text("VALUE"), .number("CONTRIBUTION"), .text("")])
        for item in items.sorted(by: { abs($0.contribution) > abs($1.contribution) }) {
            let sign = item.contribution > 0 ? "+" : ""
            table.add([
                item.feature, DisplayWidth.truncated(value(item.value), to: 30),
                sign + Quantities.number(item.contribution),
                strongest > 0 ? Bar.signed(item.contribution / strongest, halfWidth: 15) : "",
            ])
        }
        return table.rendered(style: style)
    }

    private static func many(_ predictions: [PredictReply.Prediction], width: Int?, style: TextStyle) -> String {
        let isRegression = predictions.contains { $0.interval != nil }
        var table = TextTable([
            .number("ROW"), .text("PREDICTION"), .number(isRegression ? "INTERVAL" : "PROBABILITY"), .text("FLAGS"),
        ])
        for (index, prediction) in predictions.enumerated() {
            let best = prediction.probabilities?[prediction.prediction.plainText]
            table.add([
                String(index + 1), value(prediction.prediction),
                prediction.interval.flatMap(interval) ?? best.map { Quantities.fixed($0, places: 4) } ?? "-",
                prediction.flags.map { "\($0.feature): \(words($0.kind))" }.joined(separator: ", "),
            ])
        }
        return table.rendered(width: width, style: style)
    }

    private static func ordered(_ probabilities: [String: Double]) -> [(String, Double)] {
        probabilities.map { ($0.key, $0.value) }.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
    }

    private static func value(_ value: JSONValue) -> String {
        switch value {
        case .null: "missing"
        case .number(let number): Quantities.number(number)
        default: value.plainText
        }
    }

    private static func interval(_ bounds: [Double]) -> String? {
        bounds.count == 2 ? "\(Quantities.number(bounds[0])) … \(Quantities.number(bounds[1]))" : nil
    }

    private static func words(_ kind: PredictReply.Flag.Kind) -> String {
        switch kind {
        case .unseenCategory: "a value not seen in training"
        case .outOfRange: "outside the range seen in training"
        case .missing: "missing"
        }
    }
}
