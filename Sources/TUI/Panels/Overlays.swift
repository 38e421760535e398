/// A box in the middle of the screen, over everything else.
struct Box {
    let title: SafeText
    let look: Look

    /// Draws the frame and clears its inside; returns the inside, relative to the grid's area.
    func draw(width: Int, height: Int, on grid: inout CellGrid) -> Rect {
        let width = min(width, grid.width)
        let height = min(height, grid.height)
        let rect = Rect(
            x: (grid.width - width) / 2, y: (grid.height - height) / 2, width: width, height: height
        )
        grid.fill(rect, look[.base])
        let style = look[.borderFocus]
        for x in rect.x..<rect.endX {
            grid.put(Glyph("─"), x: x, y: rect.y, style)
            grid.put(Glyph("─"), x: x, y: rect.endY - 1, style)
        }
        for y in rect.y..<rect.endY {
            grid.put(Glyph("│"), x: rect.x, y: y, style)
            grid.put(Glyph("│"), x: rect.endX - 1, y: y, style)
        }
        grid.put(Glyph("╭"), x: rect.x, y: rect.y, style)
        grid.put(Glyph("╮"), x: rect.endX - 1, y: rect.y, style)
        grid.put(Glyph("╰"), x: rect.x, y: rect.endY - 1, style)
        grid.put(Glyph("╯"), x: rect.endX - 1, y: rect.endY - 1, style)
        grid.text(
            SafeText(" ") + title + " ", x: rect.x + 2, y: rect.y, look[.titleFocus],
            width: width - 4)
        return rect.trimmed(top: 1, bottom: 1, left: 2, right: 2)
    }
}

/// Every key, from the key table; scrolled where the screen is too low for all.
struct HelpOverlay {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let columns = grid.width >= 110 ? 2 : 1
        let all = lines
        let rows = min((all.count + columns - 1) / columns, max(1, grid.height - 2))
        let isLong = rows * columns < all.count
        let first = min(scene.state.helpOffset, all.count - rows * columns)
        let shown = all.dropFirst(max(0, first)).prefix(rows * columns)
        let title: SafeText =
            isLong ? "KEYS · j/k more · any other closes" : "KEYS · any key closes"
        let box = Box(title: title, look: look)
        let inside = box.draw(width: columns * 56, height: rows + 2, on: &grid)
        grid.inside(inside) { grid in
            for (index, line) in shown.enumerated() {
                let x = index / rows * 54
                grid.text(SafeText(line.key), x: x, y: index % rows, look[.keyHint], width: 12)
                grid.text(
                    SafeText(line.meaning), x: x + 13, y: index % rows, look[.base],
                    width: (columns == 1 ? grid.width : 52) - 13)
            }
        }
    }

    /// The panes' eight keys are one line.
    private var lines: [(key: String, meaning: String)] {
        var lines = [(key: "1-8", meaning: "focus the pane of that number")]
        for binding in KeyTable.bindings {
            if case .focus = binding.action { continue }
            lines.append((binding.label, binding.meaning))
        }
        return lines
    }
}

/// What `e` offers.
struct ExportMenu {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let formats = ExportFormat.allCases
        let box = Box(title: "EXPORT · Esc closes", look: look)
        let inside = box.draw(width: 66, height: formats.count + 2, on: &grid)
        grid.inside(inside) { grid in
            for (row, format) in formats.enumerated() {
                grid.text(SafeText(String(format.key)), x: 0, y: row, look[.keyHint])
                grid.text(SafeText(format.rawValue), x: 3, y: row, look[.accent])
                grid.text(SafeText(format.meaning), x: 9, y: row, look[.base])
            }
        }
    }
}
