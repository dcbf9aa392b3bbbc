import Operations

/// What every page has around its content.
struct PageFrame: Sendable {
    enum Area: Sendable { case overview, models, incidents, alerts, none }

    let title: String
    let version = Build.version
    let inOverview: Bool
    let inModels: Bool
    let inIncidents: Bool
    let inAlerts: Bool

    init(_ title: String, area: Area) {
        self.title = title
        inOverview = area == .overview
        inModels = area == .models
        inIncidents = area == .incidents
        inAlerts = area == .alerts
    }
}
