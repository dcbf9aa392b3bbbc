import ArgumentParser
import Foundation
import Shared

struct TokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Make and revoke access tokens for HTTP.",
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a token and print it, this once.")

        @Argument(help: "What the token is for.") var name: String
        @Option(help: "What it may do.") var role: RoleArgument = RoleArgument(role: .viewer)
        @Option(help: "How long it is valid, such as 12h or 30d; for ever otherwise.") var expires: DurationArgument?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let body = TokenRequest(name: name, role: role.role, expiresInSeconds: expires?.seconds)
            try session.show(.send(.post, ControlPath.admin("tokens"), body), as: TokenReply.self) {
                TokenText.created($0, now: Date(), style: session.terminal.style)
            }
            if session.output == .table {
                Terminal.writeError("the token is not stored and cannot be shown again\n")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List tokens.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let tokens = try session.list(.get(ControlPath.admin("tokens")), of: TokenReply.self) else { return }
            session.printText(
                TokenText.list(tokens, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Make a token invalid.")

        @Argument(help: "The id of the token.") var id: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.session().perform(.delete(ControlPath.admin("tokens", id)), done: "token \(id) is revoked")
        }
    }
}

/// A role by its wire name.
struct RoleArgument: ExpressibleByArgument {
    var role: TokenRole

    init(role: TokenRole) { self.role = role }

    init?(argument: String) {
        guard let role = TokenRole(rawValue: argument) else { return nil }
        self.role = role
    }

    static var allValueStrings: [String] { TokenRole.allCases.map(\.rawValue) }

    var defaultValueDescription: String { role.rawValue }
}
