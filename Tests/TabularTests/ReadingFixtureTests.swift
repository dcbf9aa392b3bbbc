import Testing

@testable import Tabular

@Suite struct ReadingFixtureTests {
    @Test(arguments: ReadingFixture.all)
    func readsAsTheFixtureSays(fixture: ReadingFixture) throws {
        let options = try fixture.options()
        let run = ReadingRun(try fixture.input(), options: options.options, limits: options.limits)
        let expected = try fixture.expected()
        #expect(run.record.dialect == expected.dialect)
        #expect(run.record.columns == expected.columns)
        #expect(run.record.text == expected.text)
        #expect(run.record.typed == expected.typed)
        #expect(run.record.rejects == expected.rejects)
        #expect(run.record.warnings == expected.warnings)
        #expect(run.record.error == expected.error)
    }

    @Test func thereAreEnoughFixtures() { #expect(ReadingFixture.all.count >= 80) }

    @Test(arguments: ReadingFixture.all)
    func theResultDoesNotDependOnHowTheBytesArrive(fixture: ReadingFixture) throws {
        let options = try fixture.options()
        let bytes = try fixture.input()
        // Ten thousand columns a byte at a time prove no more than two do.
        if bytes.count > 20_000 { return }
        let whole = ReadingRun(bytes, options: options.options, limits: options.limits)
        for length in [1, 7, 63] {
            let pieces = ReadingRun(bytes, options: options.options, limits: options.limits, threads: 2) { length }
            #expect(pieces.record == whole.record, "pieces of \(length) bytes")
            #expect(pieces.groups.map(\.chunks) == whole.groups.map(\.chunks), "pieces of \(length) bytes")
        }
    }

    @Test(arguments: ReadingFixture.all)
    func rowGroupBoundariesDoNotChangeRows(fixture: ReadingFixture) throws {
        let options = try fixture.options()
        let bytes = try fixture.input()
        let whole = ReadingRun(bytes, options: options.options, limits: options.limits)
        var limits = options.limits
        limits.rowGroupRows = 1
        let single = ReadingRun(bytes, options: options.options, limits: limits, threads: 2)
        #expect(single.groups.allSatisfy { group in group.chunks.allSatisfy { $0.rows == group.rows } })
        #expect(single.record.text == whole.record.text)
        #expect(single.record.rejects == whole.record.rejects)
        #expect(single.record.error == whole.record.error)
    }
}
