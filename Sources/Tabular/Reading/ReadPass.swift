import Foundation
import Shared

/// One pass over the input with one dialect: workers claim a row group under the lock (read and scan), parse and deliver it outside.
///
/// Safety: `feed`, `outcome` and `failure` are touched under `lock` only; everything else is constant.
final class ReadPass: @unchecked Sendable {
    enum End {
        case read(ReadSummary)
        case contradicted(DialectCorrection)
    }

    private let finding: DialectFinding
    private let plans: [ColumnPlan]
    private let options: ReadOptions
    private let limits: ReadLimits
    private let mayRestart: Bool
    private let clientGaveNullValues: Bool
    private let onRowGroup: @Sendable (RowGroup) throws -> Void
    private let isEscapeDecided: Bool
    private let lock = NSLock()
    private let feed: GroupFeed
    private let outcome: ReadOutcome
    private var failure: (any Error)?

    init(
        source: ByteSource, sample: [UInt8], sampleIsWhole: Bool, finding: DialectFinding, options: ReadOptions,
        limits: ReadLimits, mayRestart: Bool, clientGaveNullValues: Bool,
        onRowGroup: @escaping @Sendable (RowGroup) throws -> Void
    ) {
        self.finding = finding
        self.options = options
        self.limits = limits
        self.mayRestart = mayRestart
        self.clientGaveNullValues = clientGaveNullValues
        self.onRowGroup = onRowGroup
        isEscapeDecided = EscapeEvidence.isDecided(by: sample, quote: finding.dialect.quote)
        plans = finding.plans
        outcome = ReadOutcome(plans: plans)
        feed = GroupFeed(
            source: source, sample: sample, sampleIsWhole: sampleIsWhole, dialect: finding.dialect,
            columns: finding.names.count, start: finding.dataStart, limits: limits,
            isStrict: options.strict)
    }

    func run(threads: Int) throws -> End {
        let others = DispatchGroup()
        for _ in 1..<max(1, threads) {
            others.enter()
            Thread {
                self.work()
                others.leave()
            }.start()
        }
        work()
        others.wait()
        if let failure {
            if let overflow = failure as? EnoughRejects { return try ended(overflow) }
            // Its rows were claimed before what failed.
            if options.strict, failure is CSVError, !outcome.rejects.isEmpty { return try ended(EnoughRejects()) }
            throw failure
        }
        return try ended()
    }

    private func work() {
        let buffer = GroupBuffer()
        let trial =
            mayRestart
            ? DialectTrial(
                dialect: finding.dialect, words: !clientGaveNullValues, decimal: options.decimal == nil) : nil
        let parser = GroupParser(
            dialect: finding.dialect, plans: plans, limits: limits, isStrict: options.strict, trial: trial)
        while let group = claim(buffer) {
            var parsed = parser.parse(group, buffer)
            do {
                try take(parsed, group)
                if group.rows > 0 {
                    try onRowGroup(RowGroup(index: group.index, chunks: parsed.chunks, rows: parsed.rows))
                    parser.spares.take(&parsed.chunks)
                }
            } catch {
                fail(error)
            }
        }
    }

    private func claim(_ buffer: GroupBuffer) -> ScannedGroup? {
        lock.withLock {
            guard failure == nil else { return nil }
            do {
                return try feed.next(into: buffer)
            } catch {
                failure = error
                return nil
            }
        }
    }

    private func take(_ parsed: ParsedGroup, _ group: ScannedGroup) throws {
        try lock.withLock {
            outcome.take(parsed, index: group.index, hadRows: group.rows > 0)
            // Groups are claimed in order: those before the first bad row are claimed already, and will say if they have one too.
            let isOver = options.strict ? !outcome.rejects.isEmpty : outcome.rejects.count > limits.rejects
            if isOver { throw EnoughRejects() }
        }
    }

    private func fail(_ error: any Error) {
        lock.withLock {
            if failure == nil { failure = error }
        }
    }

    // MARK: - The end

    private struct EnoughRejects: Error {}

    private func ended(_ overflow: EnoughRejects) throws -> End {
        let first = outcome.sortedRejects.first
        // What to correct would take all rows to say, of which strict reading saw the first few.
        if options.strict, let first { throw CSVError.strict(first) }
        if let correction = encodingCorrection() ?? escapeCorrection() ?? spacingCorrection() {
            return .contradicted(correction)
        }
        guard let first else { throw overflow }
        throw CSVError.tooManyRejects(limit: limits.rejects, first: first)
    }

    private func ended() throws -> End {
        if let correction = encodingCorrection() ?? escapeCorrection() ?? spacingCorrection() {
            return .contradicted(correction)
        }
        let rejects = outcome.sortedRejects
        if let first = rejects.first {
            if outcome.rows == 0 || rejects.count >= 100 && rejects.count > outcome.rows {
                throw CSVError.dialectMismatch(
                    .mostRowsRejected(rejected: rejects.count, read: outcome.rows, first: first))
            }
        } else if outcome.rows == 0 {
            throw finding.dialect.header ? CSVError.headerOnly(columns: finding.names) : CSVError.empty
        }
        if let correction = decimalCorrection() ?? nullCorrection() { return .contradicted(correction) }
        return .read(summary(outcome.verdicts, rejects))
    }

