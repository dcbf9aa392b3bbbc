import Operations
import Shared

extension OpenAPI {
    static let serviceRoutes: [OpenAPIRoute] = [
        .init(
            method: "get", path: "/healthz", tag: "service", summary: "Whether the daemon works",
            answers: [.json(HealthReply.self)], alsoStatus: [503]),
        .init(
            method: "get", path: "/readyz", tag: "service", summary: "Whether the daemon takes new work",
            answers: [.json(HealthReply.self)], alsoStatus: [503]),
        .init(
            method: "get", path: "/version", tag: "service", summary: "Versions of csvand, Swift and SQLite",
            answers: [.json(BuildReply.self)]),
        .init(
            method: "get", path: "/metrics", tag: "service",
            summary: "Metrics in the text format of Prometheus, or OpenMetrics when asked for",
            answers: [.text("text/plain"), .text("application/openmetrics-text")]),
        .init(
            method: "get", path: "/openapi.json", tag: "service", summary: "This document",
            answers: [.json(["type": "object"])]),
        .init(
            method: "get", path: "/simulate-error/", tag: "service",
            summary: "Fails on purpose: counts an error of type simulated and answers 500", status: 500,
            answers: [
                .init(type: "application/problem+json") { $0.reference(to: Problem.self) }
            ], problems: [429]),
    ]

    static let receiverRoutes: [OpenAPIRoute] = [
        .init(
            method: "post", path: "/api/v2/alerts", tag: "receivers",
            summary: "Takes alerts as Prometheus posts them to an Alertmanager",
            body: [.json(["type": "array", "items": ["type": "object"]])], answers: [.json(["type": "object"])],
            problems: [400, 413, 422]),
        .init(
            method: "post", path: "/api/v1/hooks/alertmanager", tag: "receivers",
            summary: "Takes the webhook of an Alertmanager", body: [.json(["type": "object"])],
            answers: [.json(["type": "object"])], problems: [400, 413, 422]),
        .init(
            method: "post", path: "/api/v1/hooks/grafana", tag: "receivers", summary: "Takes the webhook of Grafana",
            body: [.json(["type": "object"])], answers: [.json(["type": "object"])], problems: [400, 413, 422]),
    ]
}
