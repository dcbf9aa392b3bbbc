import Foundation
import Testing

/// The documentation names everything that clients can meet.
@Suite struct DocumentationTests {
    @Test func everyErrorCodeIsExplained() throws {
        let page = try Project.text("docs/errors.md")
        let codes = try Project.text("Sources/Shared/ErrorCode.swift").matches(of: /case \w+ = "([a-z_.]+)"/).map {
            String($0.1)
        }
        #expect(codes.count > 50)
        let absent = codes.filter { !page.contains("`\($0)`") }
        #expect(absent.isEmpty, "docs/errors.md lacks \(absent)")
        let explained = page.matches(of: /(?m)^\| `([a-z_.]+)` \|/).map { String($0.1) }
        let unknown = explained.filter { !codes.contains($0) && $0.contains(".") }
        #expect(unknown.isEmpty, "docs/errors.md explains codes that do not exist: \(unknown)")
    }

    @Test func everyRouteIsDocumented() throws {
        let page = try Project.text("docs/rest.md")
        let routes = try Self.routes()
        #expect(routes.count > 40)
        let absent = routes.filter { !page.contains("`\($0.method) \($0.path)`") }
        #expect(absent.isEmpty, "docs/rest.md lacks \(absent.map { "`\($0.method) \($0.path)`" })")
    }

    @Test func everyMetricIsDocumented() throws {
        let page = try Project.text("docs/metrics.md")
        let names = try Project.files(under: "Sources/Telemetry", ending: ".swift")
            .flatMap { $0.text.matches(of: /"((?:csvand|django|process|app)_[a-z0-9_]+)"/).map { String($0.1) } }
        #expect(Set(names).count > 30)
        let absent = Set(names).filter { !page.contains($0) }
        #expect(absent.isEmpty, "docs/metrics.md lacks \(absent.sorted())")
    }

    @Test func everyRuleHasASectionInTheRunbook() throws {
        let runbook = try Project.text("docs/runbook.md")
        let rules = try Project.text("etc/alerts.yaml").matches(of: /alert:\s*(\w+)/).map { String($0.1) }
        #expect(rules.count >= 3)
        for rule in rules { #expect(runbook.contains(rule), "docs/runbook.md lacks \(rule)") }
    }

    @Test func everyCommandIsDocumented() throws {
        let page = try Project.text("docs/csvctl.md")
        let commands = try Project.files(under: "Sources/csvctl", ending: ".swift")
            .flatMap { $0.text.matches(of: /commandName: "([a-z-]+)"/).map { String($0.1) } }
        #expect(Set(commands).count > 10)
        let absent = Set(commands).filter { !page.contains($0) }
        #expect(absent.isEmpty, "docs/csvctl.md lacks \(absent.sorted())")
    }

    @Test func theReadmeNamesTheTwoCommands() throws {
        let readme = try Project.text("README.md")
        #expect(readme.contains("make demo"))
        #expect(readme.contains("make test"))
    }

    /// Routes as registered: `group.get("/api/v1/datasets/:dataset", ...)` in `Sources/csvand/Routes` and `Pages`.
    static func routes() throws -> [(method: String, path: String)] {
        let files =
            try Project.files(under: "Sources/csvand/Routes", ending: ".swift")
            + Project.files(under: "Sources/csvand/Pages", ending: ".swift")
        return files.flatMap { file in
            file.text.matches(of: /\.(get|post|put|patch|delete)\("(\/[^"]*)"/).map { match in
                let path = match.2.split(separator: "/", omittingEmptySubsequences: false)
                    .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
                return (match.1.uppercased(), path)
            }
        }
    }
}
