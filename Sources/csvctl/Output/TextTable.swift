/// Rows of cells as aligned columns, for people.
struct TextTable {
    enum Alignment { case left, right }

    struct Heading {
        var title: String
        var alignment: Alignment

        static func text(_ title: String) -> Heading { Heading(title: title, alignment: .left) }
        static func number(_ title: String) -> Heading { Heading(title: title, alignment: .right) }
    }

    private let headings: [Heading]
    private var rows: [[String]] = []

    /// Below this a column is not narrowed any further: a stump says nothing.
    private static let narrowest = 6

    init(_ headings: [Heading]) { self.headings = headings }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row. Cells come from anywhere and are escaped here; missing cells are empty, cells beyond the headings are left out.
    mutating func add(_ cells: [String]) {
        rows.append(headings.indices.map { $0 < cells.count ? PrintableText.line(cells[$0]) : "" })
    }

    /// The table, without an end of line after the last row.
    ///
    /// - Parameter width: cells of the terminal that the longest line may take; nil leaves everything as long as it is.
    /// - Complexity: O(cells)
    func rendered(width: Int? = nil, style: TextStyle = .plain) -> String {
        let widths = columnWidths(limit: width)
        var lines = [style.bold(line(headings.map(\.title), widths))]
        for row in rows { lines.append(line(row, widths)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, heading) in headings.enumerated() {
            let cell = DisplayWidth.truncated(cells[index], to: widths[index])
            if index > 0 { text += "  " }
            text += DisplayWidth.padded(cell, to: widths[index], heading.alignment)
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    private func columnWidths(limit: Int?) -> [Int] {
        var widths = headings.indices.map { column in
            rows.reduce(DisplayWidth.of(headings[column].title)) { max($0, DisplayWidth.of($1[column])) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + 2 * max(0, widths.count - 1) - limit
        // Texts give way before numbers: a cut number is a wrong number.
        for alignment in [Alignment.left, .right] {
            while excess > 0 {
                let shrinkable = widths.indices.filter {
                    headings[$0].alignment == alignment && widths[$0] > Self.narrowest
                }
                guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
                // Down to the next widest at once rather than cell by cell.
                let next = shrinkable.filter { $0 != widest }.map { widths[$0] }.max() ?? Self.narrowest
                let step = min(excess, max(1, widths[widest] - max(next, Self.narrowest)))
                widths[widest] -= step
                excess -= step
            }
        }
        return widths
    }
}
