import Foundation
import Logging
import Storage
import Telemetry

extension Supervision {
    private static let hourMilliseconds: Int64 = 3_600_000
    private static let dayMilliseconds: Int64 = 86_400_000

    /// Appends what was sampled since the last time to the database, drops what is too old, and merges one span of blocks if
    /// one is due.
    func storeSamples() {
        guard let recorder = recorder.current, let block = recorder.withStore({ $0.drainNew() }),
            let first = block.times.first,
            let last = block.times.last
        else { return }
        do {
            let settings = state.withLock { $0.settings.metrics }
            // What rules read after a restart is kept in any case.
            let kept = Int64(max(settings.historySeconds, settings.retentionSeconds) * 1000)
            try catalogue.putSampleBlock(block.bytes, from: first, to: last, droppingBefore: last - kept)
            try mergeSamples(settings, at: last)
        } catch {
            logger.error("Samples could not be stored: \(ErrorTranslation.problem(for: error).detail)")
        }
    }

    /// Makes one block of the oldest hour, or of the oldest day, that is over and has several. One at a time, so that no round
    /// of the cycle takes long.
    private func mergeSamples(_ settings: Settings.Metrics, at now: Int64) throws {
        let hours = try catalogue.sampleBlocksToMerge(
            spanMilliseconds: Self.hourMilliseconds, endingBefore: now - now % Self.hourMilliseconds)
        if !hours.isEmpty { return try replace(hours, intervalMilliseconds: 0) }
        let old = now - Int64(settings.downsampleAfterSeconds * 1000)
        let days = try catalogue.sampleBlocksToMerge(
            spanMilliseconds: Self.dayMilliseconds, endingBefore: old - old % Self.dayMilliseconds)
        if !days.isEmpty {
            try replace(days, intervalMilliseconds: Int64(settings.downsampleIntervalSeconds * 1000))
        }
    }

    private func replace(_ blocks: [(number: Int64, bytes: [UInt8])], intervalMilliseconds: Int64) throws {
        let merged = SampleBlock.merged(blocks.compactMap { try? SampleBlock(bytes: $0.bytes) })
            .downsampled(everyMilliseconds: intervalMilliseconds)
        try catalogue.replaceSampleBlocks(
            blocks.map(\.number), with: merged.bytes, from: merged.times.first ?? 0, to: merged.times.last ?? 0)
    }
}
