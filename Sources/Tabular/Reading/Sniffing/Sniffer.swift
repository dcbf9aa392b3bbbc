import Shared

/// Finds the dialect of a CSV from its first bytes.
package enum Sniffer {
    /// - Parameter isWhole: the sample is the whole input, so that its last line is complete.
    package static func sniff(
        _ sample: [UInt8], isWhole: Bool, options: ReadOptions = ReadOptions(), limits: ReadLimits = ReadLimits()
    ) throws(CSVError) -> DialectFinding {
        throw .empty
    }
}
