import Operations
import Shared

extension OpenAPI {
    private static let instant: [OpenAPIRoute.Parameter] = [
        .text("query", "An expression of PromQL."),
        .text("time", "Seconds since 1970 or RFC 3339; now when left out."),
        .text("timeout", "Seconds or a duration, at most 30 s."),
    ]
    private static let range: [OpenAPIRoute.Parameter] = [
        .text("query", "An expression of PromQL."), .text("start", "First time, seconds since 1970 or RFC 3339."),
        .text("end", "Last time."), .text("step", "Seconds or a duration; at most 11000 steps."),
        .text("timeout", "Seconds or a duration, at most 30 s."),
    ]
    private static let listing: [OpenAPIRoute.Parameter] = [
        .text("match[]", "A selector; may come several times."),
        .text("start", "First time; an hour before `end` when left out."),
        .text("end", "Last time; now when left out."),
    ]
    private static let form: [OpenAPIRoute.Content] = [
        .init(type: "application/x-www-form-urlencoded") { _ in ["type": "object"] }
    ]
    private static let answer: [OpenAPIRoute.Content] = [
        .json([
            "type": "object", "required": ["status", "data"],
            "properties": ["status": ["type": "string", "enum": ["success"]], "data": [:]],
        ])
    ]

    /// Refusals have Prometheus's shape, `{"status":"error","errorType","error"}`.
    private static func both(
        _ path: String, _ summary: String, _ query: [OpenAPIRoute.Parameter]
    ) -> [OpenAPIRoute] {
        [
            .init(method: "get", path: path, tag: "queries", summary: summary, query: query, answers: answer),
            .init(
                method: "post", path: path, tag: "queries", summary: summary + ", with a form", body: form,
                bodyIsRequired: false, answers: answer, problems: [413]),
        ]
    }

    static let queryRoutes: [OpenAPIRoute] =
        both("/api/v1/query", "The value of an expression at a time, as Prometheus answers", instant)
        + both("/api/v1/query_range", "The values of an expression over a range of times", range)
        + both("/api/v1/series", "Label sets of series", listing)
        + both("/api/v1/labels", "Names of labels", listing) + [
            .init(
                method: "get", path: "/api/v1/label/{name}/values", tag: "queries", summary: "Values of a label",
                query: listing, answers: answer),
            .init(
                method: "get", path: "/api/v1/metadata", tag: "queries", summary: "Kind and help of each metric",
                query: [.text("metric", "Only this one."), .text("limit", "Most metrics.")], answers: answer),
            .init(
                method: "get", path: "/api/v1/status/buildinfo", tag: "queries",
                summary: "The release of Prometheus whose expressions are evaluated", answers: answer),
        ]
}
