import Shared

/// A model described for people, in Markdown.
package struct ModelReport: Sendable {
    private let artifact: ModelArtifact

    package init(_ artifact: ModelArtifact) { self.artifact = artifact }

    /// The report; names and labels are escaped, since they are data.
    package func markdown(name: String, version: Int) -> String {
        var lines = ["# Model \(escaped(name)), version \(version)", ""]
        lines += overview
        lines += section("Leaderboard", leaderboard)
        lines += section("Evaluation", evaluation)
        lines += section("Calibration", calibration)
        lines += section("Residuals", residuals)
        lines += section("Learning curve", learningCurve)
        lines += section("Features", importances)
        lines += section("Mean answers", dependences)
        lines += section("Constraints", constraints)
        lines += section("Left out", leftOut)
        return lines.joined(separator: "\n") + "\n"
    }

    private var summary: ModelSummary { artifact.summary }

    private var overview: [String] {
        var lines = [
            "Predicts `\(escaped(summary.target))` (\(summary.task.rawValue)) with \(summary.learner): "
                + "\(summary.metric.rawValue) \(number(summary.score)) ± \(number(summary.scoreDeviation)) "
                + "over \(summary.folds) folds.",
            "",
            "| | |", "| --- | --- |",
            "| Rows | \(summary.rows) (\(summary.droppedRows) without a target left out) |",
            "| Trials | \(summary.trials) in \(number(summary.trainingSeconds)) s |",
            "| Seed | \(summary.seed) |",
            "| Members | \(summary.members.map { "\($0.learner) \(number($0.weight))" }.joined(separator: ", ")) |",
            "| Calibration | \(artifact.calibration.description) |",
        ]
        if !summary.classes.isEmpty {
            lines.append("| Classes | \(summary.classes.prefix(50).map(escaped).joined(separator: ", ")) |")
        }
        if let threshold = artifact.threshold { lines.append("| Threshold | \(number(threshold)) |") }
        if summary.datasetVersion > 0 { lines.append("| Dataset version | \(summary.datasetVersion) |") }
        return lines
    }

    private var leaderboard: [String] {
        ["| # | learner | \(artifact.leaderboard.metric) | ± | fit, s |", "| ---: | --- | ---: | ---: | ---: |"]
            + artifact.leaderboard.items.prefix(20).map {
                "| \($0.rank) | \($0.learner) | \(number($0.score)) | \(number($0.scoreStd)) | \(number($0.fitSeconds)) |"
            }
    }

    private var evaluation: [String] {
        let reply = artifact.evaluation
        var lines = ["On \(reply.rows) rows, each predicted by models that were not fitted on it.", ""]
        lines += ["| metric | value |", "| --- | ---: |"]
        lines += reply.metrics.sorted { $0.key < $1.key }.map { "| \($0.key) | \(number($0.value)) |" }
        if let classes = reply.classes, !classes.isEmpty {
            lines += ["", "| class | precision | recall | f1 | rows |", "| --- | ---: | ---: | ---: | ---: |"]
            lines += classes.prefix(50).map {
                "| \(escaped($0.label)) | \(number($0.precision)) | \(number($0.recall)) | \(number($0.f1)) | \($0.support) |"
            }
        }
        if let confusion = reply.confusion, confusion.classes.count <= 20 {
            lines += ["", "| actual \\ predicted | \(confusion.classes.map(escaped).joined(separator: " | ")) |"]
            lines.append("| --- |" + String(repeating: " ---: |", count: confusion.classes.count))
            for (label, counts) in zip(confusion.classes, confusion.counts) {
                lines.append("| \(escaped(label)) | \(counts.map(String.init).joined(separator: " | ")) |")
            }
        }
        return lines
    }

    private var importances: [String] {
        guard !artifact.explanation.importances.isEmpty else { return [] }
        let sizes = Dictionary(
            (artifact.explanation.contributions?.features ?? []).map { ($0.feature, number($0.meanAbsolute)) }
        ) { first, _ in first }
        return [
            "Loss of score when a feature is shuffled on rows not fitted on, and the mean size of its contributions.",
            "",
            "| feature | loss | ± | contribution |", "| --- | ---: | ---: | ---: |",
        ]
            + artifact.explanation.importances.prefix(30).map {
                "| \(escaped($0.feature)) | \(number($0.importance)) | \(number($0.std)) | \(sizes[$0.feature] ?? "") |"
            }
    }

    private var calibration: [String] {
        (artifact.evaluation.curves ?? []).prefix(3).flatMap { curves in
            [
                "",
                "`\(escaped(curves.label))`: ROC-AUC \(number(curves.rocAuc)), average precision "
                    + "\(number(curves.averagePrecision)).", "", "| predicted | found | rows |",
                "| ---: | ---: | ---: |",
            ] + curves.calibration.map { "| \(number($0.predicted)) | \(number($0.observed)) | \($0.rows) |" }
        }
    }

    private var residuals: [String] {
        guard let residuals = artifact.evaluation.residuals else { return [] }
        return [
            "True values less predicted ones: mean \(number(residuals.mean)), standard deviation \(number(residuals.std)); "
                + residuals.quantiles.map { "\(number($0.q * 100)) % below \(number($0.value))" }.joined(
                    separator: ", ") + ".",
            "", "| predicted | found | ± | rows |", "| ---: | ---: | ---: | ---: |",
        ]
            + residuals.byPrediction.map {
                "| \(number($0.predicted)) | \(number($0.actual)) | \(number($0.std)) | \($0.rows) |"
            }
    }

    private var learningCurve: [String] {
        guard let curve = artifact.evaluation.learningCurve else { return [] }
        return ["\(curve.metric) of \(curve.learner).", "", "| rows | on rows left out | on the rows fitted on |"]
            + ["| ---: | ---: | ---: |"]
            + curve.points.map { "| \($0.rows) | \(number($0.score)) | \(number($0.trainScore)) |" }
    }

    /// Of the second of two classes, the first of more, or the number; of the five features that matter most.
    private var dependences: [String] {
        let output = summary.classes.count == 2 ? 1 : 0
        let means = (artifact.explanation.partialDependence ?? []).prefix(5)
        guard !means.isEmpty else { return [] }
        let what = summary.classes.isEmpty ? "number" : "probability of `\(escaped(summary.classes[output]))`"
        return ["The mean \(what) when all rows have one value of a feature.", ""]
            + means.map { dependence in
                "- \(escaped(dependence.feature)): "
                    + dependence.points.filter { output < $0.means.count }.map {
                        "\(escaped($0.value.plainText)) → \(number($0.means[output]))"
                    }.joined(separator: ", ")
            }
    }

    private var constraints: [String] {
        guard let monotone = summary.monotone, !monotone.isEmpty else { return [] }
        let what = summary.classes.count == 2 ? "probability of `\(escaped(summary.classes[1]))`" : "number"
        return [
            "The predicted \(what) goes one way with these columns.", "", "| column | direction |", "| --- | --- |",
        ]
            + monotone.sorted { $0.key < $1.key }.map { "| \(escaped($0.key)) | \($0.value.rawValue) |" }
    }

    private var leftOut: [String] {
        guard !summary.leftOut.isEmpty else { return [] }
        return ["| column | reason |", "| --- | --- |"]
            + summary.leftOut.map { "| \(escaped($0.name)) | \($0.reason.rawValue) |" }
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", "## \(title)", ""] + lines
    }

    private func number(_ value: Double?) -> String { value.map { number($0) } ?? "–" }

    /// Four significant digits.
    private func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        var scale = 1.0
        while abs(value) * scale < 1_000, scale < 1e12 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : String(rounded)
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text.prefix(80) {
            switch character {
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "#": result += "\\" + String(character)
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }
}
