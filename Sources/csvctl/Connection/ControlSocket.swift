/// Where the control socket is when no option names it.
enum ControlSocket {
    /// `CSVAND_SOCKET`, else the socket in `RUNTIME_DIRECTORY`, else the installed place. An empty variable counts as unset.
    static func defaultPath(environment: [String: String]) -> String {
        if let path = environment["CSVAND_SOCKET"], !path.isEmpty { return path }
        // systemd joins several runtime directories with colons.
        if let directory = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first {
            return directory + "/csvand.sock"
        }
        return "/run/csvand/csvand.sock"
    }
}
