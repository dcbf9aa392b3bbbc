import ArgumentParser
import Foundation
import Shared

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the daemon's whole state while it runs.")

    @Argument(help: "Where to; the daemon writes it and must be allowed to.", completion: .file())
    var path: String
    @OptionGroup var global: GlobalOptions

    func run() throws {
        // The daemon has a working directory of its own.
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let request = try ControlRequest.send(.post, ControlPath.admin("backup"), BackupRequest(path: absolute))
        try global.session().show(request.withoutTimeout(), as: BackupReply.self) { reply in
            PrintableText.line(
                "\(Quantities.bytes(reply.bytes)) in \(reply.path), "
                    + "took \(Quantities.duration(seconds: reply.elapsedMs / 1000))")
        }
    }
}
