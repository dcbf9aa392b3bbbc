import Testing

@testable import Tabular

@Suite struct TextSparesTests {
    @Test func memoryThatIsHeldIsNotUsedAgain() {
        let spares = TextSpares()
        func chunk(_ text: String) -> ColumnChunk { ColumnChunk(type: .text, values: .texts(TextArray([text]))) }
        let text = String(repeating: "x", count: 1000)
        var chunks = [chunk(text), chunk(text)]
        let held = chunks[0]
        spares.take(&chunks)
        for column in 0..<3 {
            var bytes = spares.bytes(500, column: column)
            #expect(bytes.count == 500)
            for index in bytes.indices { bytes[index] = 7 }
        }
        #expect(held == chunk(text))
    }
}
