/// Which rows of a list are seen.
enum Scroll {
    /// The first row shown, so that `cursor` is seen, in the middle where possible.
    static func start(cursor: Int, count: Int, height: Int) -> Int {
        guard count > height, height > 0 else { return 0 }
        return min(max(0, cursor - height / 2), count - height)
    }

    /// The rows shown, the cursor's among them.
    static func rows<Row: Equatable>(_ rows: [Row], cursor: Row?, height: Int) -> [Row] {
        let index = cursor.flatMap { rows.firstIndex(of: $0) } ?? 0
        let start = start(cursor: index, count: rows.count, height: height)
        return Array(rows.dropFirst(start).prefix(max(0, height)))
    }
}