    private func encodingCorrection() -> DialectCorrection? {
        guard mayRestart, options.encoding == nil, outcome.contradictsUTF8,
            let first = outcome.sortedRejects.first(where: { $0.kind == .encoding })
        else { return nil }
        return .windows1252(line: first.line, byte: first.byte)
    }

    /// Backslashes before quotes, where the sample has none and rows read well only with them.
    private func escapeCorrection() -> DialectCorrection? {
        guard mayRestart, options.escape == nil, finding.dialect.escape == nil, !isEscapeDecided,
            let quote = finding.dialect.quote
        else { return nil }
        let rejected = outcome.rejects.filter { reject in
            (reject.kind == .fieldCount || reject.kind == .quoting)
                && Array(reject.text.utf8).withUnsafeBufferPointer {
                    EscapeEvidence.isFound(
                        $0, quote: quote, delimiter: finding.dialect.delimiter, columns: plans.count)
                }
        }.map(\.line).min()
        let repaired = outcome.repairs.escapedQuotes
        guard let line = [rejected, repaired.count > 0 ? repaired.line : nil].compactMap({ $0 }).min() else {
            return nil
        }
        return .escape(line: line)
    }

    /// Spaces before quotes, where rows with such cells do not have the table's number of cells.
    private func spacingCorrection() -> DialectCorrection? {
        guard mayRestart, options.spacing == nil, finding.dialect.spacing == .kept,
            let quote = finding.dialect.quote
        else { return nil }
        let opening = finding.dialect.delimiter + [32, quote]
        let spaced = outcome.rejects.filter {
            $0.kind == .fieldCount && Array($0.text.utf8).firstRange(of: opening) != nil
        }
        guard spaced.count > 1, let first = spaced.min(by: { $0.byte < $1.byte }) else { return nil }
        return .spacing(line: first.line, byte: first.byte)
    }

    /// The other decimal separator, where no column has this one and a column has that one.
    private func decimalCorrection() -> DialectCorrection? {
        guard mayRestart, options.decimal == nil, !outcome.verdicts.contains(where: \.needsDecimal),
            let index = outcome.trials.firstIndex(where: \.needsOtherDecimal)
        else { return nil }
        return finding.dialect.decimal == UInt8(ascii: ".")
            ? .decimalComma(column: plans[index].name) : .decimalPoint(column: plans[index].name)
    }

    /// Words for null that made text of columns whose sample is numbers, dates or moments.
    private func nullCorrection() -> DialectCorrection? {
        guard let first = outcome.trials.firstIndex(where: \.needsNullWords) else { return nil }
        let words = outcome.trials.filter(\.needsNullWords).reduce(into: Set<String>()) { $0.formUnion($1.nullWords) }
        return .nullWords(words.sorted(), column: plans[first].name, others: finding.dialect.nullValues)
    }

    private func summary(_ verdicts: [ColumnVerdict], _ rejects: [RejectedRow]) -> ReadSummary {
        let columns = verdicts.map(\.column)
        var recasts: [ChunkRecast] = []
        let groups = outcome.deliveries.keys.sorted()
        for (column, decided) in columns.enumerated() {
            for group in groups {
                guard let delivery = outcome.deliveries[group]?[column] else { continue }
                let differs =
                    delivery.type != decided.type
                    || !delivery.isAllNull && delivery.order != nil && delivery.order != decided.dateOrder
                if differs { recasts.append(ChunkRecast(column: column, rowGroup: group, from: delivery.type)) }
            }
        }
        return ReadSummary(
            dialect: finding.dialect, reasons: finding.reasons + outcome.repairs.reasons, columns: columns,
            rows: outcome.rows,
            bytes: feed.bytesRead, rowGroups: groups.count, rejects: rejects,
            warnings: finding.warnings + warnings(verdicts, columns), recasts: recasts)
    }

    private func warnings(_ verdicts: [ColumnVerdict], _ columns: [ReadColumn]) -> [String] {
        var result: [String] = []
        for (verdict, column) in zip(verdicts, columns)
        where (column.type == .date || column.type == .timestamp) && verdict.isAmbiguous && column.dateOrder != nil {
            let reading = column.dateOrder == .monthDayYear ? "month first" : "day first"
            result.append(
                "The dates of \(Excerpt.quoted(column.name)) can be read day first or month first; they were read \(reading)."
            )
        }
        result += outcome.repairs.warnings
        if feed.repairs > 0 {
            let what =
                finding.dialect.encoding.isUTF16
                ? "Halves of UTF-16 surrogate pairs" : "Bytes that \(finding.dialect.encoding.rawValue) leaves open"
            result.append("\(what) were replaced by U+FFFD, \(feed.repairs) of them.")
        }
        return result
    }
}
