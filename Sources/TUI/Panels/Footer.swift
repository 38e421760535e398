/// The bottom line: what is being typed, a message, else the keys.
struct Footer {
    let scene: Scene

    func draw(on grid: inout CellGrid) {
        let row = grid.height - 1
        let state = scene.state
        let look = scene.look
        grid.fill(Rect(x: 0, y: row, width: grid.width, height: 1), look[.header])
        if let prompt = state.prompt {
            draw(prompt, row: row, on: &grid)
        } else if let message = state.message {
            grid.text(
                SafeText(" ") + message.text, x: 0, y: row, look[message.isBad ? .warn : .accent])
        } else {
            drawHints(row: row, on: &grid)
        }
    }

    /// The end of a line that is longer than the screen is what is seen.
    private func draw(_ prompt: Prompt, row: Int, on grid: inout CellGrid) {
        let look = scene.look
        let help = help(prompt)
        let room = max(10, grid.width - 3 - min(help.width + 2, grid.width / 2))
        let text = String(prompt.text.suffix(room - prompt.mark.count))
        let end = grid.text(
            SafeText(" \(prompt.mark)\(text)"), x: 0, y: row, look[.accent], width: grid.width - 1)
        grid.put(Glyph("█"), x: end, y: row, look[.accent])
        if let trouble = prompt.trouble {
            grid.text(SafeText(trouble), x: end + 3, y: row, look[.warn])
        } else {
            grid.text(help, x: end + 3, y: row, look[.dim])
        }
    }

    private func help(_ prompt: Prompt) -> SafeText {
        switch prompt.kind {
        case .filter:
            SafeText(
                QuotesPane.counted(scene.state.rows.count)
                    + " · !TEXT ~REGEX chg>2 z>3 · Enter keeps · Esc clears")
        case .help: "words of a command · Enter keeps · Esc shows all"
        case .command: "Tab completes · ↑ earlier · Enter runs · Esc closes"
        case .jump: "a ticker · Tab completes · Enter goes there"
        case .note: "Enter acknowledges with this note · Esc does not"
        }
    }

    private func drawHints(row: Int, on grid: inout CellGrid) {
        let look = scene.look
        var x = 1
        for command in hints {
            guard let hint = self.hint(command), let label = label(command) else { continue }
            let key = SafeText(label)
            let text = SafeText(hint)
            guard x + key.width + 1 + text.width <= grid.width else { continue }
            x = grid.text(key, x: x, y: row, look[.keyHint])
            x = grid.text(text, x: x + 1, y: row, look[.dim]) + 2
        }
    }

    /// Space pauses a replay instead of the picture.
    private func hint(_ command: Command) -> String? {
        command.action == .freeze && scene.state.replaysNow ? "pause" : command.hint
    }

    /// Neighbours share a hint: `1-8`, `j/k`, `[ ]`. `nil` for a command without a key.
    private func label(_ command: Command) -> String? {
        func first(_ action: Action) -> String? {
            CommandTable.command(action).flatMap { scene.state.keyMap.keys(of: $0).first?.label }
        }
        guard let own = scene.state.keyMap.keys(of: command).first?.label else { return nil }
        switch command.action {
        case .focus: return own == "1" ? "1-8" : own
        case .down: return first(.up).map { "\(own)/\($0)" } ?? own
        case .shorterInterval: return first(.longerInterval).map { "\(own) \($0)" } ?? own
        case .slower: return first(.faster).map { "\(own) \($0)" } ?? own
        default: return own
        }
    }

    /// The most needed first: what fits is shown.
    private var hints: [Command] {
        let replay: [Action] = scene.state.replaysNow ? [.freeze, .step, .slower] : []
        let order = replay + actions.filter { !replay.contains($0) }
        return order.compactMap { CommandTable.command($0) }
    }

    private var actions: [Action] {
        guard scene.state.drill != nil || scene.state.isZoomed else {
            return [
                .focus(.quotes), .help, .quit, .zoom, .nextPane, .down, .drill, .filter,
                .acknowledge, .sort, .shorterInterval, .freeze, .palette, .nextLayout, .copy,
                .export, .themes,
            ]
        }
        switch scene.state.focus {
        case .anomalies:
            return [
                .back, .down, .drill, .acknowledge, .acknowledgeWithNote, .acknowledgeAll,
                .undoAcknowledge, .help, .quit, .copy, .freeze, .export,
            ]
        case .quotes where scene.state.drill == nil, .aggregates where scene.state.drill == nil:
            return [
                .back, .down, .drill, .filter, .sort, .acknowledge, .help, .quit, .freeze, .copy,
                .export,
            ]
        default:
            return [
                .back, .shorterInterval, .acknowledge, .down, .indicators, .crosshair, .freeze,
                .export, .help, .quit,
            ]
        }
    }
}
