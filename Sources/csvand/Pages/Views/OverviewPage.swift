import Operations
import Shared

/// How the daemon is and what it holds.
struct OverviewPage: PageView {
    static let template = "overview"

    let frame = PageFrame("Overview", area: .overview)
    let state: String
    let isReady: Bool
    let facts: [PageFact]
    let datasets: [DatasetLine]
    let hasMoreDatasets: Bool
    let models: [ModelLine]
    let open: [IncidentLine]
    let firing: [RuleLine]

    init(_ workspace: Workspace) throws {
        let status = try workspace.status()
        state = status.state
        isReady = status.state == "ready"
        facts = [
            PageFact("Up for", PageText.span(status.uptimeSeconds)), PageFact("Listening on", status.listen),
            PageFact("Datasets", PageText.count(status.datasets)), PageFact("Models", PageText.count(status.models)),
            PageFact("Jobs running", PageText.count(status.jobsRunning)),
            PageFact("Jobs queued", PageText.count(status.jobsQueued)),
            PageFact("Open incidents", PageText.count(status.incidentsOpen)),
            PageFact("Database", PageText.bytes(status.databaseBytes)),
        ]
        let page = try workspace.datasets(after: nil, limit: 100)
        datasets = page.items.map { DatasetLine($0) }
        hasMoreDatasets = page.next != nil
        models = try workspace.models(after: nil, limit: 10).items.map { ModelLine($0) }
        let states = ["open", "acknowledged"]
        open = try states.flatMap {
            try workspace.incidents(IncidentFilter(parameter: $0), after: nil, limit: 50).items
        }
        .map { IncidentLine($0) }
        firing = try workspace.rules().filter { $0.state == .firing }.map { RuleLine($0) }
    }
}

/// A dataset in a list.
struct DatasetLine: Sendable {
    let name: String
    let segment: String
    let rows: String
    let columns: String
    let version: Int
    let rejected: String
    let size: String
    let created: String

    init(_ dataset: DatasetReply) {
        name = dataset.name
        segment = PageText.segment(dataset.name)
        rows = PageText.count(dataset.rows)
        columns = PageText.count(dataset.columns.count)
        version = dataset.version
        rejected = PageText.count(dataset.rejected)
        size = PageText.bytes(dataset.bytes)
        created = PageText.time(dataset.createdAt)
    }
}
