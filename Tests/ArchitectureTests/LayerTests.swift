import Foundation
import Testing

/// What each target may import, besides the standard library.
private let allowedImports: [String: Set<String>] = [
    "Shared": ["Foundation", "Synchronization"],
    "Transfer": ["CCurl", "Foundation", "Synchronization"],
    "Tabular": ["Shared", "CIntrinsics", "Foundation", "Synchronization"],
    "Telemetry": ["Foundation", "Synchronization"],
    "Learning": ["Tabular", "Shared", "CIntrinsics", "Foundation", "Synchronization"],
    "Storage": ["Tabular", "Shared", "GRDB", "GRDBSQLite", "Foundation", "Synchronization"],
    "Alerting": ["Telemetry", "Shared", "Transfer", "Yams", "Foundation", "Synchronization"],
    "Operations": [
        "Shared", "Transfer", "Tabular", "Telemetry", "Learning", "Storage", "Alerting", "CZlib", "CXlsxwriter",
        "CSystemd", "CMalloc", "Yams",
        "Crypto",
        "Logging", "Foundation", "Synchronization",
    ],
    "csvand": [
        "Operations", "Telemetry", "Shared", "CSystemd", "CMalloc", "Hummingbird", "HummingbirdCore", "Mustache",
        "ServiceLifecycle",
        "Logging", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOHTTPTypes", "NIOExtras", "HTTPTypes", "UnixSignals",
        "Foundation",
        "Synchronization",
    ],
    "csvctl": ["Shared", "Transfer", "ArgumentParser", "Foundation", "Synchronization"],
]

@Suite struct LayerTests {
    @Test func everyImportIsAllowedByTheTableOfLayers() throws {
        var broken: [String] = []
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|let|var)\s+)?(\w+)/
        for file in try Project.files(under: "Sources", ending: ".swift") {
            let allowed = try #require(allowedImports[file.target], "\(file.path): no such target in the table")
            for line in file.lines {
                guard let match = try? pattern.prefixMatch(in: line) else { continue }
                let module = String(match.1)
                if ["Glibc", "Darwin", "Dispatch"].contains(module) { continue }
                if !allowed.contains(module) { broken.append("\(file.path): import \(module)") }
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func everyTargetOfTheTableHasSources() throws {
        let targets = Set(try Project.files(under: "Sources", ending: ".swift").map(\.target))
        #expect(targets == Set(allowedImports.keys))
    }

    @Test func onlyStorageImportsTheDatabaseLibrary() throws {
        let importers = try Project.files(under: "Sources", ending: ".swift").filter { $0.text.contains("import GRDB") }
        #expect(importers.allSatisfy { $0.target == "Storage" })
        #expect(!importers.isEmpty)
    }
}
