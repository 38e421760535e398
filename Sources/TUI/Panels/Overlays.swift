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

/// Every command with its keys, by topic; scrolled where the screen is too low for all.
struct HelpOverlay {
    let scene: Scene

    struct Line {
        var key: String
        var name: String
        var meaning: String
        var isHead = false
    }

    func draw(on grid: inout CellGrid) {
        let columns = grid.width >= 120 ? 2 : 1
        let filter = scene.state.helpFilter
        let all = HelpOverlay.lines(
            scene.state.keyMap, matching: filter, first: HelpOverlay.topic(scene.state.focus))
        let rows = max(1, min((all.count + columns - 1) / columns, grid.height - 2))
        let isLong = rows * columns < all.count
        let first = min(scene.state.overlayOffset, all.count - rows * columns)
        let shown = all.dropFirst(max(0, first)).prefix(rows * columns)
        let more = isLong ? "j/k more · " : ""
        let title =
            filter.isEmpty
            ? SafeText("KEYS · \(more)/ find · any other key closes")
            : SafeText("KEYS · \(more)/\(filter) · Esc shows all")
        let box = Box(title: title, look: scene.look)
        let width = columns == 2 ? 58 : min(76, grid.width - 4)
        let inside = box.draw(width: columns * width + 4, height: rows + 2, on: &grid)
        grid.inside(inside) { grid in
            if all.isEmpty {
                grid.text("no command has these words", x: 0, y: 0, scene.look[.dim])
            }
            for (index, line) in shown.enumerated() {
                let place = Rect(
                    x: index / rows * width, y: index % rows, width: width - 1, height: 1)
                grid.inside(place) { draw(line, on: &$0) }
            }
        }
    }

    private func draw(_ line: Line, on grid: inout CellGrid) {
        let look = scene.look
        guard !line.isHead else {
            grid.text(SafeText(line.meaning), x: 0, y: 0, look[.title])
            return
        }
        grid.text(SafeText(line.key), x: 0, y: 0, look[.keyHint], width: 11)
        let hasName = grid.width >= 70
        if hasName { grid.text(SafeText(line.name), x: 12, y: 0, look[.dim], width: 17) }
        let x = hasName ? 30 : 12
        grid.text(
            SafeText(line.meaning), x: x, y: 0, look[.base], width: max(0, grid.width - x))
    }

    /// What somebody who looks at this pane asks for first.
    static func topic(_ pane: PaneID) -> Command.Topic {
        switch pane {
        case .chart: .chart
        case .anomalies: .anomalies
        case .pipeline: .feed
        case .quotes, .aggregates, .features, .news, .market: .panes
        }
    }

    /// Those with each of the words in key, name or meaning, under their topics.
    static func lines(_ keys: KeyMap, matching words: String, first: Command.Topic = .panes)
        -> [Line]
    {
        let words = words.lowercased().split(separator: " ")
        guard !words.isEmpty else { return lines(keys, first: first) }
        var kept: [Line] = []
        for line in lines(keys, first: first) {
            if line.isHead {
                if kept.last?.isHead == true { kept.removeLast() }
                kept.append(line)
            } else {
                let text = "\(line.key) \(line.name) \(line.meaning)".lowercased()
                if words.allSatisfy({ text.contains($0) }) { kept.append(line) }
            }
        }
        if kept.last?.isHead == true { kept.removeLast() }
        return kept
    }

    /// The panes' eight keys are one line while nobody has changed them.
    private static func lines(_ keys: KeyMap, first: Command.Topic) -> [Line] {
        var lines: [Line] = []
        for topic in [first] + Command.Topic.allCases.filter({ $0 != first }) {
            lines.append(Line(key: "", name: "", meaning: topic.rawValue, isHead: true))
            let commands = CommandTable.commands.filter { $0.topic == topic }
            let focusing = commands.filter { if case .focus = $0.action { true } else { false } }
            let isPlain = focusing.map { keys.keys(of: $0) } == focusing.map(\.standardKeys)
            if isPlain, !focusing.isEmpty {
                lines.append(
                    Line(key: "1-8", name: "quotes …", meaning: "focus the pane of that number"))
            }
            for command in commands {
                if isPlain, case .focus = command.action { continue }
                let label = keys.label(command)
                lines.append(
                    Line(
                        key: label.isEmpty ? ":" : label, name: command.name,
                        meaning: command.meaning))
            }
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
        let inside = box.draw(width: 70, height: formats.count + 4, on: &grid)
        grid.inside(inside) { grid in
            for (row, format) in formats.enumerated() {
                grid.text(SafeText(String(format.key)), x: 0, y: row, look[.keyHint])
                grid.text(SafeText(format.rawValue), x: 3, y: row, look[.accent])
                grid.text(SafeText(format.meaning), x: 11, y: row, look[.base])
            }
            let pane = scene.state.focus.title
            grid.text(
                SafeText("With Shift only \(pane)."), x: 0, y: formats.count + 1, look[.dim])
        }
    }
}
