import ArgumentParser
import Foundation
import Shared

struct AlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "List alerts that are pending or firing.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        guard let alerts = try session.list(.get(ControlPath.api("alerts")), of: AlertReply.self) else { return }
        session.printText(
            AlertText.alerts(alerts, now: Date(), width: session.terminal.width, style: session.terminal.style))
    }
}
