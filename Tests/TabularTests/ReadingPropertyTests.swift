import Shared
import Testing

@testable import Tabular

/// Random files against an oracle that is simple: the texts that were written.
@Suite struct ReadingPropertyTests {
    @Test(arguments: 0..<40)
    func everyCellComesBackAsWritten(seed: Int) {
        var random = SeededRandom(state: UInt64(seed))
        let file = RandomFile(&random)
        let limits = ReadLimits(sampleBytes: 512, rowGroupRows: Int.random(in: 1...200, using: &random))
        let whole = ReadingRun(file.bytes, options: file.options, limits: limits)
        #expect(whole.record.error == nil)
        #expect(whole.record.rejects == [])
        #expect(whole.record.text == file.rows)
    }

    @Test(arguments: 0..<12)
    func piecesAndThreadsDoNotChangeTheResult(seed: Int) {
        var random = SeededRandom(state: UInt64(1000 + seed))
        let file = RandomFile(&random)
        let limits = ReadLimits(sampleBytes: 512, rowGroupRows: Int.random(in: 1...200, using: &random))
        let whole = ReadingRun(file.bytes, options: file.options, limits: limits)
        let length = [1, 7, 64, 4096][seed % 4]
        let pieces = ReadingRun(file.bytes, options: file.options, limits: limits, threads: 1 + seed % 3) { length }
        #expect(pieces.record == whole.record)
        #expect(pieces.groups.map(\.chunks) == whole.groups.map(\.chunks))
    }

    @Test(arguments: 0..<30)
    func brokenBytesNeverCrashOrChangeWithPieces(seed: Int) {
        var random = SeededRandom(state: UInt64(5000 + seed))
        var bytes = RandomFile(&random).bytes
        let alphabet = Array("\",\n\r;\t#'\\ 0a\u{0}é".utf8)
        for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        let limits = ReadLimits(sampleBytes: 512, rowGroupRows: 64)
        let whole = ReadingRun(bytes, limits: limits)
        let pieces = ReadingRun(bytes, limits: limits, threads: 2) { 7 }
        #expect(pieces.record == whole.record)
    }

    /// What a column is, and whether the dialect is corrected, may not hang on where groups close. Found by fuzzing.
    @Test(arguments: [
        // Quoted empty cells are null among numbers, and texts among texts.
        "a,b\n1,x\n\"\",y\nz,y\n", "a,b\n,x\n\"\",y\n3,y\n",
        // A word for null where a chunk starts, and another text elsewhere.
        "a,b\n1,2\nx,y\nNA,y\n", "a,b\n1,2\nNA,3\n2,null\n", "a,b\n1,2\n,0\nx,\\N\n",
        // A decimal comma likewise.
        "a;b\n1;2\nx;y\n\"1,5\";y\n", "a;b\n1;2\n1,5;3\nNA;4\n",
    ])
    func rowGroupsDoNotChangeTheColumns(file: String) {
        let options = ReadOptions(escape: file.contains("\\") ? "\\" : nil)
        let runs = [65_536, 1, 2].map {
            ReadingRun(Array(file.utf8), options: options, limits: ReadLimits(sampleBytes: 8, rowGroupRows: $0))
        }
        for run in runs.dropFirst() { #expect(run.record == runs[0].record) }
    }

    /// A space that ends a block of 64 bytes is the first of its cell.
    @Test(arguments: 0..<70)
    func spacesBeforeQuotesAreLeftOutWhereverTheyStand(offset: Int) {
        let first = String(repeating: "x", count: offset)
        let run = ReadingRun(
            Array("a,b,c\n\(first), \"p, q\",\(String(repeating: "y", count: 200))\n".utf8),
            options: ReadOptions(delimiter: ",", spacing: .aroundQuotes, header: .true))
        #expect(run.record.rejects == [])
        #expect(run.record.text?.first?.prefix(2) == [first, "p, q"])
    }

    /// The first bad row is told, however many rows are scanned at once.
    @Test(arguments: [1, 65_536])
    func strictReadingNamesTheFirstOfTwoDefects(rowGroupRows: Int) {
        let run = ReadingRun(
            Array("a,b\n1,\u{0}\n\"2,3\n".utf8), options: ReadOptions(strict: true),
            limits: ReadLimits(rowGroupRows: rowGroupRows))
        #expect(run.record.error?.detail == "Line 2: a NUL byte: \u{27}1,\\u{0}\u{27}.")
    }

    /// How much of a row that is too long is seen hangs on the blocks it comes in; what is in no cell counts nowhere. Found by fuzzing.
    @Test(arguments: [Int.max, 64, 1])
    func oddBytesCountInKeptRowsOnly(length: Int) {
        let long = String(repeating: "x", count: 2000) + String(repeating: "\u{0}", count: 10)
        let file = """
            a,b
            1,\(long) x"y
            "\n\n",\(long) x"y, "z
            #\u{0}
            4,y\u{0}z "q"
            5,"q"r

            """
        let run = ReadingRun(
            Array(file.utf8), options: ReadOptions(delimiter: ",", quote: "\"", comment: "#", header: .true),
            limits: ReadLimits(cellBytes: 300, rowBytes: 500)
        ) { length }
        #expect(run.record.rejects?.map(\.line) == [2, 3])
        #expect(run.record.text == [["4", "y\u{0}z \"q\""], ["5", "qr"]])
        #expect(
            run.record.warnings == [
                "Quotes inside unquoted cells were read as text, 2 of them, the first on line 7.",
                "Text behind a closing quote was joined to its cell in 1 row, the first on line 8.",
                "NUL bytes were kept in cells, 1 of them, the first on line 7.",
            ])
    }

