import Operations
import Shared

/// A form that starts a training and follows it.
struct TrainPage: PageView {
    static let template = "train"

    struct Target: Sendable {
        let name: String
        let type: String
        let isChosen: Bool
    }

    struct Score: Sendable {
        let name: String
        let text: String
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let rows: String
    let targets: [Target]
    /// Columns that the prediction can be made to follow.
    let ordered: [String]
    let hasOrdered: Bool
    let classScores = [
        Score(name: "roc_auc", text: "area under the ROC curve"), Score(name: "log_loss", text: "logarithmic loss"),
        Score(name: "accuracy", text: "accuracy"), Score(name: "balanced_accuracy", text: "balanced accuracy"),
        Score(name: "f1", text: "F1"), Score(name: "brier", text: "Brier score"),
    ]
    let numberScores = [
        Score(name: "rmse", text: "root mean squared error"), Score(name: "mae", text: "mean absolute error"),
        Score(name: "mape", text: "mean absolute percentage error"), Score(name: "r2", text: "R²"),
    ]

    init(_ workspace: Workspace, name reference: String) throws {
        let dataset = try workspace.dataset(reference)
        frame = PageFrame("Train on \(dataset.name)", area: .models)
        name = dataset.name
        segment = PageText.segment(dataset.name)
        rows = PageText.count(dataset.rows)
        ordered = dataset.columns.filter { [.integer, .decimal, .boolean].contains($0.type) }.map(\.name)
        hasOrdered = !ordered.isEmpty
        // What is to be predicted mostly stands last.
        let last = dataset.columns.count - 1
        targets = dataset.columns.enumerated().map { index, column in
            Target(name: column.name, type: column.type.rawValue, isChosen: index == last)
        }
    }
}
