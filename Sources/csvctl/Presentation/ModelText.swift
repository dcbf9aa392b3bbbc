import Foundation
import Shared

enum ModelText {
    static func list(_ models: [ModelReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !models.isEmpty else { return "no models" }
        var table = TextTable([
            .text("NAME"), .number("VERSION"), .text("TARGET"), .text("TASK"), .text("LEARNER"), .text("METRIC"),
            .number("SCORE"), .text("DATASET"), .text("CREATED"), .text("ID"),
        ])
        for model in models {
            table.add([
                model.name, String(model.version), model.target, model.task.rawValue, model.learner, model.metric,
                Quantities.number(model.score), "\(model.dataset) v\(model.datasetVersion)",
                Quantities.relative(model.createdAt, now: now), model.id,
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func detail(_ model: ModelReply, now: Date, style: TextStyle = .plain) -> String {
        var fields = FieldList()
        fields.add("name", model.name)
        fields.add("version", "\(model.version) (\(Quantities.relative(model.createdAt, now: now)))")
        fields.add("id", model.id)
        fields.add("dataset", "\(model.dataset) version \(model.datasetVersion)")
        fields.add("target", "\(model.target) (\(model.task.rawValue))")
        fields.add("classes", model.classes.isEmpty ? nil : model.classes.joined(separator: ", "))
        fields.add("learner", model.learner)
        fields.add("score", "\(model.metric) \(Quantities.number(model.score))")
        fields.add("features", model.features.joined(separator: ", "))
        fields.add("trained in", Quantities.duration(seconds: model.trainingSeconds))
        fields.add("size", model.bytes.map(Quantities.bytes))
        return fields.rendered(style: style)
    }

    static func leaderboard(_ board: LeaderboardReply, width: Int?, style: TextStyle = .plain) -> String {
        guard !board.items.isEmpty else { return "no finished trial" }
        var table = TextTable([
            .number("RANK"), .text("LEARNER"), .number(PrintableText.line(board.metric).uppercased()), .number("±"),
            .number("FIT"), .number("PREDICT 1000"), .text("PARAMETERS"),
        ])
        for item in board.items {
            let parameters = item.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainText)" }
            table.add([
                String(item.rank), item.learner, Quantities.number(item.score), Quantities.number(item.scoreStd),
                Quantities.duration(seconds: item.fitSeconds),
                Quantities.duration(seconds: item.predictSecondsPer1000), parameters.joined(separator: " "),
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func explanation(_ explanation: ExplainReply, width: Int?, style: TextStyle = .plain) -> String {
        guard !explanation.importances.isEmpty else { return "no feature has any importance" }
        let most = explanation.importances.map(\.importance).filter(\.isFinite).max() ?? 0
        let contributions = Dictionary(
            (explanation.contributions?.features ?? []).map { ($0.feature, $0.meanAbsolute) }
        ) { first, _ in first }
        var table = TextTable([
            .text("FEATURE"), .number("IMPORTANCE"), .number("±"), .number("MEAN CONTRIBUTION"), .text(""),
        ])
        for item in explanation.importances {
            table.add([
                item.feature, Quantities.number(item.importance), Quantities.number(item.std),
                contributions[item.feature].map { Quantities.number($0) } ?? "",
                most > 0 ? Bar.text(item.importance / most, width: 30) : "",
            ])
        }
        return "method: \(PrintableText.line(explanation.method))\n" + table.rendered(width: width, style: style)
    }
}
