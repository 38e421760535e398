/// One character cell of the screen.
public struct Cell: Hashable, Sendable {
    var glyph: Glyph
    public var style: Style

    /// Empty for the right half of a wide character.
    public var text: String { glyph.text }
}

/// A picture of the screen, made of cells.
///
/// Drawing is relative to `area` and clipped by it; a wide character is never halved: where only
/// one column is left, or one of its halves is drawn over, a space takes its place.
public struct CellGrid: Equatable, Sendable {
    public let size: GridSize
    public private(set) var cells: [Cell]
    /// Where drawing goes now, in columns and rows of the whole grid.
    private(set) var area: Rect
    private let base: Style

    public init(size: GridSize, style: Style = Style()) {
        self.size = size
        base = style
        cells = Array(
            repeating: Cell(glyph: .space, style: style), count: size.columns * size.rows)
        area = Rect(size)
    }

    public subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

    var width: Int { area.width }
    var height: Int { area.height }

    /// Draws with coordinates relative to `rect` (itself relative to the present area), clipped to
    /// both.
    mutating func inside(_ rect: Rect, _ draw: (inout CellGrid) -> Void) {
        let outer = area
        let moved = Rect(
            x: outer.x + rect.x, y: outer.y + rect.y, width: rect.width, height: rect.height)
        area = moved.intersection(outer)
        draw(&self)
        area = outer
    }

    /// Puts a glyph; a background of `.terminal` leaves what lies beneath, and a reversed cell
    /// stays reversed.
    mutating func put(_ glyph: Glyph, x: Int, y: Int, _ style: Style) {
        guard x >= 0, y >= 0, x < area.width, y < area.height else { return }
        let index = (area.y + y) * size.columns + area.x + x
        if glyph.width == 2 {
            guard x + 1 < area.width else {
                set(index, .space, style)
                return
            }
            set(index, glyph, style)
            set(index + 1, .continuation, style)
        } else {
            set(index, glyph, style)
        }
    }

    private mutating func set(_ index: Int, _ glyph: Glyph, _ style: Style) {
        let column = index % size.columns
        if glyph != .continuation, cells[index].glyph == .continuation, column > 0 {
            cells[index - 1].glyph = .space
        }
        if column + 1 < size.columns, cells[index + 1].glyph == .continuation {
            cells[index + 1].glyph = .space
        }
        var style = style
        if style.background == .terminal { style.background = cells[index].style.background }
        if cells[index].style.attributes.contains(.reverse) { style.attributes.insert(.reverse) }
        cells[index] = Cell(glyph: glyph, style: style)
    }

    /// Writes a text, cut with an ellipsis to `width` columns; returns the column after it.
    @discardableResult
    mutating func text(
        _ text: SafeText, x: Int, y: Int, _ style: Style, width: Int = .max, align: Align = .left
    ) -> Int {
        let room = min(width, area.width - x)
        guard room > 0, y >= 0, y < area.height else { return x }
        let shown = text.truncated(to: room)
        let slack = width == .max ? 0 : room - shown.width
        var column = x + (align == .left ? 0 : align == .right ? slack : slack / 2)
        for glyph in shown.glyphs {
            put(glyph, x: column, y: y, style)
            column += glyph.width
        }
        return column
    }

    /// Clears a part to spaces, whatever was there before.
    mutating func fill(_ rect: Rect, _ style: Style, glyph: Glyph = .space) {
        for y in rect.y..<rect.endY {
            for x in rect.x..<rect.endX {
                guard x >= 0, y >= 0, x < area.width, y < area.height else { continue }
                let index = (area.y + y) * size.columns + area.x + x
                cells[index].style = base
                set(index, glyph, style)
            }
        }
    }

    /// Changes what is already there, cell by cell, within a part of the present area.
    mutating func change(_ rect: Rect, _ change: (inout Cell) -> Void) {
        let part = Rect(
            x: area.x + rect.x, y: area.y + rect.y, width: rect.width, height: rect.height
        ).intersection(area)
        for y in part.y..<part.endY {
            for x in part.x..<part.endX { change(&cells[y * size.columns + x]) }
        }
    }
}

enum Align { case left, center, right }
