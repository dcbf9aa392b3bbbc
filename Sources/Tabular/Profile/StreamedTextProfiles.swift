import Shared

/// Profiles of text columns, made of row groups while they are still in memory: reading long texts back costs half as much as parsing them.
///
/// Groups come from several threads in any order, and each column takes them in by their number, so that the profile does not depend on
/// the threads. Nobody waits: a group that comes too early is left with its column, and taken in by whoever closes the gap. A column
/// that another type turns up in, or that falls too far behind, has no profile here.
package final class StreamedTextProfiles: Sendable {
    /// Groups that wait for an earlier one. More than a few do only where one group takes much longer than others.
    private static let mostWaiting = 4
    /// Tables with more columns are read again: memory is held for each.
    private static let mostColumns = 64

    private let lanes: [Locked<Lane>]

    private struct Lane: Sendable {
        var profiler: ColumnProfiler?
        /// The group to be taken in next.
        var next = 0
        var isBusy = false
        var waiting: [Int: ColumnChunk] = [:]
        var isLost = false

        mutating func lose() {
            isLost = true
            profiler = nil
            waiting = [:]
        }
    }

    package init(columns names: [String]) {
        let bytes = ColumnProfiler.exactTextBytes(columns: names.count)
        lanes =
            names.count > Self.mostColumns
            ? [] : names.map { Locked(Lane(profiler: ColumnProfiler(name: $0, type: .text, exactBytes: bytes))) }
    }

    /// Takes a row group in.
    package func take(_ group: RowGroup) {
        for (column, chunk) in group.chunks.enumerated() where column < lanes.count {
            lanes[column].withLock { lane in
                if lane.isLost { return }
                if chunk.type == .text, lane.waiting.count < Self.mostWaiting {
                    lane.waiting[group.index] = chunk
                } else {
                    lane.lose()
                }
            }
            work(on: column)
        }
    }

    /// Takes in what is there without a gap, unless somebody else is at it.
    private func work(on column: Int) {
        while let (profiler, chunk) = begin(column) {
            var profiler = profiler
            profiler.add(chunk)
            let done = profiler
            lanes[column].withLock { lane in
                lane.isBusy = false
                lane.next += 1
                if !lane.isLost { lane.profiler = done }
            }
        }
    }

    private func begin(_ column: Int) -> (ColumnProfiler, ColumnChunk)? {
        lanes[column].withLock { lane in
            guard !lane.isBusy, let chunk = lane.waiting.removeValue(forKey: lane.next),
                let profiler = lane.profiler.take()
            else { return nil }
            lane.isBusy = true
            return (profiler, chunk)
        }
    }

    /// The profile of a column, if all of its groups were texts and taken in.
    package func finish(_ column: Int, rowGroups: Int) -> ColumnProfileReply? {
        guard column < lanes.count else { return nil }
        let profiler = lanes[column].withLock { lane in
            lane.next == rowGroups && !lane.isLost ? lane.profiler.take() : nil
        }
        return profiler?.finish()
    }
}
