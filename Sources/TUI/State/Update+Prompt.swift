import MarketModel

extension ScreenState {
    /// A key while a line is typed.
    mutating func type(_ key: Key, _ now: Timestamp) -> [ScreenCommand] {
        guard var line = prompt else { return [] }
        switch key {
        case .control("c"): return [.quit]
        case .escape:
            if line.kind == .filter { setFilter("", now) }
            if line.kind == .help { helpFilter = "" }
            prompt = nil
            return []
        case .enter:
            prompt = nil
            return accept(line, now)
        case .up where line.kind == .filter, .down where line.kind == .filter:
            prompt = nil
            return perform(key == .up ? .up : .down, now)
        case .up, .down: recall(&line, older: key == .up)
        case .tab, .backTab: complete(&line, by: key == .tab ? 1 : -1)
        case .backspace, .delete:
            // Deleting from an empty line leaves it.
            if line.text.isEmpty {
                prompt = nil
                return []
            }
            line.text.removeLast()
            line.completing = nil
        case .control("u"): line.text = ""
        case .control("w"): line.text = Prompt.withoutLastWord(line.text)
        case .character(let character):
            guard line.text.count < Prompt.lengthMax, !character.isNewline else { return [] }
            line.text.append(character)
            line.completing = nil
        default: return []
        }
        line.trouble = nil
        prompt = line
        if line.kind == .filter {
            line.trouble = setFilter(line.text, now)
            prompt = line
        }
        if line.kind == .help {
            helpFilter = line.text
            overlayOffset = 0
        }
        return []
    }

