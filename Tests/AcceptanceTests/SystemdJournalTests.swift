import Foundation
import Testing

/// The page about the journal names every kind of record.
@Suite struct SystemdJournalTests {
    @Test func everyKindOfRecordIsDocumentedWithItsID() throws {
        let source = try String(contentsOfFile: Checkout.path("Sources/Operations/LogMessage.swift"), encoding: .utf8)
        let page = try String(contentsOfFile: Checkout.path("docs/journal.md"), encoding: .utf8)
        let kinds = source.matches(of: /case \.(\w+): "([0-9a-f]{32})"/)
        #expect(kinds.count > 15)
        for kind in kinds { #expect(page.contains("| `\(kind.2)` | \(kind.1) |"), "docs/journal.md lacks \(kind.1)") }
        #expect(Set(kinds.map(\.2)).count == kinds.count, "an id is used twice")
    }
}
