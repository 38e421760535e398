import MarketModel

/// Which lines the chart has; a letter switches one.
struct IndicatorMenu {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let all = ChartIndicator.allCases
        let box = Box(title: "CHART LINES · a letter switches · Esc closes", look: look)
        let inside = box.draw(width: 76, height: all.count + 2, on: &grid)
        grid.inside(inside) { grid in
            for (row, indicator) in all.enumerated() {
                let isOn = scene.state.choices.indicators.contains(indicator)
                grid.text(SafeText(String(indicator.key)), x: 0, y: row, look[.keyHint])
                grid.text(isOn ? "✓" : "·", x: 2, y: row, look[isOn ? .ok : .dim])
                grid.text(SafeText(indicator.rawValue), x: 4, y: row, look[.accent])
                grid.text(SafeText(indicator.meaning), x: 15, y: row, look[.base])
            }
        }
    }
}

/// What can be switched, with how it stands; Enter switches the line at the cursor.
struct SettingsMenu {
    let scene: Scene
    let cursor: Int

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let settings = scene.state.settings
        let height = min(settings.count + 4, max(3, grid.height - 2))
        let box = Box(title: "SETTINGS · Enter switches · Esc closes", look: look)
        let inside = box.draw(width: 68, height: height, on: &grid)
        let rows = max(1, inside.height - 2)
        let cursor = min(cursor, settings.count - 1)
        let start = Scroll.start(cursor: cursor, count: settings.count, height: rows)
        grid.inside(inside) { grid in
            for (row, setting) in settings.dropFirst(start).prefix(rows).enumerated() {
                draw(setting, row: row, isAt: start + row == cursor, on: &grid)
            }
            guard grid.height > rows + 1 else { return }
            let place: SafeText = "The rest: config.toml; `ticktop config paths` says where"
            grid.text(place, x: 0, y: grid.height - 1, look[.dim], width: grid.width)
        }
    }

    private func draw(_ setting: ScreenSetting, row: Int, isAt: Bool, on grid: inout CellGrid) {
        let look = scene.look
        if isAt {
            grid.fill(Rect(x: 0, y: row, width: grid.width, height: 1), look[.selection])
        }
        grid.text(isAt ? "▸" : " ", x: 0, y: row, look[.accent])
        grid.text(setting.name, x: 2, y: row, look[isAt ? .cursor : .base], width: 18)
        grid.text(setting.value, x: 21, y: row, look[.accent], width: 30)
        guard let command = CommandTable.command(setting.action) else { return }
        let key = scene.state.keyMap.label(command)
        grid.text(
            SafeText(key.isEmpty ? ":\(command.name)" : key), x: grid.width - 11, y: row,
            look[.keyHint], width: 11)
    }
}

/// The themes; the one at the cursor is what the screen looks like.
struct ThemeMenu {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let names = scene.state.themes.map(\.name)
        let height = min(names.count + 2, max(3, grid.height - 2))
        let box = Box(title: "THEME · Enter keeps · Esc does not", look: look)
        let inside = box.draw(width: 42, height: height, on: &grid)
        let cursor = scene.state.themeIndex
        let start = Scroll.start(cursor: cursor, count: names.count, height: inside.height)
        grid.inside(inside) { grid in
            for (row, name) in names.dropFirst(start).prefix(grid.height).enumerated() {
                let isAt = start + row == cursor
                if isAt {
                    grid.fill(
                        Rect(x: 0, y: row, width: grid.width, height: 1), look[.selection])
                }
                grid.text(isAt ? "▸" : " ", x: 0, y: row, look[.accent])
                grid.text(SafeText(name), x: 2, y: row, look[isAt ? .cursor : .base])
                let x = grid.text("▲1.2", x: 20, y: row, look[.up])
                grid.text("▼0.8", x: x + 1, y: row, look[.down])
                grid.text("!", x: x + 7, y: row, look[.high])
                grid.text("ok", x: x + 9, y: row, look[.ok])
            }
        }
    }
}

/// Whether all that the list shows is to be acknowledged.
struct AcknowledgeAllQuestion {
    let scene: Scene
    let count: Int

    func draw(on grid: inout CellGrid) {
        let look = scene.look
        let box = Box(title: "ACKNOWLEDGE ALL", look: look)
        let inside = box.draw(width: 54, height: 4, on: &grid)
        grid.inside(inside) { grid in
            let noun = count == 1 ? "anomaly" : "anomalies"
            let kinds = scene.state.choices.episodeFilter.name
            let which = kinds.isEmpty ? "" : " (\(kinds))"
            grid.text(
                SafeText("\(count) \(noun)\(which), as the list shows."), x: 0, y: 0, look[.base])
            let x = grid.text("y", x: 0, y: 1, look[.keyHint])
            grid.text(" acknowledges them · any other key does not", x: x, y: 1, look[.dim])
        }
    }
}

/// What the typed command can become, above the line it is typed in.
struct PaletteOverlay {
    let scene: Scene

    private static let rowsMax = 10

    func draw(on grid: inout CellGrid) {
        guard let prompt = scene.state.prompt else { return }
        let look = scene.look
        let typed = prompt.completing?.typed ?? prompt.text
        let all = scene.state.completions(of: typed)
        let rows = min(all.count, PaletteOverlay.rowsMax, grid.height - 5)
        guard rows > 0 else { return }
        let chosen = prompt.completing?.index
        let start = Scroll.start(cursor: chosen ?? 0, count: all.count, height: rows)
        let width = min(84, grid.width)
        let rect = Rect(x: 0, y: grid.height - 1 - rows, width: width, height: rows)
        drawEdge(
            in: Rect(x: 0, y: rect.y - 1, width: width, height: 1), rows, of: all.count, on: &grid)
        grid.fill(rect, look[.base])
        grid.inside(rect) { grid in
            for (row, completion) in all.dropFirst(start).prefix(rows).enumerated() {
                let isAt = start + row == chosen
                if isAt {
                    grid.fill(Rect(x: 0, y: row, width: width, height: 1), look[.selection])
                }
                grid.text("│", x: 0, y: row, look[.borderFocus])
                grid.text(isAt ? "▸" : " ", x: 1, y: row, look[.accent])
                grid.text(
                    SafeText(completion.name), x: 2, y: row, look[isAt ? .cursor : .title],
                    width: 19)
                grid.text(SafeText(completion.keys), x: 22, y: row, look[.keyHint], width: 11)
                grid.text(
                    SafeText(completion.meaning), x: 34, y: row, look[.dim],
                    width: max(0, width - 36))
                grid.text("│", x: width - 1, y: row, look[.borderFocus])
            }
        }
    }

    /// Above the list, with how much of it is shown.
    private func drawEdge(in rect: Rect, _ shown: Int, of count: Int, on grid: inout CellGrid) {
        let style = scene.look[.borderFocus]
        grid.fill(rect, scene.look[.base])
        grid.inside(rect) { grid in
            grid.run(Glyph("─"), x: 1, y: 0, width: grid.width - 2, style)
            grid.put(Glyph("╭"), x: 0, y: 0, style)
            grid.put(Glyph("╮"), x: grid.width - 1, y: 0, style)
            let text = count > shown ? " \(shown) of \(count) " : " \(count) "
            grid.text(SafeText(text), x: 2, y: 0, scene.look[.dim])
        }
    }
}
