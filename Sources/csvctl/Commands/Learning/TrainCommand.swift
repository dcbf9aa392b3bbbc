import ArgumentParser
import Foundation
import Shared

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Find the best model for a column of a dataset.",
        discussion: """
            Follows the training and ends with the leaderboard. Ctrl-C leaves the training running in the daemon; \
            `csvctl jobs cancel` stops it.
            """)

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @Argument(help: "The column to predict.") var target: String
    @Option(help: "How long to search, such as 60 or 5m.") var budget: DurationArgument?
    @Option(help: "The name of the model.") var name: String?
    @Option(help: "What to optimise, such as roc_auc or rmse.") var metric: String?
    @Option(help: "binary, multiclass or regression; found out otherwise.") var task: TaskArgument?
    @Option(name: .customLong("algorithm"), help: "Only this learner. Can be given several times.")
    var algorithms: [String] = []
    @Option(help: "Only these columns as features, separated by commas.") var features: String?
    @Option(help: "Columns to leave out, separated by commas.") var exclude: String?
    @Option(help: "The seed of everything random.") var seed: UInt64?
    @Option(help: "A column whose equal values stay together in cross-validation.") var group: String?
    @Option(help: "A column by whose order training and validation are divided.") var time: String?
    @Option(help: "Columns with which the prediction must not fall, separated by commas.") var increasing: String?
    @Option(help: "Columns with which the prediction must not rise, separated by commas.") var decreasing: String?
    @Flag(help: "Print the job and do not wait for it.") var detach = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let both = Set(rising).intersection(falling).min() {
            throw ValidationError("\(both) is given to --increasing and to --decreasing")
        }
    }

    func run() throws {
        let session = global.session()
        let request = try ControlRequest.send(.post, ControlPath.api("models"), body())
        let answer = try session.connection.answer(to: request)
        let job = try session.decode(JobAccepted.self, from: answer, about: request).job
        if detach {
            if session.output == .json { return session.printJSON(answer) }
            return session.printText(PrintableText.line("job \(job)"))
        }
        try JobFollower(session: session, id: job).followToModel()
    }

    private func body() -> TrainRequest {
        var request = TrainRequest(dataset: dataset, target: target)
        request.name = name
        request.features = features.map(Self.columns)
        request.exclude = exclude.map(Self.columns)
        request.task = task?.kind
        request.metric = metric
        request.budgetSeconds = budget?.seconds
        request.algorithms = algorithms.isEmpty ? nil : algorithms
        request.seed = seed
        request.group = group
        request.time = time
        let monotone = rising.map { ($0, MonotoneDirection.increasing) } + falling.map { ($0, .decreasing) }
        // A column may be named twice, but one way only.
        request.monotone = monotone.isEmpty ? nil : Dictionary(monotone) { first, _ in first }
        return request
    }

    private var rising: [String] { increasing.map(Self.columns) ?? [] }
    private var falling: [String] { decreasing.map(Self.columns) ?? [] }

    private static func columns(_ list: String) -> [String] { list.split(separator: ",").map(String.init) }
}

/// A task by its wire name.
struct TaskArgument: ExpressibleByArgument {
    var kind: TaskKind

    init?(argument: String) {
        guard let kind = TaskKind(rawValue: argument) else { return nil }
        self.kind = kind
    }

    static var allValueStrings: [String] { TaskKind.allCases.map(\.rawValue) }
}
