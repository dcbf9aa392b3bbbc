import Foundation

/// What standard output and standard error are connected to.
struct Terminal: Sendable {
    var outputIsTerminal: Bool
    var errorIsTerminal: Bool
    var inputIsTerminal: Bool
    /// Cells in a line of standard output; nil when it is not a terminal, so that nothing is cut in a pipe.
    var width: Int?
    var style: TextStyle

    static func current(environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
        let output = isatty(STDOUT_FILENO) == 1
        // An empty NO_COLOR counts as unset. Source: no-color.org
        let allowsColour = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        return Terminal(
            outputIsTerminal: output, errorIsTerminal: isatty(STDERR_FILENO) == 1,
            inputIsTerminal: isatty(STDIN_FILENO) == 1,
            width: output ? columns(of: STDOUT_FILENO) ?? 80 : nil,
            style: TextStyle(isColoured: output && allowsColour))
    }

    /// Cells in a line of the terminal behind `descriptor`.
    static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all bytes to standard output.
    static func write(_ text: String) { write(Data(text.utf8), to: FileHandle.standardOutput) }

    static func writeLine(_ text: String) { write(text + "\n") }

    static func writeError(_ text: String) { write(Data(text.utf8), to: FileHandle.standardError) }

    /// A reader that went away (`csvctl … | head`) ends the program through SIGPIPE; other failures have nowhere to be told.
    static func write(_ data: Data, to handle: FileHandle) { try? handle.write(contentsOf: data) }
}
