import Operations
import Shared

extension OpenAPI {
    private typealias Parameter = OpenAPIRoute.Parameter

    /// How a CSV is read; what is left out is found out from the text.
    private static let reading: [OpenAPIRoute.Parameter] = [
        .text("delimiter", "Text between cells, or `tab`."), .text("quote", "Quote character, or `none`."),
        .text("escape", "Character that escapes a quote, when it is not doubled."),
        .choice("double_quote", "Whether a quote inside quotes may be doubled.", "true", "false"),
        .choice("skip_initial_space", "Whether spaces at the start of cells are left out.", "true", "false"),
        .choice("trim", "Whether white space around cells is left out.", "true", "false"),
        .text("comment", "Text that comment lines begin with, or `none`."),
        .text("encoding", "Encoding, such as `utf-8`, `utf-16le` or `windows-1252`."),
        .choice("header", "Whether the first row has the names.", "auto", "true", "false"),
        .integer("skip_rows", "Lines before the header that are no data.", from: 0, to: 1_000_000),
        .choice("decimal", "Decimal separator.", ".", ","),
        .text("null_values", "Texts that stand for no value, separated by commas."),
        .text("types", "Types by column, as `age:integer,name:text`."),
        .choice("strict", "Whether a row that cannot be read refuses the file.", "true", "false"),
    ]

    private static let name = Parameter.text("name", "The dataset's name; a form may give it as a field.")
    private static let ifExists = Parameter.choice(
        "if_exists", "What to do when the name is taken.", "error", "replace", "append", "version")

    private static let profile = Parameter.choice(
        "profile", "`false` leaves the profile to whoever asks for it first.", "true", "false")

    static let datasetRoutes: [OpenAPIRoute] = [
        .init(
            method: "post", path: "/api/v1/datasets", tag: "datasets", summary: "Stores a CSV as a dataset",
            query: [name, ifExists, profile] + reading,
            body: [.text("text/csv"), .init(type: "multipart/form-data") { _ in uploadForm }], status: 201,
            answers: [.json(DatasetReply.self)], problems: [400, 409, 413, 415, 422, 503]),
        .init(
            method: "get", path: "/api/v1/datasets", tag: "datasets", summary: "Datasets, newest first",
            query: [.limit, .after], answers: [.json(Page<DatasetReply>.self)], problems: [400]),
        .init(
            method: "post", path: "/api/v1/sniff", tag: "datasets",
            summary: "How a CSV would be read, without storing it", query: [name, ifExists, profile] + reading,
            body: [.text("text/csv")], answers: [.json(SniffReply.self)], problems: [400, 415, 422]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}", tag: "datasets", summary: "A dataset at a version",
            query: [.version], answers: [.json(DatasetReply.self)], problems: [400, 404]),
        .init(
            method: "patch", path: "/api/v1/datasets/{dataset}", tag: "datasets",
            summary: "Renames or describes a dataset, or gives columns new types",
            body: [.json(DatasetChange.self)],
            answers: [.init(type: "application/json") { changed(&$0, ["steps": ["type": "array", "items": report]]) }],
            problems: [400, 404, 409, 422, 503]),
        .init(
            method: "delete", path: "/api/v1/datasets/{dataset}", tag: "datasets",
            summary: "Deletes a dataset with its versions", status: 204, problems: [404]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/versions", tag: "datasets", summary: "Its versions",
            answers: [.json(Page<VersionReply>.self)], problems: [404]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/profile", tag: "datasets",
            summary: "Figures, histograms and warnings of every column", query: [.version],
            answers: [.json(ProfileReply.self)], problems: [400, 404]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/profile/{column}", tag: "datasets",
            summary: "The profile of one column", query: [.version], answers: [.json(ColumnProfileReply.self)],
            problems: [400, 404]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/correlations", tag: "datasets",
            summary: "How its columns go together, strongest pairs first",
            query: [
                .version, .text("columns", "Columns to compare, separated by commas."),
                .text("target", "Column that others may give away."),
            ],
            answers: [.json(AssociationReply.self)], problems: [400, 404, 422]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/duplicates", tag: "datasets",
            summary: "Rows that come more than once",
            query: [.version, .text("columns", "Columns to compare rows by, separated by commas.")],
            answers: [.json(DuplicatesReply.self)], problems: [400, 404, 413, 422]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/compare", tag: "datasets",
            summary: "What changed against an earlier version or another dataset",
            query: [
                .version,
                .text("with", "A version number, a dataset or `name@3`; the version before when left out."),
            ],
            answers: [.json(ComparisonReply.self)], problems: [400, 404]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/rules", tag: "datasets",
            summary: "Rules on its data, with what they found", query: [.version],
            answers: [.json(DataRulesReply.self)], problems: [400, 404]),
        .init(
            method: "put", path: "/api/v1/datasets/{dataset}/rules", tag: "datasets",
            summary: "Puts rules in place of all earlier ones", body: [.json(DataRules.self)],
            answers: [.json(DataRulesReply.self)], problems: [400, 404, 422]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/rejects", tag: "datasets",
            summary: "Rows that could not be read",
            query: [.version, .integer("after", "Number of the last one seen.", from: 0), .limit],
            answers: [.json(Page<RejectReply>.self)], problems: [400, 404]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/rejects", tag: "datasets",
            summary: "Corrects rejected rows and adds them to the dataset, in one new version",
            body: [.json(RejectRepairs.self)],
            answers: [
                .init(type: "application/json") { schemas in
                    let refused: JSONValue = ["type": "array", "items": schemas.reference(to: Problem.self)]
                    return changed(&schemas, ["admitted": ["type": "integer", "minimum": 0], "refused": refused])
                }
            ], problems: [400, 404, 409, 413, 422, 503]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/rejects/{number}", tag: "datasets",
            summary: "Corrects a rejected row and adds it to the dataset", body: [.json(RejectRepair.self)],
            answers: [.json(DatasetReply.self)], problems: [400, 404, 409, 422, 503]),
    ]

    /// The dataset's own fields, with others beside them.
    static func changed(_ schemas: inout OpenAPISchemas, _ more: [String: JSONValue]) -> JSONValue {
        [
            "allOf": [
                schemas.reference(to: DatasetReply.self), ["type": "object", "properties": .object(more)],
            ]
        ]
    }

    private static let uploadForm: JSONValue = {
        var properties: [String: JSONValue] = ["file": ["type": "string", "format": "binary"]]
        for parameter in [name, ifExists] + reading { properties[parameter.name] = parameter.schema }
        return ["type": "object", "properties": .object(properties), "required": ["file"]]
    }()
}
