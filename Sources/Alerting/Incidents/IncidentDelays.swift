import Foundation
import Shared

/// The delays that an incident is measured by, in seconds; nil while the point has not been reached.
package struct IncidentDelays: Sendable, Equatable {
    /// From the first error of the evidence, or from the start of the alert, to the opening: its mean is MTTD.
    package var detectSeconds: Double?
    /// From the opening to the first acknowledgement: its mean is MTTA.
    package var acknowledgeSeconds: Double?
    /// From the opening to the resolution: its mean is MTTR.
    package var resolveSeconds: Double?

    package init(detectSeconds: Double?, acknowledgeSeconds: Double?, resolveSeconds: Double?) {
        self.detectSeconds = detectSeconds
        self.acknowledgeSeconds = acknowledgeSeconds
        self.resolveSeconds = resolveSeconds
    }

    /// The delays of one incident.
    package init(_ record: IncidentReply) {
        let acknowledged = record.timeline.first { $0.kind == TimelineKind.acknowledged.rawValue }?.at
        acknowledgeSeconds = (acknowledged ?? record.acknowledgedAt).map {
            max(0, $0.timeIntervalSince(record.openedAt))
        }
        resolveSeconds = record.resolvedAt.map { max(0, $0.timeIntervalSince(record.openedAt)) }
        detectSeconds = Self.beginning(record).map { max(0, record.openedAt.timeIntervalSince($0)) }
    }

    /// When the trouble began, as far as the evidence knows: the last rise of a counter in the window says it best, because the
    /// errors before it may belong to an incident that was resolved.
    private static func beginning(_ record: IncidentReply) -> Date? {
        let rises = record.evidence.series.compactMap { series -> Date? in
            guard series.metric.hasSuffix("_total") else { return nil }
            let pairs = zip(series.samples, series.samples.dropFirst())
            let first = pairs.first { $0.count > 1 && $1.count > 1 && $1[1] > $0[1] }
            return first.map { Date(timeIntervalSince1970: $0.1[0]) }
        }
        return (rises + record.evidence.errors.map(\.at)).filter { $0 <= record.openedAt }.min()
    }
}
