/// The bottom line: the filter while it is typed, a message, else the keys.
struct Footer {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let row = grid.height - 1
        let state = scene.state
        let look = scene.look
        grid.fill(Rect(x: 0, y: row, width: grid.width, height: 1), look[.header])
        if state.isFiltering {
            let end = grid.text(SafeText(" /\(state.filter)"), x: 0, y: row, look[.accent])
            grid.put(Glyph("█"), x: end, y: row, look[.accent])
            grid.text(
                SafeText(
                    "  \(state.rows.count) tickers · !TEXT excludes · Enter keeps · Esc clears"),
                x: end + 1, y: row, look[.dim])
        } else if let message = state.message {
            grid.text(
                SafeText(" ") + message.text, x: 0, y: row, look[message.isBad ? .warn : .accent])
        } else {
            drawHints(row: row, on: &grid)
        }
    }

    private func drawHints(row: Int, on grid: inout CellGrid) {
        let look = scene.look
        var x = 1
        for binding in hints {
            guard let hint = binding.hint else { continue }
            let key = SafeText(binding.action == .focus(.quotes) ? "1-8" : firstKey(binding))
            let text = SafeText(hint)
            guard x + key.width + 1 + text.width <= grid.width else { continue }
            x = grid.text(key, x: x, y: row, look[.keyHint])
            x = grid.text(text, x: x + 1, y: row, look[.dim]) + 2
        }
    }

    private func firstKey(_ binding: KeyBinding) -> String {
        if binding.action == .down { return "j/k" }
        if binding.action == .shorterInterval { return "[ ]" }
        return String(binding.label.prefix { $0 != " " })
    }

    /// The most needed first: what fits is shown.
    private var hints: [KeyBinding] {
        let order: [Action] =
            scene.state.drill != nil || scene.state.isZoomed
            ? [.back, .shorterInterval, .acknowledge, .down, .freeze, .export, .help, .quit]
            : [
                .focus(.quotes), .help, .zoom, .nextPane, .down, .drill, .filter, .acknowledge,
                .quit, .sort, .shorterInterval, .freeze, .export, .nextTheme,
            ]
        return order.compactMap { action in KeyTable.bindings.first { $0.action == action } }
    }
}
