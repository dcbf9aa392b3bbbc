import ArgumentParser
import Shared

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the versions of csvctl and of the running daemon.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        if session.output == .table { session.printText("csvctl  \(ProductVersion.text)") }
        try session.show(.get("/version"), as: BuildReply.self) { build in
            PrintableText.line("csvand  \(build.version) (Swift \(build.swift), SQLite \(build.sqlite))")
        }
    }
}
