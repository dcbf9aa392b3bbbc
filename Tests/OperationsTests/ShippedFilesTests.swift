import Foundation
import Testing

@testable import Operations

@Suite struct ShippedFilesTests {
    @Test func theRulesInTheProgramAreThoseOfTheRuleFile() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try String(contentsOf: root.appendingPathComponent("etc/alerts.yaml"), encoding: .utf8)
        #expect(ShippedRules.text == file)
    }

    @Test func theShippedRulesAreValidAndNameOnlyWhatExists() throws {
        let source = try RuleSource.load(Settings.Alerting().rules)
        #expect(source.ruleCount >= 3)
    }

    @Test func everyLogMessageHasAnIdOfItsOwn() {
        let ids = LogMessage.allCases.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
