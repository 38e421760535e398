import MarketModel

extension ScreenState {
    /// A key: text while something is typed, a choice while a menu is open, else what the key map
    /// says.
    mutating func press(_ key: Key, _ now: Timestamp) -> [ScreenCommand] {
        switch key {
        case .resized, .focused: return []
        case .mouse(let press): return prompt == nil ? click(press, now) : []
        default: break
        }
        if message?.isBad == false { message = nil }
        if prompt != nil { return type(key, now) }
        if overlay != nil, let commands = pressInOverlay(key, now) { return commands }
        guard let action = keyMap.action(for: key) else { return [] }
        return perform(action, now)
    }

    /// A command by name, with what follows it.
    mutating func perform(_ action: Action, _ now: Timestamp) -> [ScreenCommand] {
        switch action {
        case .quit: return [.quit]
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .reload: return reload(now)
        case .focus, .nextPane, .previousPane, .zoom, .nextLayout, .previousLayout, .wider,
            .narrower, .taller, .lower, .resetLayout:
            arrangePanes(action, now)
        case .up, .down, .first, .last, .pageUp, .pageDown, .left, .right: move(action, now)
        case .drill: drillIn()
        case .back: unwind(now)
        case .filter:
            prompt = Prompt(.filter, text: filter.text)
            focus(.quotes)
        case .palette: prompt = Prompt(.command)
        case .jump: prompt = Prompt(.jump)
        case .sort, .reverseSort, .configuredOrder, .columnsLeft, .columnsRight, .nextGroup,
            .previousGroup:
            changeList(action, now)
        case .shorterInterval, .longerInterval, .zoomIn, .zoomOut, .chartStyle, .crosshair:
            changeChart(action, now)
        case .acknowledgeWithNote where walksMatches: move(.down, now)
        case .previousMatch:
            guard walksMatches else {
                say("no filter whose matches could be walked through: / sets one", now)
                break
            }
            move(.up, now)
        case .acknowledge, .acknowledgeWithNote, .acknowledgeAll, .undoAcknowledge,
            .anomalyState, .anomalySeverity, .anomalyKind, .bell:
            return changeEpisodes(action, now)
        case .indicators: overlay = .indicators
        case .export: overlay = .export
        case .themes: overlay = .themes(before: themeIndex)
        case .help:
            overlay = .help
            overlayOffset = 0
            helpFilter = ""
        case .settings: overlay = .settings(at: 0)
        case .pauseReplay, .step, .faster, .slower, .record, .reconnect:
            return steerFeed(action, now)
        case .freeze:
            if replaysNow { return steerFeed(.pauseReplay, now) }
            toggleFreeze(now)
        case .copy: return copyRow(now)
        case .clock:
            choices.clock = clockZone.next
            say(SafeText("clock: \(clockZone.rawValue)"), now)
        case .mouse:
            mouseIsOn.toggle()
            say(mouseIsOn ? "mouse on" : "mouse off: text can be selected", now)
            return [.mouse(mouseIsOn)]
        }
        return []
    }

    /// `n` and `N` go through what a filter has left, as in vi; elsewhere `n` is a note.
    private var walksMatches: Bool {
        !filter.isEmpty && overlay == nil && drill == nil
            && [.quotes, .aggregates].contains(focus)
    }

    mutating func focus(_ pane: PaneID) {
        focus = pane
        fronts.removeAll { $0 == pane }
        fronts.insert(pane, at: 0)
    }

    private mutating func arrangePanes(_ action: Action, _ now: Timestamp) {
        switch action {
        case .focus(let pane): focus(pane)
        case .nextPane: cyclePane(by: 1)
        case .previousPane: cyclePane(by: -1)
        case .zoom: isZoomed.toggle()
        case .nextLayout: choose(layout: choices.layout.next, now)
        case .previousLayout: choose(layout: choices.layout.previous, now)
        case .wider: layoutShift.move(columns: 2, rows: 0)
        case .narrower: layoutShift.move(columns: -2, rows: 0)
        case .taller: layoutShift.move(columns: 0, rows: 3)
        case .lower: layoutShift.move(columns: 0, rows: -3)
        default: layoutShift = LayoutShift()
        }
    }

    mutating func choose(layout: LayoutPreset, _ now: Timestamp) {
        choices.layout = layout
        isZoomed = false
        focus(layout.firstPane)
        say(SafeText("layout \(layout.rawValue)"), now)
    }

    private mutating func cyclePane(by step: Int) {
        let all = drill == nil ? PaneID.allCases : Drill.panes
        let index = (all.firstIndex(of: focus) ?? 0) + step + all.count
        focus(all[index % all.count])
    }

