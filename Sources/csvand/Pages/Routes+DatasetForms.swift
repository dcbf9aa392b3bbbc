import Foundation
import Hummingbird
import Operations
import Shared

extension Routes {
    /// Twenty rejected rows of the longest kept text, each byte as `%XX`.
    private static let mostFormBytes = 8 << 20

    /// Forms of the dataset's page that a browser sends by itself. They lead back to the page, or to the reason why not.
    func addDatasetForms(to router: Router<CallContext>) {
        router.post("/datasets/:dataset/rejects") { request, context in
            try await form(request, context, part: "rejects") { workspace, name, fields in
                _ = try workspace.readmit(try Self.repairs(fields, of: name, in: workspace), of: name)
            }
        }
        router.post("/datasets/:dataset/retype") { request, context in
            try await form(request, context, part: "rows") { workspace, name, fields in
                guard let type = fields["type"].flatMap(ColumnType.init(rawValue:)) else {
                    throw Problem.badParameter(
                        "type", fields["type"] ?? "",
                        expected: "one of " + ColumnType.allCases.map(\.rawValue).joined(separator: ", "))
                }
                func text(_ key: String) -> String? { fields[key].flatMap { $0.isEmpty ? nil : $0 } }
                let retyping = Retyping(
                    type: type, order: text("order"), format: text("format"), decimal: text("decimal"),
                    grouping: text("grouping"), misfits: text("misfits"))
                _ = try workspace.retype(name, [fields["column"] ?? "": retyping])
            }
        }
    }

    private func form(
        _ request: Request, _ context: CallContext, part: String,
        _ work: @escaping @Sendable (Workspace, String, [String: String]) throws -> Void
    ) async throws -> Response {
        try await forPeople(request) {
            let name = try context.parameter("dataset")
            let fields = Self.form(try await request.wholeBody(limit: Self.mostFormBytes))
            try await Offload.run { try work(workspace, name, fields) }
            return .redirect(to: "/datasets/\(PageText.segment(name))#\(part)")
        }
    }

    /// The chosen rows with their texts. A browser sends every line end as CR LF and cannot send a NUL: a text that differs in nothing
    /// else is the row as it was.
    private static func repairs(
        _ fields: [String: String], of name: String, in workspace: Workspace
    ) throws -> RejectRepairs {
        let chosen = fields.keys.compactMap { $0.hasPrefix("admit-") ? Int($0.dropFirst(6)) : nil }.sorted()
        guard let first = chosen.first else {
            throw Problem(
                .requestBadParameter, "No row was chosen.", remedy: "Go back and tick the rows that shall come in.")
        }
        let rejects = try workspace.rejects(of: name, version: nil, after: first - 1, limit: Int(Int32.max)).items
        let texts = Dictionary(uniqueKeysWithValues: rejects.map { ($0.number, $0.text) })
        return RejectRepairs(
            items: chosen.map { number in
                let text = fields["text-\(number)"].map(Self.plainLines)
                let isUnchanged = text == texts[number].map(Self.plainLines)
                return .init(number: number, text: isUnchanged ? nil : text)
            })
    }

    private static func plainLines(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            if scalar == "\n", isAfterReturn { continue }
            scalars.append(scalar == "\r" ? "\n" : scalar == "\0" ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }
}
