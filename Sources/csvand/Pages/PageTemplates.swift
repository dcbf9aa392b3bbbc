import Mustache

/// What a page shows, in the words it shows it with. Templates read its properties by name.
protocol PageView: Sendable {
    static var template: String { get }
    var frame: PageFrame { get }
}

/// The templates of all pages, parsed once. Mustache escapes every value.
enum PageTemplates {
    private static let library = Result {
        try MustacheLibrary(templates: sources.mapValues { try MustacheTemplate(string: $0) })
    }

    private static let sources = [
        "layout": layout, "histogram": histogram, "share": share, "sparkline": sparkline, "overview": overview,
        "dataset": dataset, "profile": profile, "train": train, "models": models, "model": model,
        "correlations": correlations, "correlationMap": correlationMap, "comparison": comparison, "shift": shift,
        "boxMarks": boxMarks, "incidents": incidents, "incident": incident, "alerts": alerts, "problem": problem,
        "login": login, "curve": curve,
    ]

    static func render<View: PageView>(_ view: View) throws -> String {
        try library.get().render(view, withTemplate: View.template) ?? ""
    }
}
