import ArgumentParser

/// A dataset, and which version of it.
struct DatasetArgument: ParsableArguments {
    @Argument(help: "The name or id of the dataset.") var dataset: String

    @Option(name: .customLong("version"), help: "An older version; the newest otherwise.") var datasetVersion: Int?

    /// A request for the dataset or for what stands below it.
    func get(_ parts: String..., query: [(name: String, value: String)] = []) -> ControlRequest {
        let path = parts.reduce(ControlPath.api("datasets", dataset)) { $0 + "/" + ControlPath.escaped($1) }
        return .get(path, query: versionQuery + query)
    }

    var versionQuery: [(name: String, value: String)] {
        datasetVersion.map { [("version", String($0))] } ?? []
    }
}
