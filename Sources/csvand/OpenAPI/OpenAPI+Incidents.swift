import Shared

extension OpenAPI {
    static let incidentRoutes: [OpenAPIRoute] = [
        .init(
            method: "get", path: "/api/v1/incidents", tag: "incidents", summary: "Incidents, newest first",
            query: [
                .choice("state", "Which ones.", "open", "acknowledged", "resolved", "all"), .limit, .after,
            ], answers: [.json(Page<IncidentReply>.self)], problems: [400]),
        .init(
            method: "get", path: "/api/v1/incidents/{number}", tag: "incidents",
            summary: "An incident with its evidence and timeline", answers: [.json(IncidentReply.self)],
            problems: [400, 404]),
        .init(
            method: "post", path: "/api/v1/incidents/{number}/ack", tag: "incidents",
            summary: "Tells that somebody works on it", body: [.json(AcknowledgeRequest.self)],
            answers: [.json(IncidentReply.self)], problems: [400, 404, 409]),
        .init(
            method: "post", path: "/api/v1/incidents/{number}/notes", tag: "incidents",
            summary: "Adds a note to the timeline", body: [.json(NoteRequest.self)],
            answers: [.json(IncidentReply.self)], problems: [400, 404]),
        .init(
            method: "post", path: "/api/v1/incidents/{number}/resolve", tag: "incidents",
            summary: "Ends it, with what was found out", body: [.json(ResolveRequest.self)],
            answers: [.json(IncidentReply.self)], problems: [400, 404, 409]),
        .init(
            method: "get", path: "/api/v1/incidents/{number}/postmortem", tag: "incidents",
            summary: "The post-mortem in Markdown", query: [.choice("lang", "Its language.", "en", "fr")],
            answers: [.text("text/markdown")], problems: [400, 404]),
    ]

    static let alertRoutes: [OpenAPIRoute] = [
        .init(
            method: "get", path: "/api/v1/alerts", tag: "alerts", summary: "Alerts that are pending or firing",
            answers: [.json(Page<AlertReply>.self)]),
        .init(
            method: "get", path: "/api/v1/rules", tag: "alerts", summary: "Rules with their states",
            answers: [.json(Page<RuleReply>.self)]),
        .init(
            method: "post", path: "/api/v1/rules/check", tag: "alerts", summary: "Reads a rule file without loading it",
            body: [.text("application/yaml")], answers: [.json(RulesCheckReply.self)], problems: [400, 413, 422]),
        .init(
            method: "post", path: "/api/v1/rules/test", tag: "alerts",
            summary: "Runs a test file of promtool over the daemon's evaluator",
            body: [.json(RulesTestRequest.self)], answers: [.json(RulesTestReply.self)], problems: [400, 413, 422, 429]),
        .init(
            method: "post", path: "/api/v1/rules/replay", tag: "alerts",
            summary: "When rules would have fired over the samples that are kept; without a body, those in force",
            query: [
                .text("since", "Seconds before now; 86400 when left out."),
                .text("step", "Seconds between evaluations; the evaluation interval when left out."),
            ], body: [.text("application/yaml")], bodyIsRequired: false,
            answers: [.json(RulesReplayReply.self)], problems: [400, 413, 422, 429]),
        .init(
            method: "post", path: "/api/v1/drills", tag: "alerts",
            summary: "Plays the story from an error to its resolution and measures each hop",
            body: [.json(DrillRequest.self)], bodyIsRequired: false, answers: [.json(DrillReply.self)],
            problems: [400, 409]),
        .init(
            method: "get", path: "/api/v1/silences", tag: "alerts", summary: "Silences",
            answers: [.json(Page<SilenceReply>.self)]),
        .init(
            method: "post", path: "/api/v1/silences", tag: "alerts",
            summary: "Silences alerts that meet all matchers, for a time", body: [.json(SilenceRequest.self)],
            status: 201, answers: [.json(SilenceReply.self)], problems: [400, 422]),
        .init(
            method: "delete", path: "/api/v1/silences/{silence}", tag: "alerts", summary: "Ends a silence",
            status: 204, problems: [404]),
    ]
}
