import Shared
import Tabular

/// The terms of a column's labels, found once for all folds of a search: scanning takes longer than all that is then done with them.
///
/// Labels past the limit of memory are scanned each time.
package final class TermLines: Sendable {
    private struct Known {
        /// By label; nil where not found yet.
        var lines: [[TermCount]?] = []
        var entries = 0
    }

    private static let scannedAtOnce = 256
    private let known = Locked(Known())

    /// Finds the terms of the labels that occur.
    ///
    /// - Parameters:
    ///   - mostEntries: terms that are kept for all labels together, 4 bytes each.
    ///   - threads: threads to scan with.
    func prepare(_ codes: CategoryCodes, mostEntries: Int, threads: Int) {
        known.withLock { known in
            if known.lines.isEmpty { known.lines = Array(repeating: nil, count: codes.labels.count) }
            var isMissing = known.lines.map { $0 == nil }
            var labels: [Int] = []
            for code in codes.codes where code >= 0 && isMissing[Int(code)] {
                isMissing[Int(code)] = false
                labels.append(Int(code))
            }
            // In rounds, so that what is past the limit is seen before much more is found.
            let step = Self.scannedAtOnce
            let round = step * max(1, threads) * 4
            for start in stride(from: 0, to: labels.count, by: round) where known.entries < mostEntries {
                let part = Array(labels[start..<min(start + round, labels.count)])
                let pieces = (part.count + step - 1) / step
                let found = Lanes.map(pieces, lanes: threads) { piece in
                    var scanner = TermScanner()
                    return part[piece * step..<min((piece + 1) * step, part.count)]
                        .map { scanner.terms(of: codes.labels[$0]) }
                }
                for (label, line) in zip(part, found.joined()) where known.entries < mostEntries {
                    known.lines[label] = line
                    known.entries += line.count
                }
            }
        }
    }

    /// What is known, for reading.
    func source(_ codes: CategoryCodes) -> TermSource { TermSource(codes, lines: known.current.lines) }
}

/// The terms of labels, from what is known or from the text itself.
struct TermSource {
    private let labels: [String]
    private let lines: [[TermCount]?]
    private var scanner = TermScanner()

    /// - Parameter lines: known terms by label; none when empty.
    init(_ codes: CategoryCodes, lines: [[TermCount]?] = []) {
        labels = codes.labels
        self.lines = lines.count == codes.labels.count ? lines : Array(repeating: nil, count: codes.labels.count)
    }

    mutating func terms(of label: Int) -> [TermCount] { lines[label] ?? scanner.terms(of: labels[label]) }

    /// See `TermScanner.words`.
    func words(of label: Int) -> [(bucket: UInt32, text: String)] { TermScanner.words(of: labels[label]) }
}
