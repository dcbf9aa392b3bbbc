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
        throw CSVError.empty
    }
}
