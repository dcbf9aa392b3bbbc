import Foundation
import Operations
import Shared

/// A model: how good it is, what it rests on, and a form to ask it.
struct ModelPage: PageView {
    static let template = "model"
    private static let mostClasses = 20
    private static let mostImportances = 30
    private static let mostTrials = 25
    private static let mostDependences = 12
    private static let mostCurves = 9

    struct Trial: Sendable {
        let rank: Int
        let learner: String
        let score: String
        let deviation: String
        let fit: String
        let predict: String
    }

    struct Importance: Sendable {
        let feature: String
        let value: String
        let deviation: String
        let bar: ShareBar
    }

    struct Contribution: Sendable {
        let feature: String
        let value: String
        let bar: ShareBar
    }

    /// How far the answers or a feature have moved.
    struct Shift: Sendable {
        let feature: String
        let psi: String
        let verdict: String
        let badge: String

        init(_ shift: DriftReply.Shift) {
            feature = shift.feature
            psi = String(format: "%.3f", shift.psi)
            verdict = shift.verdict.rawValue
            badge = shift.verdict.badge
        }
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let facts: [PageFact]
    let metrics: [PageFact]
    let evaluatedRows: String
    let confusion: ConfusionTable?
    let classScores: [ClassLine]
    let hasClassScores: Bool
    let metric: String
    let trials: [Trial]
    let method: String
    let importances: [Importance]
    /// Mean sizes of contributions over rows.
    let contributions: [Contribution]
    let contributionRows: String
    let hasContributions: Bool
    let dependences: [CurveChart]
    let hasDependences: Bool
    /// Curves of classes or residuals, and the learning curve.
    let curves: [CurveChart]
    let hasCurves: Bool
    let inputs: [PredictionInput]
    let recentRows: String
    let leastRows: String
    /// The answers, then features from the most moved one; empty with too few rows.
    let shifts: [Shift]
    let hasShifts: Bool

    init(_ workspace: Workspace, name reference: String) throws {
        let model = try workspace.model(reference)
        let evaluation = try workspace.evaluation(of: reference)
        let explanation = try workspace.explanation(of: reference)
        frame = PageFrame(model.name, area: .models)
        name = model.name
        segment = PageText.segment(model.name)
        facts = Self.facts(model)
        metrics = evaluation.metrics.sorted { $0.key < $1.key }.map { PageFact($0.key, PageText.number($0.value)) }
        evaluatedRows = PageText.count(evaluation.rows)
        confusion = evaluation.confusion.flatMap { ConfusionTable($0, most: Self.mostClasses) }
        classScores = (evaluation.classes ?? []).prefix(Self.mostClasses).map { ClassLine($0) }
        hasClassScores = !classScores.isEmpty
        metric = model.metric
        trials = try workspace.leaderboard(of: reference).items.prefix(Self.mostTrials).map { item in
            Trial(
                rank: item.rank, learner: item.learner, score: PageText.number(item.score),
                deviation: PageText.number(item.scoreStd), fit: PageText.number(item.fitSeconds),
                predict: PageText.number(item.predictSecondsPer1000))
        }
        method = explanation.method
        let most = explanation.importances.map { abs($0.importance) }.max() ?? 0
        importances = explanation.importances.prefix(Self.mostImportances).map { item in
            Importance(
                feature: item.feature, value: PageText.number(item.importance), deviation: PageText.number(item.std),
                bar: ShareBar(item.importance, of: most))
        }
        let means = explanation.contributions?.features.prefix(Self.mostImportances) ?? []
        contributions = means.map { item in
            Contribution(
                feature: item.feature, value: PageText.number(item.meanAbsolute),
                bar: ShareBar(item.meanAbsolute, of: means.first?.meanAbsolute ?? 0))
        }
        contributionRows = PageText.count(explanation.contributions?.rows ?? 0)
        hasContributions = !contributions.isEmpty
        dependences = Self.dependences(explanation, of: model)
        hasDependences = !dependences.isEmpty
        curves = Self.curves(evaluation)
        hasCurves = !curves.isEmpty
        let drift = try workspace.drift(of: reference)
        recentRows = PageText.count(drift.rows)
        leastRows = PageText.count(drift.minimumRows)
        let features = drift.features.sorted { ($1.psi, $0.feature) < ($0.psi, $1.feature) }
        shifts = ([drift.prediction].compactMap(\.self) + features).prefix(Self.mostImportances).map(Shift.init)
        hasShifts = !shifts.isEmpty
        // The dataset may be gone by now: the form then takes plain texts.
        let profile = try? workspace.profile(of: model.dataset, version: model.datasetVersion)
        inputs = model.features.map { feature in
            PredictionInput(feature, profile?.columns.first { $0.name == feature })
        }
    }

