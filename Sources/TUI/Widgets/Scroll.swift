/// Which rows of a list are seen.
enum Scroll {
    /// The first row shown, so that `cursor` is seen, in the middle where possible.
    static func start(cursor: Int, count: Int, height: Int) -> Int {
        guard count > height, height > 0 else { return 0 }
        return min(max(0, cursor - height / 2), count - height)
    }
}
