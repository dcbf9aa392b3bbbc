import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

/// Curves, residuals and dependences against plain computations of the same.
@Suite struct ExplanationTests {
    @Test func curvesAgreeWithCountsAtEveryThreshold() throws {
        var random = RandomStream(seed: 5)
        // Many equal probabilities, and a class that is rarer than the other.
        let scores = (0..<700).map { _ in Double(random.index(below: 40)) / 40 }
        let codes = scores.map { Int32(random.unit() * 1.6 < $0 ? 1 : 0) }
        let curves = try #require(
            EvaluationCurves.of(codes, classes: ["no", "yes"], probabilities: scores.flatMap { [1 - $0, $0] }).first)
        #expect(curves.label == "yes")
        let positives = Double(codes.count { $0 == 1 })
        let negatives = Double(codes.count) - positives
        for point in curves.roc.dropFirst() {
            let threshold = try #require(point.threshold)
            let answered = scores.indices.filter { scores[$0] >= threshold }
            let right = Double(answered.count { codes[$0] == 1 })
            #expect(point.truePositiveRate == right / positives)
            #expect(point.falsePositiveRate == (Double(answered.count) - right) / negatives)
        }
        for point in curves.precisionRecall {
            let answered = scores.indices.filter { scores[$0] >= point.threshold }
            let right = Double(answered.count { codes[$0] == 1 })
            #expect(point.recall == right / positives)
            #expect(point.precision == right / Double(answered.count))
        }
        #expect(curves.roc.first?.truePositiveRate == 0 && curves.roc.last?.truePositiveRate == 1)
        #expect(curves.roc.last?.falsePositiveRate == 1 && curves.precisionRecall.last?.recall == 1)
        // Straight lines between the points enclose the area.
        let area = zip(curves.roc, curves.roc.dropFirst()).reduce(0.0) { sum, pair in
            sum + (pair.1.falsePositiveRate - pair.0.falsePositiveRate)
                * (pair.0.truePositiveRate + pair.1.truePositiveRate) / 2
        }
        #expect(abs(area - curves.rocAuc) < 1e-12)
        #expect(curves.calibration.reduce(0) { $0 + $1.rows } == 700)
        let observed = curves.calibration.reduce(0) { $0 + $1.observed * Double($1.rows) }
        #expect(abs(observed - positives) < 1e-9)
        #expect(zip(curves.calibration, curves.calibration.dropFirst()).allSatisfy { $0.predicted < $1.predicted })
    }

    @Test func curvesOfManyRowsHaveAboutAHundredPoints() throws {
        var random = RandomStream(seed: 6)
        let scores = (0..<30_000).map { _ in random.unit() }
        let codes = scores.map { Int32(random.unit() < $0 ? 1 : 0) }
        let curves = try #require(
            EvaluationCurves.of(codes, classes: ["a", "b"], probabilities: scores.flatMap { [1 - $0, $0] }).first)
        #expect((90...110).contains(curves.roc.count))
        #expect((90...110).contains(curves.precisionRecall.count))
        #expect(curves.calibration.count == 10)
        #expect(curves.calibration.allSatisfy { $0.rows == 3_000 && abs($0.observed - $0.predicted) < 0.05 })
        // From a threshold t on, precision is (1 + t) / 2 and recall 1 - t².
        #expect(abs(curves.averagePrecision - 5.0 / 6) < 0.02)
    }

    @Test func classesThatDoNotOccurHaveNoCurve() {
        let curves = EvaluationCurves.of(
            [0, 0, 2], classes: ["a", "b", "c"], probabilities: [0.5, 0.2, 0.3, 0.5, 0.2, 0.3, 0.1, 0.1, 0.8])
        #expect(curves.map(\.label) == ["a", "c"])
        #expect(EvaluationCurves.of([1, 1], classes: ["a", "b"], probabilities: [0, 1, 0, 1]).isEmpty)
    }

    @Test func residualsAreSummedUpAsTheyAre() throws {
        let predictions = (0..<1_000).map(Double.init)
        let values = predictions.map { $0 + ($0.truncatingRemainder(dividingBy: 2) == 0 ? 3 : -1) }
        let residuals = try #require(ResidualSummary.of(values, predictions: predictions))
        #expect(residuals.mean == 1)
        #expect(abs(residuals.std - 2) < 0.01)
        #expect(residuals.quantiles.map(\.value) == [-1, -1, -1, 3, 3, 3, 3])
        #expect(residuals.histogram.count == 20)
        #expect(residuals.histogram.first?.count == 500 && residuals.histogram.last?.count == 500)
        #expect(residuals.byPrediction.count == 10)
        #expect(residuals.byPrediction.allSatisfy { $0.rows == 100 && abs($0.actual - $0.predicted - 1) < 1e-9 })
        #expect(ResidualSummary.of([], predictions: []) == nil)
        #expect(ResidualSummary.of([1e308], predictions: [-1e308]) == nil)
        // One value only has no width to cut.
        #expect(try #require(ResidualSummary.of([5, 5], predictions: [4, 4])).histogram.map(\.count) == [2])
    }

    @Test(arguments: ["kind", "price"]) func dependenceIsTheMeanOfAnswersToChangedRows(_ target: String) throws {
        let artifact = try TableMaking.trained(target: target)
        let dependences = try #require(artifact.explanation.partialDependence)
        #expect(dependences.first?.feature == "x")
        let predictor = Predictor(artifact)
        let table = TableMaking.customers()
        for dependence in dependences {
            #expect(dependence.points.count > 1)
            for point in dependence.points.prefix(3) {
                let rows = (0..<100).map { place in
                    var row: [String: JSONValue] = [:]
                    for name in artifact.pipeline.features.map(\.name) {
                        row[name] = table.column(named: name)?.json(place * 240 / 100) ?? .null
                    }
                    row[dependence.feature] = point.value
                    return row
                }
                let width = artifact.model.outputs
                let outputs = predictor.outputs(try predictor.table(from: rows))
                for output in 0..<width {
                    let mean = stride(from: output, to: outputs.count, by: width).reduce(0.0) { $0 + outputs[$1] } / 100
                    #expect(abs(mean - point.means[output]) < 1e-6, "\(dependence.feature) \(point.value)")
                }
            }
            if dependence.feature == "colour" { #expect(Set(dependence.points.map(\.value)).count == 3) }
        }
    }

    @Test func contributionsOverRowsNameTheDecidingFeatureFirst() throws {
        for target in ["kind", "price"] {
            let contributions = try #require(try TableMaking.trained(target: target).explanation.contributions)
            #expect(contributions.rows == 200)
            #expect(contributions.features.first?.feature == "x")
            #expect(contributions.features.allSatisfy { $0.meanAbsolute >= 0 })
        }
    }

    @Test func learningCurveGrowsWithTheRows() throws {
        let curve = try #require(try TableMaking.trained().evaluation.learningCurve)
        #expect(curve.metric == "roc_auc")
        #expect(curve.points.count > 1)
        #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.rows < $1.rows })
        #expect(curve.points.allSatisfy { (0...1).contains($0.score) && (0...1).contains($0.trainScore) })
    }

    @Test func artifactsKeepThemAndOlderOnesDoWithout() throws {
        let artifact = try TableMaking.trained(target: "price")
        let read = try ModelArtifact.decode(try artifact.encode())
        #expect(read.evaluation.residuals == artifact.evaluation.residuals)
        #expect(read.evaluation.learningCurve == artifact.evaluation.learningCurve)
        #expect(read.explanation.partialDependence == artifact.explanation.partialDependence)
        #expect(read.explanation.contributions == artifact.explanation.contributions)
        let older = try WireJSON.decode(
            EvaluationReply.self, from: Data(#"{"task":"binary","rows":1,"metrics":{}}"#.utf8))
        #expect(older.curves == nil && older.residuals == nil && older.learningCurve == nil)
    }
}
