import Shared

/// Reads a whole CSV into typed row groups on several threads, in bounded memory.
package struct TableReader: Sendable {
    package var options: ReadOptions
    package var limits: ReadLimits
    package var threads: Int

    package init(options: ReadOptions = ReadOptions(), limits: ReadLimits = ReadLimits(), threads: Int) {
        self.options = options
        self.limits = limits
        self.threads = threads
    }

    /// Reads `source` to its end.
    ///
    /// - Parameters:
    ///   - onStart: gets the column names before the first row group, and again on each restart with a corrected dialect:
    ///     whatever was taken until then must be dropped.
    ///   - onRowGroup: gets each row group once, in any order, from several threads at a time.
    /// - Throws: `CSVError`, and whatever the source and the closures throw.
    package func read(
        _ source: ByteSource, onStart: ([String]) throws -> Void,
        onRowGroup: @escaping @Sendable (RowGroup) throws -> Void
    ) throws -> ReadSummary {
        var options = options
        var corrections: [String] = []
        while true {
            let (sample, isWhole) = try readSample(source)
            let finding = try Sniffer.sniff(sample, isWhole: isWhole, options: options, limits: limits)
            try onStart(finding.names)
            let pass = ReadPass(
                source: source, sample: sample, sampleIsWhole: isWhole, finding: finding, options: options,
                limits: limits, mayRestart: corrections.count < Self.mostCorrections,
                clientGaveNullValues: self.options.nullValues != nil, onRowGroup: onRowGroup)
            switch try pass.run(threads: isWhole ? 1 : threads) {
            case .read(var summary):
                summary.reasons += corrections
                return summary
            case .contradicted(let correction):
                corrections.append(correction.reason)
                correction.apply(&options)
                try source.rewind()
            }
        }
    }

    /// Readings with a corrected dialect, each for another contradiction.
    private static let mostCorrections = 3

    private func readSample(_ source: ByteSource) throws -> ([UInt8], Bool) {
        var sample = [UInt8](repeating: 0, count: max(1, limits.sampleBytes))
        var filled = 0
        var isWhole = false
        while filled < sample.count, !isWhole {
            let count = try sample.withUnsafeMutableBytes { bytes in
                try source.read(UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
            }
            isWhole = count <= 0
            filled += max(0, min(count, sample.count - filled))
        }
        sample.removeLast(sample.count - filled)
        return (sample, isWhole)
    }
}

/// What the rest of the input says against the dialect of its sample.
enum DialectCorrection {
    case windows1252(line: Int, byte: Int)
    case spacing(line: Int, byte: Int)
    case escape(line: Int)
    case decimalComma(column: String)
    case decimalPoint(column: String)
    case nullWords([String], column: String, others: [String])

    var reason: String {
        switch self {
        case .windows1252(let line, let byte):
            "Read again as windows-1252, since line \(line) (byte \(byte)) is not UTF-8 and nothing else needs UTF-8."
        case .spacing(let line, let byte):
            "Read again without the spaces around quotes, since the row on line \(line) (byte \(byte)) and others have the table's cells only so."
        case .escape(let line):
            "Read again with backslashes before quotes, which line \(line) has and the sample has not."
        case .decimalComma(let column):
            "Read again with decimal commas, which the column \(Excerpt.quoted(column)) has behind the sample."
        case .nullWords(let words, let column, _):
            "Read again with \(words.map { Excerpt.quoted($0) }.joined(separator: ", ")) as null, which the numbers or dates of \(Excerpt.quoted(column)) have behind the sample."
        case .decimalPoint(let column):
            "Read again with decimal points, which the column \(Excerpt.quoted(column)) has behind the sample."
        }
    }

    func apply(_ options: inout ReadOptions) {
        switch self {
        case .windows1252: options.encoding = Dialect.Encoding.windows1252.rawValue
        case .spacing: options.spacing = .aroundQuotes
        case .escape:
            options.escape = "\\"
            // As where the sample has them: a backslash before anything else is one.
            options.escapesAnything = false
        case .decimalComma: options.decimal = ","
        case .decimalPoint: options.decimal = "."
        case .nullWords(let words, _, let others): options.nullValues = others + words
        }
    }
}
