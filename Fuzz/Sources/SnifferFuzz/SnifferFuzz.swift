import CFuzzer
import Foundation
import Tabular

/// Whatever the bytes, the sniffer answers or refuses: one name and one type a column, rows of the sample no wider than the table.
private func fuzzSniffer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let isWhole = bytes[0] & 1 == 0
    guard let finding = try? Sniffer.sniff(Array(bytes.dropFirst()), isWhole: isWhole) else { return 0 }
    precondition(finding.names.count == finding.types.count)
    precondition(Set(finding.names).count == finding.names.count)
    precondition(!finding.names.contains(""))
    precondition(finding.sample.allSatisfy { $0.count <= finding.names.count })
    _ = finding.dialect.reply(reasons: finding.reasons)
    return 0
}

@main enum SnifferFuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzSniffer($0, $1) })
    }
}
