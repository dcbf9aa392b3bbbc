import Foundation
import Shared

/// The delays that an incident is measured by, in seconds; nil while the point has not been reached.
package struct IncidentDelays: Sendable, Equatable {
    /// From the beginning of the trouble (`Evidence.beganAt`) to the opening: its mean is MTTD.
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
        detectSeconds = record.evidence.beganAt.map { max(0, record.openedAt.timeIntervalSince($0)) }
    }
}

extension Evidence {
    /// When the trouble of an alert began, as far as this evidence knows.
    ///
    /// - Parameter resolvedAt: when the last incident like it was resolved; rises before that belong to it.
    func beginning(of alert: IncomingAlert, after resolvedAt: Date?, at now: Date) -> Date? {
        switch alert.source {
        case .prometheus, .alertmanager, .grafana, .failure: return min(alert.startsAt, now)
        case .rules, .drill, .data: break
        }
        let bound = resolvedAt ?? .distantPast
        let rises = series.compactMap { series -> Date? in
            guard series.metric.hasSuffix("_total") else { return nil }
            for (before, sample) in zip(series.samples, series.samples.dropFirst()) {
                guard before.count > 1, sample.count > 1, sample[1] > before[1] else { continue }
                let (from, to) = (Date(timeIntervalSince1970: before[0]), Date(timeIntervalSince1970: sample[0]))
                guard to > bound else { continue }
                // The sample was taken some time after the error that it counts.
                return errors.map(\.at).filter { $0 > max(from, bound) && $0 <= to }.min() ?? to
            }
            return nil
        }
        return rises.filter { $0 <= now }.min()
    }
}
