/// A row of figures as a row of eighth blocks.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█".unicodeScalars).map { Glyph($0) }

    /// The newest `width` values, from their least to their largest; level values lie in the
    /// middle.
    static func text(_ values: [Double], width: Int) -> SafeText {
        let shown = values.filter(\.isFinite).suffix(max(0, width))
        guard let low = shown.min(), let high = shown.max() else { return SafeText(glyphs: []) }
        let range = high - low
        return SafeText(
            glyphs: shown.map { value in
                let share = range > 0 ? (value - low) / range : 0.4
                return blocks[min(7, max(0, Int(share * 7.999)))]
            })
    }

    /// Of a column of `rows` cells filled from below to `share` of its height, the cell in a row
    /// counted from the top; `nil` for an empty one.
    static func cell(share: Double, row: Int, of rows: Int) -> Glyph? {
        let eighths = Int((min(max(share, 0), 1) * Double(rows * 8)).rounded(.up))
        let filled = eighths - (rows - 1 - row) * 8
        return filled <= 0 ? nil : blocks[min(filled, 8) - 1]
    }

    /// A bar of eighth blocks lying on its side, `width` cells long when the share is 1.
    static func bar(share: Double, width: Int) -> SafeText {
        let eighths = Int((min(max(share, 0), 1) * Double(max(0, width) * 8)).rounded())
        let rest = Array(" ▏▎▍▌▋▊▉".unicodeScalars).map { Glyph($0) }[eighths % 8]
        let full = Array(repeating: Glyph("█"), count: eighths / 8)
        return SafeText(glyphs: rest == .space ? full : full + [rest])
    }
}
