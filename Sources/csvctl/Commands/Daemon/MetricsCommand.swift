import ArgumentParser
import Shared

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print the daemon's metrics.",
        discussion: "The answer is Prometheus text, whatever --output says.")

    @Argument(help: "Only metrics whose name or labels contain one of these texts, without the comment lines.")
    var filters: [String] = []

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        let body = try session.connection.answer(to: .get("/metrics"))
        let text = String(decoding: body, as: UTF8.self)
        let shown = PrintableText.block(filters.isEmpty ? text : Self.filtered(text, by: filters))
        Terminal.write(shown)
        if !filters.isEmpty, shown.isEmpty { throw ExitCode.failure }
    }

    /// The sample lines whose series, the value left out, contains one of the texts.
    static func filtered(_ text: String, by filters: [String]) -> String {
        var result = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let series = line.lastIndex(of: "}").map { line[...$0] } ?? line.prefix { $0 != " " }
            if filters.contains(where: { series.contains($0) }) { result += line + "\n" }
        }
        return result
    }
}