    private mutating func drillIn() {
        switch focus {
        case .anomalies:
            if let selected = selectedEpisode { open(selected.episode) }
        case .news:
            if let article = selectedArticle?.article {
                overlay = .article(id: article.articleID, symbol: article.symbol)
            }
        default: drill(into: selection)
        }
    }

    /// In full; the chart goes to its ticker.
    mutating func open(_ episode: Episode) {
        overlay = .episode(id: episode.id)
        if drill == nil, let symbol = episode.symbol, rows.contains(symbol) { selection = symbol }
    }

    mutating func drill(into symbol: Symbol?) {
        guard let symbol else { return }
        if drill == nil {
            focusBeforeDrill = focus
            if focus != .anomalies, focus != .news { focus(.chart) }
        }
        drill = symbol
        if rows.contains(symbol) { selection = symbol }
        scrolls[.aggregates] = nil
        scrolls[.quotes] = nil
        crosshair = nil
        series?.follow()
    }

    /// One level a press: menu, crosshair, drill, zoom, filter, pan, freeze, message.
    private mutating func unwind(_ now: Timestamp) {
        if overlay != nil {
            overlay = nil
        } else if crosshair != nil {
            crosshair = nil
        } else if drill != nil {
            drill = nil
            if let focusBeforeDrill { focus(focusBeforeDrill) }
        } else if isZoomed {
            isZoomed = false
        } else if !filter.isEmpty {
            filter = .all
            arrange(now)
        } else if focus == .anomalies, !choices.episodeFilter.isEmpty {
            choices.episodeFilter = EpisodeFilter()
        } else if let series, series.pan > 0 {
            self.series?.follow()
        } else if frozen != nil {
            frozen = nil
        } else {
            message = nil
        }
    }

    private mutating func toggleFreeze(_ now: Timestamp) {
        guard frozen == nil else {
            frozen = nil
            return
        }
        frozen = Frozen(
            snapshot: snapshot, at: now, time: time(now), received: snapshot.countsTotal.received)
    }
}

// MARK: - Lists and chart

extension ScreenState {
    private mutating func changeList(_ action: Action, _ now: Timestamp) {
        switch action {
        case .sort: resort(sort.next, now)
        case .reverseSort:
            resort(SortOrder(column: sort.column, isReversed: !sort.isReversed), now)
        case .configuredOrder: resort(SortOrder(), now)
        case .columnsLeft: columnOffset = max(0, columnOffset - 1)
        case .columnsRight: columnOffset = min(columnOffset + 1, 12)
        case .nextGroup: cycleGroup(by: 1, now)
        default: cycleGroup(by: -1, now)
        }
    }

    mutating func resort(_ order: SortOrder, _ now: Timestamp) {
        sort = order
        arrange(now)
    }

    private mutating func cycleGroup(by step: Int, _ now: Timestamp) {
        guard !options.groups.isEmpty else {
            return say("no watchlist groups: name some under [groups] in the configuration", now)
        }
        let names: [String?] = [nil] + options.groups.map(\.name)
        let index = (names.firstIndex(of: choices.group) ?? 0) + step + names.count
        choose(group: names[index % names.count], now)
    }

    /// `nil` for every ticker.
    mutating func choose(group: String?, _ now: Timestamp) {
        choices.group = group
        arrange(now)
        say(SafeText("watching \(group ?? "all")"), now)
    }

    private mutating func changeChart(_ action: Action, _ now: Timestamp) {
        switch action {
        case .shorterInterval: changeInterval(by: -1)
        case .longerInterval: changeInterval(by: 1)
        case .zoomIn: choices.barStep = min(8, (choices.barStep ?? 2) * 2)
        case .zoomOut: choices.barStep = max(1, (choices.barStep ?? 2) / 2)
        case .chartStyle: choices.chartStyle = choices.chartStyle == .candles ? .line : .candles
        default: crosshair = crosshair == nil ? 0 : nil
        }
    }

    private mutating func changeInterval(by step: Int) {
        let all = BarInterval.allCases
        let index = (all.firstIndex(of: interval) ?? 0) + step
        guard all.indices.contains(index) else { return }
        choose(interval: all[index])
    }

    mutating func choose(interval: BarInterval) {
        self.interval = interval
        crosshair = nil
    }
}

extension LayoutPreset {
    var next: LayoutPreset { moved(by: 1) }
    var previous: LayoutPreset { moved(by: -1) }

    private func moved(by step: Int) -> LayoutPreset {
        let all = LayoutPreset.allCases
        return all[((all.firstIndex(of: self) ?? 0) + step + all.count) % all.count]
    }

    /// What a person looks at first in it.
    var firstPane: PaneID {
        switch self {
        case .desk: .quotes
        case .chart: .chart
        case .triage: .anomalies
        case .overview: .market
        }
    }
}

extension ClockZone {
    var next: ClockZone {
        let all = ClockZone.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}
