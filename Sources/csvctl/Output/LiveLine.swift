import Foundation

/// A line on standard error that is written over until it is finished. For terminals only.
struct LiveLine {
    private var isOpen = false

    /// Shows the text in place of the one before, cut to the terminal.
    mutating func show(_ text: String) {
        let width = Terminal.columns(of: STDERR_FILENO) ?? 80
        // A line that fills the last cell would scroll on some terminals.
        Terminal.writeError("\r\u{1B}[K" + DisplayWidth.truncated(text, to: width - 1))
        isOpen = true
    }

    /// Leaves the last text standing.
    mutating func finish() {
        if isOpen { Terminal.writeError("\n") }
        isOpen = false
    }

    /// Takes the last text away.
    mutating func clear() {
        if isOpen { Terminal.writeError("\r\u{1B}[K") }
        isOpen = false
    }
}
