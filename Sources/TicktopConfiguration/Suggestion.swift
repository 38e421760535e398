/// Finds the name that was probably meant.
public enum Suggestion {
    /// The nearest of `names`, at most one slip in three letters away; `nil` when none is that
    /// near.
    public static func nearest(to text: String, among names: [String]) -> String? {
        let ranked = names.map { (name: $0, slips: slips(Array(text.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.slips < $1.slips }) else { return nil }
        return best.slips <= max(1, text.utf8.count / 3) ? best.name : nil
    }

    /// Insertions, deletions, changes and swaps of neighbours that turn one into the other.
    private static func slips(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [Array(0...right.count)]
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    rows[row][column + 1] + 1, current[column] + 1,
                    rows[row][column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], other == left[row - 1] {
                    best = min(best, rows[row - 1][column - 1] + 1)
                }
                current.append(best)
            }
            rows.append(current)
        }
        return rows[left.count][right.count]
    }
}
