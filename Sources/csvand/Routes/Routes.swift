import Hummingbird
import Operations
import Shared

/// All routes; each resource registers its own in a file of its own.
struct Routes: Sendable {
    let workspace: Workspace
    let reloader: Reloader
    let logLevel: LogLevel

    /// What answers on a socket: the control socket (`admin`) has the admin verbs besides.
    func responder(admin: Bool) -> some HTTPResponder<CallContext> {
        let router = Router(context: CallContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: CallEnvelope(supervision: workspace.supervision))
        router.add(middleware: AddressGuard(allowedHosts: { workspace.settings.http.allowedHosts }))
        router.add(middleware: TokenGuard(access: workspace.access))
        addHealth(to: router)
        addPredictions(to: router)
        // Of the routes that follow, which is what a router's middlewares are of.
        router.add(middleware: EventLoopExit())
        addService(to: router)
        addDatasets(to: router)
        addDataRules(to: router)
        addRecipes(to: router)
        addRows(to: router)
        addSQL(to: router)
        addModels(to: router)
        addJobs(to: router)
        addIncidents(to: router)
        addAlerts(to: router)
        addQueries(to: router)
        addReceivers(to: router)
        addPages(to: router)
        if admin { addAdmin(to: router) }
        return router.buildResponder()
    }
}

extension CallContext {
    /// A path parameter, percent-decoded.
    func parameter(_ name: String) throws(Problem) -> String {
        let raw = parameters.get(name)
        // Most names have nothing to decode, which is found out faster than it is done.
        if let raw, !raw.utf8.contains(UInt8(ascii: "%")) { return raw }
        guard let value = raw?.removingPercentEncoding else {
            throw Problem(.requestBadParameter, "The path is not valid.", remedy: "Percent-encode names in paths.")
        }
        return value
    }

    /// Who acts, when the body does not say: the user of the control socket, or the token of the remote side.
    var actor: String {
        switch origin {
        case .tcp: caller.map { "token \($0.name)" } ?? "rest"
        case .control(let userID, _): UserNames.name(of: userID)
        }
    }
}
