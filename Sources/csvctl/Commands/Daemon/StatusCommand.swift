import ArgumentParser
import Foundation
import Shared

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what the daemon is doing.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        try session.show(.get(ControlPath.admin("status")), as: StatusReply.self) {
            StatusText.rendered($0, now: Date(), style: session.terminal.style)
        }
    }
}
