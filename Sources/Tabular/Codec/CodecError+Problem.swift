import Shared

extension CodecError {
    /// The problem as a client sees it.
    package var problem: Problem {
        let detail =
            switch self {
            case .unknownVersion(let version):
                "A stored segment has format version \(version), which this program cannot read."
            case .checksum(let stored, let computed):
                "A stored segment is damaged: its checksum is \(String(computed, radix: 16)), not \(String(stored, radix: 16))."
            case .truncated: "A stored segment is damaged: it ends too early."
            case .malformed(let field): "A stored segment is damaged: its \(field) is not valid."
            }
        let remedy =
            if case .unknownVersion = self {
                "Start the version of csvand that wrote the data, or a later one."
            } else {
                "Restore the dataset from a backup or upload it again."
            }
        return Problem(.storageDamaged, detail, remedy: remedy)
    }
}
