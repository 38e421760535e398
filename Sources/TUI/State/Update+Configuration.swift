import MarketModel

/// Configuration and themes that have changed while the screen is open.
extension ScreenState {
    /// What is wrong stays in a bar until it is mended; what held before goes on to hold.
    mutating func take(_ news: ConfigurationNews, _ now: Timestamp) -> [ScreenCommand] {
        switch news {
        case .unchanged: return []
        case .trouble(let reason):
            configurationTrouble = reason
            return []
        case .themes(let new):
            configurationTrouble = nil
            use(themes: new, named: theme.name)
            say("themes read again", now)
            return []
        case .options(let new, let note):
            configurationTrouble = nil
            say(SafeText(note), now)
            return take(new, now)
        }
    }

    /// `:reload`.
    mutating func reload(_ now: Timestamp) -> [ScreenCommand] {
        guard options.reread != nil else {
            say("nothing to read again", now)
            return []
        }
        return [.ask(.configuration(isAsked: true))]
    }

    /// What was chosen on the screen stays; what a terminal, an engine or a file is opened with
    /// does, too.
    private mutating func take(_ new: ScreenOptions, _ now: Timestamp) -> [ScreenCommand] {
        let old = options
        options.upDown = new.upDown
        options.staleAfter = new.staleAfter
        options.groups = new.groups
        options.keyMap = new.keyMap
        options.bellIsOn = new.bellIsOn
        options.clock = new.clock
        options.framesPerSecond = new.framesPerSecond
        options.indicators = new.indicators
        options.mouseIsOn = new.mouseIsOn
        options.themeName = new.themeName
        use(themes: new.themes, named: new.themeName == old.themeName ? theme.name : new.themeName)
        series?.forgetIndicators()
        arrange(now)
        guard new.mouseIsOn != old.mouseIsOn else { return [] }
        mouseIsOn = new.mouseIsOn
        return [.mouse(mouseIsOn)]
    }

    /// The theme of that name, with its new colours; the first where it is gone.
    private mutating func use(themes new: [Theme], named name: String) {
        guard !new.isEmpty else { return }
        themes = new
        themesVersion += 1
        themeIndex = new.firstIndex { $0.name == name } ?? 0
    }
}