    /// The filter in force while it is typed; why it is none, when it is none.
    @discardableResult
    mutating func setFilter(_ text: String, _ now: Timestamp) -> String? {
        do {
            filter = try TickerFilter(text)
            arrange(now)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private mutating func accept(_ line: Prompt, _ now: Timestamp) -> [ScreenCommand] {
        switch line.kind {
        case .filter:
            if let trouble = line.trouble { say(SafeText(trouble), bad: true, now) }
            return []
        case .help: return []
        case .jump:
            if let commands = replayGoal(line.text, now) { return commands }
            jump(to: line.text, now)
            return []
        case .note(let id): return acknowledge(ids: [id], note: line.text, now)
        case .command: return run(line.text, now)
        }
    }

    private func recall(_ line: inout Prompt, older: Bool) {
        guard line.kind == .command else { return }
        let history = choices.history
        let index = (line.historyIndex ?? history.count) + (older ? -1 : 1)
        guard index >= 0 else { return }
        line.historyIndex = index < history.count ? index : nil
        line.text = index < history.count ? history[index] : ""
        line.completing = nil
    }

    private func complete(_ line: inout Prompt, by step: Int) {
        let typed = line.completing?.typed ?? line.text
        let lines: [String]
        switch line.kind {
        case .command: lines = completions(of: typed).map(\.line)
        case .jump:
            lines = knownTickers.map(\.description).filter {
                $0.uppercased().hasPrefix(typed.uppercased())
            }
        case .filter, .help, .note: return
        }
        guard !lines.isEmpty else { return }
        let index =
            line.completing.map { ($0.index + step + lines.count) % lines.count }
            ?? (step > 0 ? 0 : lines.count - 1)
        line.text = lines[index]
        line.completing = (typed, index)
    }

    // MARK: - The palette

    /// A line of the palette: a command, with what it takes, or a ticker to go to.
    mutating func run(_ line: String, _ now: Timestamp) -> [ScreenCommand] {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = words.first else { return [] }
        choices.history.removeAll { $0 == line }
        choices.history = choices.history.suffix(ScreenChoices.historyMax - 1) + [line]
        let argument = words.count > 1 ? words[1].trimmed : ""
        if let command = CommandTable.command(named: name == "q" ? "quit" : name) {
            guard !argument.isEmpty else { return perform(command.action, now) }
            guard command.argument != nil else {
                say(SafeText("\(command.name) takes nothing after it"), bad: true, now)
                return []
            }
            return run(command, argument, now)
        }
        if words.count == 1, knownTickers.contains(where: { $0.matches(name) }) {
            jump(to: name, now)
            return []
        }
        let near = CommandTable.commands.filter { $0.name.hasPrefix(name.lowercased()) }
        if near.count == 1 {
            return argument.isEmpty ? perform(near[0].action, now) : run(near[0], argument, now)
        }
        let hint = near.isEmpty ? "" : ": " + near.map(\.name).joined(separator: ", ") + "?"
        say(SafeText("no command \(name)\(hint)"), bad: true, now)
        return []
    }

    private mutating func run(_ command: Command, _ argument: String, _ now: Timestamp)
        -> [ScreenCommand]
    {
        switch command.argument {
        case .ticker:
            if let commands = replayGoal(argument, now) { return commands }
            jump(to: argument, now)
        case .speed:
            if let commands = setSpeed(argument.lowercased(), now) { return commands }
            say("speed: a number such as 0.5 or 60, or max", bad: true, now)
        case .onOff where ["on", "off"].contains(argument.lowercased()):
            return record(argument.lowercased() == "on", now)
        case .filter:
            focus(.quotes)
            if let trouble = setFilter(argument, now) { say(SafeText(trouble), bad: true, now) }
        case .note:
            guard let chosen = selectedEpisode else { break }
            return acknowledge(ids: [chosen.episode.id], note: argument, now)
        case .export: return runExport(argument, now)
        default:
            guard choose(command, argument.lowercased(), now) else {
                let choices = choices(command.argument ?? .filter).joined(separator: ", ")
                say(SafeText("\(command.name): one of \(choices)"), bad: true, now)
                break
            }
        }
        return []
    }

    /// False when there is no such choice.
    private mutating func choose(_ command: Command, _ name: String, _ now: Timestamp) -> Bool {
        switch command.argument {
        case .sortColumn:
            guard let column = SortOrder.named(name) else { return false }
            resort(SortOrder(column: column), now)
        case .group:
            let known = options.groups.first { $0.name.lowercased() == name }
            guard known != nil || name == "all" else { return false }
            choose(group: known?.name, now)
        case .layout:
            guard let layout = LayoutPreset(rawValue: name) else { return false }
            choose(layout: layout, now)
        case .interval:
            guard let interval = BarInterval(name: name) else { return false }
            choose(interval: interval)
        case .theme:
            guard let index = themes.firstIndex(where: { $0.name.lowercased() == name })
            else { return false }
            themeIndex = index
            keepTheme()
        case .clock:
            guard let zone = ClockZone(rawValue: name) else { return false }
            choices.clock = zone
        case .chartStyle:
            guard let style = ChartStyle(rawValue: name) else { return false }
            choices.chartStyle = style
        case .indicator:
            guard let indicator = ChartIndicator(rawValue: name) else { return false }
            choices.indicators.formSymmetricDifference([indicator])
        case .anomalyState, .severity, .anomalyKind: return filterEpisodes(command, name)
        case .ticker, .filter, .note, .export, .speed, .onOff, nil: return false
        }
        return true
    }

    private mutating func runExport(_ argument: String, _ now: Timestamp) -> [ScreenCommand] {
        let words = argument.lowercased().split(separator: " ").map(String.init)
        let format = words.compactMap { ExportFormat(rawValue: $0) }.first
        let pane = words.compactMap { name in PaneID.allCases.first { $0.name == name } }.first
        guard let format, words.count == (pane == nil ? 1 : 2) else {
            let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            say(SafeText("export: a pane, if only one is meant, and \(formats)"), bad: true, now)
            return []
        }
        return [.export(format, pane)]
    }

    /// The cursor on the ticker, whatever filter or group hid it; in a drill-in that ticker.
    mutating func jump(to name: String, _ now: Timestamp) {
        let known = knownTickers
        let found =
            known.first { $0.matches(name) }
            ?? known.first { $0.description.uppercased().hasPrefix(name.uppercased()) }
        guard let found, !name.isEmpty else {
            return say(SafeText("no ticker \(name)"), bad: true, now)
        }
        if !rows.contains(found) {
            filter = .all
            choices.group = nil
            arrange(now)
        }
        selection = found
        if drill != nil { drill(into: found) }
    }
}

extension Symbol {
    fileprivate func matches(_ name: String) -> Bool {
        description.uppercased() == name.uppercased()
    }
}

extension Prompt {
    fileprivate static func withoutLastWord(_ text: String) -> String {
        let rest = text.trimmed
        guard let space = rest.lastIndex(of: " ") else { return "" }
        return String(rest[...space])
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
