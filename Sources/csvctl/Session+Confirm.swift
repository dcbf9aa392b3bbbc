import Foundation

extension Session {
    /// Asks before something is lost.
    ///
    /// - Throws: `.usage` when there is nobody to ask and `yes` is not given; `.answeredNo` for any answer but `y` or `yes`.
    func confirm(_ question: String, yes: Bool) throws(CsvctlError) {
        if yes { return }
        guard terminal.inputIsTerminal else {
            throw .usage("this cannot be undone and nobody is there to be asked", remedy: "give --yes")
        }
        Terminal.writeError(PrintableText.line(question) + " [y/N] ")
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
        guard answer == "y" || answer == "yes" else { throw .answeredNo }
    }
}
