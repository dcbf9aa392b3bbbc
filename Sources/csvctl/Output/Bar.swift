/// Horizontal bars of eighth blocks.
enum Bar {
    private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// A bar of `share` (0 ... 1) of `width` cells; anything above nothing shows at least an eighth.
    static func text(_ share: Double, width: Int) -> String {
        guard share.isFinite, share > 0, width > 0 else { return "" }
        let units = max(1, Int((min(1, share) * Double(width) * 8).rounded()))
        var bar = String(repeating: "█", count: units / 8)
        if units % 8 > 0 { bar.append(eighths[units % 8 - 1]) }
        return bar
    }

    /// A bar to the left of the axis for a negative share (-1 ... 1), to the right for a positive one.
    static func signed(_ share: Double, halfWidth: Int) -> String {
        guard share.isFinite else { return String(repeating: " ", count: halfWidth) + "│" }
        if share < 0 {
            // Only whole cells can be flush with an axis to their right.
            let cells = max(1, Int((min(1, -share) * Double(halfWidth)).rounded()))
            return String(repeating: " ", count: halfWidth - min(cells, halfWidth))
                + String(repeating: "█", count: min(cells, halfWidth)) + "│"
        }
        return String(repeating: " ", count: halfWidth) + "│" + text(share, width: halfWidth)
    }
}