    /// Of the second of two classes, the first of more, or the number.
    private static func dependences(_ explanation: ExplainReply, of model: ModelReply) -> [CurveChart] {
        let output = model.classes.count == 2 ? 1 : 0
        let name = model.classes.isEmpty ? model.target : "probability of \(model.classes[output])"
        return (explanation.partialDependence ?? []).prefix(mostDependences).compactMap {
            CurveChart.of($0, output: output, name: name)
        }
    }

    private static func curves(_ evaluation: EvaluationReply) -> [CurveChart] {
        let byClass = (evaluation.curves ?? []).flatMap { CurveChart.of($0) }.prefix(mostCurves)
        return byClass
            + [
                evaluation.residuals.flatMap { CurveChart.of($0) },
                evaluation.learningCurve.flatMap { CurveChart.of($0) },
            ]
            .compactMap(\.self)
    }

    private static func facts(_ model: ModelReply) -> [PageFact] {
        [
            PageFact("Predicts", model.target), PageFact("Task", model.task.rawValue),
            PageFact(model.metric, PageText.number(model.score)), PageFact("Learner", model.learner),
            PageFact("Dataset", "\(model.dataset), version \(model.datasetVersion)"),
            PageFact("Version", String(model.version)), PageFact("Features", PageText.count(model.features.count)),
            PageFact("Trained in", PageText.span(model.trainingSeconds)),
            PageFact("Stored", PageText.time(model.createdAt)),
        ]
    }
}

/// Counts of actual classes in rows against predicted ones in columns.
struct ConfusionTable: Sendable {
    struct Row: Sendable {
        let actual: String
        let cells: [Cell]
    }

    struct Cell: Sendable {
        let count: String
        let isRight: Bool
    }

    let predicted: [String]
    let rows: [Row]

    /// Nil when there are too many classes for a table.
    init?(_ confusion: EvaluationReply.Confusion, most: Int) {
        guard confusion.classes.count <= most else { return nil }
        predicted = confusion.classes
        rows = zip(confusion.classes, confusion.counts).enumerated().map { index, line in
            Row(
                actual: line.0,
                cells: line.1.enumerated().map { Cell(count: PageText.count($1), isRight: $0 == index) })
        }
    }
}

/// The scores of one class.
struct ClassLine: Sendable {
    let label: String
    let precision: String
    let recall: String
    let f1: String
    let support: String

    init(_ score: EvaluationReply.ClassScore) {
        label = score.label
        precision = PageText.number(score.precision)
        recall = PageText.number(score.recall)
        f1 = PageText.number(score.f1)
        support = PageText.count(score.support)
    }
}

/// A field of the prediction form, filled with a usual value.
struct PredictionInput: Sendable {
    struct Choice: Sendable {
        let value: String
        let isChosen: Bool
    }

    let feature: String
    let isChoice: Bool
    let isDecimal: Bool
    let value: String
    let choices: [Choice]

    init(_ feature: String, _ profile: ColumnProfileReply?) {
        self.feature = feature
        let usual = profile?.top.first?.value ?? ""
        // A list is offered when it has every value there was.
        let isNumber = profile?.type.isNumber ?? false
        isChoice = profile.map { !isNumber && $0.distinct > 0 && $0.distinct <= $0.top.count } ?? false
        isDecimal = isNumber
        let median = profile?.quantiles?.first { $0.q == 0.5 }?.value
        value = isNumber ? median.map { JSONValue.number($0).plainText } ?? usual : usual
        choices = isChoice ? profile?.top.map { Choice(value: $0.value, isChosen: $0.value == usual) } ?? [] : []
    }
}
