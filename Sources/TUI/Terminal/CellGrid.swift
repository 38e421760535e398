#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One character cell of the screen.
public struct Cell: Hashable, BitwiseCopyable, Sendable {
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

    /// Visits the cells that are not what they were in a grid of the same size, row by row; all of
    /// them without one. The right halves of wide characters are left out.
    func visitChanges(since other: CellGrid?, _ visit: (Cell, _ row: Int, _ column: Int) -> Void) {
        let columns = size.columns
        cells.withUnsafeBufferPointer { new in
            guard let other, other.size == size else {
                for (index, cell) in new.enumerated() where cell.glyph != .continuation {
                    visit(cell, index / columns, index % columns)
                }
                return
            }
            other.cells.withUnsafeBufferPointer { old in
                for row in 0..<size.rows {
                    let places = row * columns..<(row + 1) * columns
                    let (new, old) = (new.extracting(places), old.extracting(places))
                    // Most rows are what they were; a cell is two words without a gap.
                    guard let start = new.baseAddress, let before = old.baseAddress,
                        memcmp(start, before, columns * MemoryLayout<Cell>.stride) != 0
                    else { continue }
                    for column in 0..<columns where new[column] != old[column] {
                        guard new[column].glyph != .continuation else { continue }
                        visit(new[column], row, column)
                    }
                }
            }
        }
    }

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
            // Both halves look alike, whatever lay beneath each: they are one character.
            let whole = cells[index].style
            set(index + 1, .continuation, whole)
            cells[index + 1].style = whole
        } else {
            set(index, glyph, style)
        }
    }

    /// No row begins with the right half of a wide character, so the neighbours may be looked at
    /// without asking where the row ends.
    private mutating func set(_ index: Int, _ glyph: Glyph, _ style: Style) {
        let beneath = cells[index]
        if glyph != .continuation, beneath.glyph == .continuation {
            cells[index - 1].glyph = .space
        }
        if index + 1 < cells.count, cells[index + 1].glyph == .continuation {
            cells[index + 1].glyph = .space
        }
        cells[index] = Cell(glyph: glyph, style: style.over(beneath.style))
    }

    /// Writes a text, cut with an ellipsis to `width` columns, in the order in which it is read;
    /// returns the column after it.
    @discardableResult
    mutating func text(
        _ text: SafeText, x: Int, y: Int, _ style: Style, width: Int = .max, align: Align = .left
    ) -> Int {
        let room = min(width, area.width - x)
        guard room > 0, y >= 0, y < area.height else { return x }
        let shown = text.truncated(to: room)
        let slack = width == .max ? 0 : room - shown.width
        var column = x + (align == .left ? 0 : align == .right ? slack : slack / 2)
        if let plain = shown.plain {
            put(plain, x: column, y: y, style)
            return column + shown.width
        }
        for glyph in VisualOrder.glyphs(shown.glyphs) {
            put(glyph, x: column, y: y, style)
            column += glyph.width
        }
        return column
    }

    /// Printable ASCII, a column a byte, in a row of the area.
    private mutating func put(_ plain: String, x: Int, y: Int, _ style: Style) {
        let left = max(0, -x)
        overwrite(row: y, from: x, to: x + plain.utf8.count) { cells in
            for (index, byte) in plain.utf8.dropFirst(left).prefix(cells.count).enumerated() {
                let glyph = Glyph(Unicode.Scalar(byte))
                cells[index] = Cell(glyph: glyph, style: style.over(cells[index].style))
            }
        }
    }

    /// The same narrow glyph along a row.
    mutating func run(_ glyph: Glyph, x: Int, y: Int, width: Int, _ style: Style) {
        overwrite(row: y, from: x, to: x + width) { cells in
            for index in cells.indices {
                cells[index] = Cell(glyph: glyph, style: style.over(cells[index].style))
            }
        }
    }

    /// Clears a part to spaces, whatever was there before.
    mutating func fill(_ rect: Rect, _ style: Style) {
        let cell = Cell(glyph: .space, style: style.over(base))
        for y in rect.y..<rect.endY {
            overwrite(row: y, from: rect.x, to: rect.endX) { $0.update(repeating: cell) }
        }
    }

    /// What a part of the present area holds, row by row; empty when it does not lie within it.
    func cells(of rect: Rect) -> [Cell] {
        guard let rows = rows(of: rect) else { return [] }
        return rows.flatMap { cells[$0..<$0 + rect.width] }
    }

    /// Puts back what `cells(of:)` told of a part of the same size.
    mutating func replace(_ rect: Rect, with kept: [Cell]) {
        guard let rows = rows(of: rect), kept.count == rect.width * rect.height else { return }
        for (index, row) in rows.enumerated() {
            let start = index * rect.width
            cells.replaceSubrange(
                row..<row + rect.width, with: kept[start..<start + rect.width])
        }
    }

    /// Where the rows of a part of the present area begin; `nil` when it does not lie within it.
    private func rows(of rect: Rect) -> [Int]? {
        guard rect.x >= 0, rect.y >= 0, rect.endX <= area.width, rect.endY <= area.height else {
            return nil
        }
        return (rect.y..<rect.endY).map { (area.y + $0) * size.columns + area.x + rect.x }
    }

    /// Hands out the cells of a row of the area, as far as it reaches, after the halves of wide
    /// characters at its ends have become spaces.
    private mutating func overwrite(
        row y: Int, from x: Int, to endX: Int, _ body: (UnsafeMutableBufferPointer<Cell>) -> Void
    ) {
        guard y >= 0, y < area.height else { return }
        let start = (area.y + y) * size.columns + area.x
        let first = start + max(0, x)
        let end = start + min(area.width, endX)
        guard first < end else { return }
        if cells[first].glyph == .continuation { cells[first - 1].glyph = .space }
        if end < cells.count, cells[end].glyph == .continuation { cells[end].glyph = .space }
        cells.withUnsafeMutableBufferPointer { body($0.extracting(first..<end)) }
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
