/// Columns and rows of a screen.
public struct GridSize: Hashable, Sendable {
    public var columns: Int
    public var rows: Int

    /// Negative counts are 0.
    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}

/// A part of the screen. Never of negative size.
struct Rect: Equatable, Sendable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    init(_ size: GridSize) { self.init(x: 0, y: 0, width: size.columns, height: size.rows) }

    var endX: Int { x + width }
    var endY: Int { y + height }
    var isEmpty: Bool { width == 0 || height == 0 }

    func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left, y: top, width: min(endX, other.endX) - left,
            height: min(endY, other.endY) - top)
    }

    func trimmed(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) -> Rect {
        Rect(
            x: x + min(left, width), y: y + min(top, height), width: width - left - right,
            height: height - top - bottom)
    }

    /// The upper part of `rows` rows, and the rest.
    func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
        let rows = min(max(0, rows), height)
        return (
            Rect(x: x, y: y, width: width, height: rows),
            Rect(x: x, y: y + rows, width: width, height: height - rows)
        )
    }

    /// The left part of `columns` columns, and the rest after a gap.
    func splitLeft(_ columns: Int, gap: Int = 0) -> (left: Rect, rest: Rect) {
        let columns = min(max(0, columns), width)
        return (
            Rect(x: x, y: y, width: columns, height: height),
            Rect(x: x + columns + gap, y: y, width: width - columns - gap, height: height)
        )
    }
}
