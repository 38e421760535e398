import MarketModel

extension ScreenState {
    /// A key while something lies over the panes; `nil` leaves it to the key map.
    mutating func pressInOverlay(_ key: Key, _ now: Timestamp) -> [ScreenCommand]? {
        let action = keyMap.action(for: key)
        if let action, [.quit, .suspend, .redraw].contains(action), key != .character("q") {
            return nil
        }
        switch overlay {
        case .help: return readHelp(key, action)
        case .export: return chooseExport(key)
        case .settings(let line): return changeSetting(at: line, key, action, now)
        case .indicators: return chooseIndicator(key)
        case .themes(let before): return chooseTheme(action, before: before, now)
        case .episode(let id): return readEpisode(id, action, now)
        case .article(_, let symbol): return readArticle(symbol, action, now)
        case .acknowledgeAll(let ids): return answer(key, ids: ids, now)
        case nil: return nil
        }
    }

    /// Up and down scroll, `/` shows only what has some words, anything else closes; quitting
    /// quits. Esc first shows everything again.
    private mutating func readHelp(_ key: Key, _ action: Action?) -> [ScreenCommand]? {
        if action == .quit { return nil }
        if let action, action.isVertical {
            let count = HelpOverlay.lines(keyMap, matching: helpFilter).count
            overlayOffset = moved(overlayOffset, count: count, action)
        } else if action == .filter {
            prompt = Prompt(.help, text: helpFilter)
        } else if action == .back, !helpFilter.isEmpty {
            helpFilter = ""
        } else {
            overlay = nil
        }
        return []
    }

    private mutating func chooseExport(_ key: Key) -> [ScreenCommand]? {
        if case .control = key { return nil }
        overlay = nil
        guard case .character(let character) = key else { return [] }
        let wanted = Character(character.lowercased())
        guard let format = ExportFormat.allCases.first(where: { $0.key == wanted }) else {
            return []
        }
        return [.export(format, character.isUppercase ? focus : nil)]
    }

    private mutating func chooseIndicator(_ key: Key) -> [ScreenCommand]? {
        if case .control = key { return nil }
        guard case .character(let character) = key,
            let indicator = ChartIndicator.allCases.first(where: { $0.key == character })
        else {
            overlay = nil
            return []
        }
        choices.indicators.formSymmetricDifference([indicator])
        return []
    }

    /// The theme under the cursor is the screen's until a person decides.
    private mutating func chooseTheme(_ action: Action?, before: Int, _ now: Timestamp)
        -> [ScreenCommand]?
    {
        switch action {
        case .drill:
            overlay = nil
            keepTheme()
            say(SafeText("theme \(theme.name)"), now)
        case .themes: themeIndex = (themeIndex + 1) % themes.count
        case .some(let action) where action.isVertical:
            themeIndex = moved(themeIndex, count: themes.count, action)
        default:
            overlay = nil
            themeIndex = before
        }
        return []
    }

    private mutating func readEpisode(_ id: String, _ action: Action?, _ now: Timestamp)
        -> [ScreenCommand]?
    {
        switch action {
        case .up, .down:
            move(action ?? .down, now)
            if let episode = selectedEpisode?.episode { open(episode) }
            return []
        case .acknowledge, .acknowledgeWithNote, .undoAcknowledge: return nil
        case .drill:
            overlay = nil
            let symbol = episodes.readings.first { $0.episode.id == id }?.episode.symbol
            drill(into: symbol)
            return []
        default:
            overlay = nil
            return []
        }
    }

    private mutating func readArticle(_ symbol: Symbol, _ action: Action?, _ now: Timestamp)
        -> [ScreenCommand]?
    {
        switch action {
        case .up, .down:
            move(action ?? .down, now)
            if let article = selectedArticle?.article {
                overlay = .article(id: article.articleID, symbol: article.symbol)
            }
            return []
        case .copy: return nil
        case .drill:
            overlay = nil
            drill(into: symbol)
            return []
        default:
            overlay = nil
            return []
        }
    }

    private mutating func answer(_ key: Key, ids: [String], _ now: Timestamp) -> [ScreenCommand] {
        overlay = nil
        guard key == .character("y") || key == .character("Y") || key == .enter else {
            say("nothing acknowledged", now)
            return []
        }
        return acknowledge(ids: ids, now)
    }
}

extension Action {
    /// Moves up or down a list.
    var isVertical: Bool {
        [.up, .down, .first, .last, .pageUp, .pageDown].contains(self)
    }
}
