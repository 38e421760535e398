/// A pane's title in a rule, the tabs behind it, and a note at the right.
struct PaneFrame {
    /// The key that focuses it; `nil` for a part without one.
    var number: Int?
    var title: SafeText
    var note: SafeText = ""
    /// Instead of the note where it has no room.
    var shortNote: SafeText?
    var tabs: [(pane: PaneID, badge: SafeText)] = []
    var isFocused = false

    func draw(in rect: Rect, _ look: Look, on grid: inout CellGrid) {
        grid.inside(Rect(x: rect.x, y: rect.y, width: rect.width, height: 1)) { grid in
            let rule = look[isFocused ? .borderFocus : .border]
            let line = Glyph(isFocused ? "═" : "─")
            grid.run(line, x: 0, y: 0, width: grid.width, rule)
            let name = number.map { SafeText(" \($0) ") } ?? SafeText(" ")
            let end = grid.text(
                name + title + " ", x: 1, y: 0, look[isFocused ? .titleFocus : .title],
                width: grid.width - 2)
            let tabsStart = drawTabs(after: end, look, on: &grid)
            drawNote(from: end, to: tabsStart, look, on: &grid)
        }
    }

    /// The tab at a column of the title, for the mouse.
    func tab(at column: Int, width: Int) -> PaneID? {
        let name = number.map { SafeText(" \($0) ") } ?? SafeText(" ")
        let texts = tabTexts(room: width - (1 + name.width + title.width + 1) - 3)
        var x = width - 1 - PaneFrame.width(texts) + 1
        for (text, tab) in zip(texts, tabs) {
            if column >= x, column < x + text.width { return tab.pane }
            x += text.width + 1
        }
        return nil
    }

    /// With names where there is room for them, else the numbers; empty when not even those fit.
    private func tabTexts(room: Int) -> [SafeText] {
        let named = tabs.map { SafeText("\($0.pane.rawValue)\($0.pane.tab)") + $0.badge }
        let numbered = tabs.map { SafeText("\($0.pane.rawValue)") + $0.badge }
        return [named, numbered].first { PaneFrame.width($0) <= room } ?? []
    }

    private static func width(_ texts: [SafeText]) -> Int {
        texts.reduce(0) { $0 + $1.width + 1 } + 1
    }

    /// Returns the first column the tabs take. Their names go before the tabs themselves do.
    private func drawTabs(after start: Int, _ look: Look, on grid: inout CellGrid) -> Int {
        let texts = tabTexts(room: grid.width - start - 3)
        guard !texts.isEmpty else { return grid.width - 1 }
        var x = grid.width - 1 - PaneFrame.width(texts)
        let first = x
        grid.put(.space, x: x, y: 0, look[.dim])
        x += 1
        for (text, tab) in zip(texts, tabs) {
            x = grid.text(text, x: x, y: 0, look[tab.badge.isEmpty ? .dim : .warn])
            x = grid.text(" ", x: x, y: 0, look[.dim])
        }
        return first
    }

    private func drawNote(from: Int, to: Int, _ look: Look, on grid: inout CellGrid) {
        let room = to - from - 2
        guard room >= 8, !note.isEmpty else { return }
        let shown = note.width > room - 2 ? shortNote ?? note : note
        guard !shown.isEmpty else { return }
        let text = SafeText(" ") + shown.truncated(to: room - 2) + " "
        grid.text(text, x: to - text.width - (tabs.isEmpty ? 0 : 1), y: 0, look[.dim])
    }
}

/// The upright rules between panes, joined to the titles they meet.
enum Rules {
    static func join(_ rects: [Rect], _ look: Look, on grid: inout CellGrid) {
        for rect in rects where rect.x > 0 {
            for y in rect.y..<rect.endY {
                let left = isRule(grid, rect.x - 2, y)
                let right = isRule(grid, rect.x, y)
                let isTop = !rects.contains { $0.endY == rect.y } && y == rect.y
                let glyph: Glyph =
                    switch (left, right) {
                    case (true, true): Glyph(isTop ? "┬" : "┼")
                    case (true, false): Glyph("┤")
                    case (false, true): Glyph("├")
                    case (false, false): Glyph("│")
                    }
                grid.put(glyph, x: rect.x - 1, y: y, look[.border])
            }
        }
    }

    private static func isRule(_ grid: CellGrid, _ x: Int, _ y: Int) -> Bool {
        guard x >= 0, x < grid.size.columns, y < grid.size.rows else { return false }
        let glyph = grid[x, y].glyph
        return glyph == Glyph("─") || glyph == Glyph("═")
    }
}

extension CellGrid {
    /// Takes the brightness out of what is already drawn.
    mutating func dim(_ rect: Rect) { change(rect) { $0.style.attributes.insert(.dim) } }

    /// The nearest ASCII of every cell, for fonts and links that have no more.
    mutating func foldToASCII() {
        change(Rect(size)) { cell in
            guard cell.glyph.base > 0x7E || cell.glyph.firstMark != 0 else { return }
            let fold = cell.glyph == .continuation ? nil : ASCIIFold.glyph(cell.glyph.base)
            cell.glyph = fold ?? (cell.glyph == .continuation ? .space : Glyph("?"))
        }
        change(Rect(size)) { if $0.glyph == .continuation { $0.glyph = .space } }
    }
}

/// What stands for the screen's own characters where there is only ASCII.
enum ASCIIFold {
    /// `nil` for a character that has no likeness.
    static func glyph(_ value: UInt32) -> Glyph? {
        if (0x2801...0x28FF).contains(value) { return Glyph(".") }  // Braille.
        return Unicode.Scalar(value).flatMap { table[$0] }.map { Glyph($0) }
    }

    private static let table: [Unicode.Scalar: Unicode.Scalar] = [
        "▲": "^", "▼": "v", "▬": "=", "▸": ">", "◀": "<", "■": "#", "●": "*", "○": "o",
        "✓": "x", "⚠": "!", "—": "-", "–": "-", "…": "~", "·": ".", "×": "x", "µ": "u", "±": "~",
        "─": "-", "═": "=", "│": "|", "┆": ":", "┬": "+", "┼": "+", "┤": "+", "├": "+",
        "╭": "+", "╮": "+", "╰": "+", "╯": "+", "╵": "|", "╷": "|", "█": "#", "▒": "o",
        "▀": "#", "▄": "#", "▁": "_", "▂": "_", "▃": "-", "▅": "=", "▆": "+", "▇": "*",
        "▏": "|", "▎": "|", "▍": "|", "▌": "=", "▋": "=", "▊": "#", "▉": "#", "▕": "|",
        "←": "<", "→": ">", "↑": "^", "↓": "v", "‘": "'", "’": "'", "“": "\"", "”": "\"",
    ]
}
