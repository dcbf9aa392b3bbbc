import Shared
import Testing

@testable import Operations

@Suite struct AssociationShelfTests {
    private func key(_ version: Int) -> AssociationShelf.Key { .init(dataset: "d", version: version, columns: [0, 1]) }

    private func pair(_ value: Double) -> AssociationReply.Pair {
        AssociationReply.Pair(x: "a", y: "b", kind: "pearson", value: value, spearman: nil, rows: 2)
    }

    @Test func aStudyIsMadeOnceAndTheOldestGo() throws {
        let shelf = AssociationShelf()
        var studies = 0
        func ask(_ version: Int) throws -> Double? {
            try shelf.pairs(key(version)) {
                studies += 1
                return [pair(Double(version))]
            }.first?.value
        }
        for version in 1...8 { #expect(try ask(version) == Double(version)) }
        for version in 1...8 { #expect(try ask(version) == Double(version)) }
        #expect(studies == 8)
        #expect(try ask(9) == 9)
        #expect(try ask(2) == 2)
        #expect(studies == 9)
        #expect(try ask(1) == 1)
        #expect(studies == 10)
    }

    @Test func whatFailedIsMadeAgain() throws {
        let shelf = AssociationShelf()
        #expect(throws: CancellationError.self) { try shelf.pairs(key(1)) { throw CancellationError() } }
        #expect(try shelf.pairs(key(1)) { [pair(1)] }.count == 1)
    }
}