    /// Nor does such a row say what the encoding is.
    @Test(arguments: [Int.max, 64, 1])
    func rowsThatAreTooLongSpeakForNoEncoding(length: Int) {
        let long = String(repeating: "é", count: 2000)
        let bytes = Array("a,b\n1,x\n2,\(long)\n3,Gen".utf8) + [0xE8] + Array("ve\n".utf8)
        let run = ReadingRun(
            bytes, options: ReadOptions(delimiter: ","),
            limits: ReadLimits(cellBytes: 300, rowBytes: 500, sampleBytes: 8)
        ) { length }
        #expect(run.record.dialect?.first == "windows-1252")
        #expect(run.record.text == [["1", "x"], ["3", "Genève"]])
        #expect(run.record.rejects?.map(\.line) == [3])
    }

    /// The masks and the state machine are two ways to one index.
    @Test(arguments: 0..<30)
    func blocksAndTheStateMachineAgree(seed: Int) {
        var random = SeededRandom(state: UInt64(9000 + seed))
        let alphabet = Array("\"\",,,\n\n\r ab1#".utf8)
        let bytes = (0..<2000).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        #expect(index(bytes, usingBlocks: true) == index(bytes, usingBlocks: false))
    }

    private func index(_ bytes: [UInt8], usingBlocks: Bool) -> [UInt32] {
        let buffer = GroupBuffer()
        bytes.withUnsafeBufferPointer { buffer.append($0) }
        buffer.seal()
        var scanner = RecordScanner(dialect: Dialect(), columns: 2, limits: ReadLimits())
        scanner.begin(buffer)
        if usingBlocks {
            _ = scanner.scan(buffer, isFinal: true)
        } else {
            _ = scanner.scanScalar(buffer, upTo: buffer.end)
        }
        _ = scanner.finish(buffer)
        let rejects = scanner.rejects.flatMap { [UInt32($0.range.lowerBound), UInt32($0.range.upperBound)] }
        return (0..<scanner.rowBase).map { buffer.index[$0] } + rejects + [UInt32(scanner.rows)]
    }
}

/// A CSV whose texts are known.
private struct RandomFile {
    var rows: [[String]] = []
    var bytes: [UInt8] = []
    var options = ReadOptions()

    init(_ random: inout SeededRandom) {
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
        let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
        let columns = Int.random(in: 2...6, using: &random)
        let kinds = (0..<columns).map { _ in Int.random(in: 0..<10, using: &random) }
        options = ReadOptions(delimiter: delimiter, quote: "\"", header: .true, decimal: ".")
        var text = (0..<columns).map { "c\($0)" }.joined(separator: delimiter) + lineEnd
        for _ in 0..<Int.random(in: 1...400, using: &random) {
            let row = kinds.map { Self.cell($0, &random) }
            rows.append(row)
            text += row.map { Self.written($0, delimiter, &random) }.joined(separator: delimiter) + lineEnd
        }
        bytes = Array(text.utf8)
    }

    private static func written(_ cell: String, _ delimiter: String, _ random: inout SeededRandom) -> String {
        let needs = cell.unicodeScalars.contains { "\"\r\n".unicodeScalars.contains($0) } || cell.contains(delimiter)
        if !needs, Int.random(in: 0..<8, using: &random) > 0 { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private static func cell(_ kind: Int, _ random: inout SeededRandom) -> String {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if number(0...30) == 0 { return "" }
        switch kind {
        case 0: return String(number(-1000...1_000_000))
        case 1: return String(Int64.random(in: .min ... .max, using: &random) >> Int64(number(0...60)))
        case 2: return "\(number(-500...500)).\(two(number(0...99)))"
        case 3:
            let digits = (0..<number(1...12)).map { _ in String(number(0...9)) }.joined()
            return "\(number(0...1) == 0 ? "-" : "")\(number(0...99_999_999)).\(digits)"
        case 4: return ["red", "green", "blue", "a, b", "say \"hi\"", "two\nlines"][number(0...5)]
        case 5:
            return (0..<number(0...30)).map { _ in String("abc déf\"',;|\n".randomElement(using: &random) ?? "a") }
                .joined()
        case 6: return "\(number(1900...2100))-\(two(number(1...12)))-\(two(number(1...28)))"
        case 7:
            return "2020-\(two(number(1...12)))-01 \(two(number(0...23))):\(two(number(0...59))):\(two(number(0...59)))"
        case 8: return ["true", "false", "TRUE"][number(0...2)]
        default: return ["007", "1", "+5", " 12", "1e5", "12.50", "x", "3,000", "0"][number(0...8)]
        }
    }
}
