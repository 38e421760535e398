import MarketModel

extension ScreenState {
    /// A key: text while a filter is typed, a choice while the menu is open, else the key table's
    /// action.
    mutating func press(_ key: Key, _ now: Timestamp) -> [ScreenCommand] {
        if key == .resized { return [] }
        if isFiltering, let commands = typeFilter(key, now) { return commands }
        if overlay == .export, let commands = chooseExport(key) { return commands }
        let action = KeyTable.action(for: key)
        if overlay == .help, ![.quit, .suspend, .redraw].contains(action) {
            readHelp(action)
            return []
        }
        guard let action else { return [] }
        return perform(action, now)
    }

    /// Up and down scroll, anything else closes.
    private mutating func readHelp(_ action: Action?) {
        guard let action, [.up, .down, .first, .last, .pageUp, .pageDown].contains(action) else {
            overlay = nil
            return
        }
        helpOffset = moved(helpOffset, count: KeyTable.bindings.count, action)
    }

    private mutating func perform(_ action: Action, _ now: Timestamp) -> [ScreenCommand] {
        switch action {
        case .quit: return [.quit]
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .focus(let pane): focus(pane)
        case .nextPane: cyclePane(by: 1)
        case .previousPane: cyclePane(by: -1)
        case .zoom: isZoomed.toggle()
        case .drill: drillIn()
        case .back: unwind(now)
        case .filter:
            isFiltering = true
            focus(.quotes)
        case .sort: resort(sort.next, now)
        case .reverseSort:
            resort(SortOrder(column: sort.column, isReversed: !sort.isReversed), now)
        case .shorterInterval: changeInterval(by: -1)
        case .longerInterval: changeInterval(by: 1)
        case .acknowledge: return acknowledge(now)
        case .undoAcknowledge: return undoAcknowledge()
        case .freeze: toggleFreeze(now)
        case .export: overlay = .export
        case .help:
            overlay = .help
            helpOffset = 0
        case .nextTheme:
            themeIndex = (themeIndex + 1) % options.themes.count
            say(SafeText("theme \(theme.name)"), now)
        case .up, .down, .first, .last, .pageUp, .pageDown, .left, .right: move(action)
        }
        return []
    }

    private mutating func typeFilter(_ key: Key, _ now: Timestamp) -> [ScreenCommand]? {
        switch key {
        case .control("c"): return [.quit]
        case .character(let character):
            guard character == "!" || character.utf8.allSatisfy(Symbol.isLegal), filter.count < 20
            else { return [] }
            filter.append(character)
        case .backspace, .delete: _ = filter.popLast()
        case .enter: isFiltering = false
        case .escape:
            isFiltering = false
            filter = ""
        case .up, .down:
            isFiltering = false
            return nil
        default: return nil
        }
        arrange(now)
        return []
    }

    private mutating func chooseExport(_ key: Key) -> [ScreenCommand]? {
        if case .control = key { return nil }
        overlay = nil
        guard case .character(let character) = key,
            let format = ExportFormat.allCases.first(where: { $0.key == character })
        else { return [] }
        return [.export(format)]
    }

    private mutating func focus(_ pane: PaneID) {
        focus = pane
        fronts.removeAll { $0 == pane }
        fronts.insert(pane, at: 0)
        scroll = 0
    }

    private mutating func cyclePane(by step: Int) {
        let all = PaneID.allCases
        let index = (all.firstIndex(of: focus) ?? 0) + step + all.count
        focus(all[index % all.count])
    }

    private mutating func drillIn() {
        switch focus {
        case .anomalies: drill = selectedEpisode?.episode.symbol ?? selection
        default: drill = selection
        }
        series?.follow()
    }

    /// One level a press: message, drill, zoom, filter, pan, freeze.
    private mutating func unwind(_ now: Timestamp) {
        if overlay != nil {
            overlay = nil
        } else if drill != nil {
            drill = nil
        } else if isZoomed {
            isZoomed = false
        } else if !filter.isEmpty {
            filter = ""
            arrange(now)
        } else if let series, series.pan > 0 {
            self.series?.follow()
        } else if frozen != nil {
            frozen = nil
        } else {
            message = nil
        }
    }

    private mutating func resort(_ order: SortOrder, _ now: Timestamp) {
        sort = order
        arrange(now)
    }

    private mutating func changeInterval(by step: Int) {
        let all = BarInterval.allCases
        let index = (all.firstIndex(of: interval) ?? 0) + step
        guard all.indices.contains(index) else { return }
        interval = all[index]
    }

    private mutating func toggleFreeze(_ now: Timestamp) {
        guard frozen == nil else {
            frozen = nil
            return
        }
        frozen = Frozen(
            snapshot: snapshot, at: now, time: time(now), received: snapshot.countsTotal.received)
    }

    // MARK: - Acknowledging

    /// Of the pane's list: every ticker's, or those of the ticker on the whole screen.
    var visibleEpisodes: [EpisodeReading] {
        guard let drill else { return episodes.readings }
        return episodes.readings.filter { $0.episode.symbol == drill }
    }

    /// The one at the cursor; the newest when the cursor's episode is gone.
    var selectedEpisode: EpisodeReading? {
        let visible = visibleEpisodes
        return visible.first { $0.episode.id == episodeCursor } ?? visible.first
    }

    /// Takes the selected episode; where the pane is not in focus, the newest unacknowledged one.
    private mutating func acknowledge(_ now: Timestamp) -> [ScreenCommand] {
        let chosen =
            focus == .anomalies || drill != nil
            ? selectedEpisode : visibleEpisodes.first { !$0.isAcknowledged }
        guard let chosen, !chosen.isAcknowledged else {
            say(chosen == nil ? "no anomaly to acknowledge" : "already acknowledged", now)
            return []
        }
        let episode = chosen.episode
        episodeCursor = episode.id
        episodes.expect(
            Acknowledgement(
                episodeID: episode.id, by: options.user, at: now, note: "",
                severity: episode.severity),
            for: episode.id)
        return [.ask(.acknowledge(episodeID: episode.id))]
    }

    /// Takes the selected episode when it is acknowledged, else the one acknowledged last.
    private mutating func undoAcknowledge() -> [ScreenCommand] {
        let acknowledged = visibleEpisodes.filter { $0.acknowledgement != nil }
        let newest = acknowledged.max {
            ($0.acknowledgement?.at ?? .distantPast) < ($1.acknowledgement?.at ?? .distantPast)
        }
        let selected = selectedEpisode.flatMap { $0.acknowledgement == nil ? nil : $0 }
        guard let chosen = selected ?? newest else { return [] }
        episodeCursor = chosen.episode.id
        episodes.expect(nil, for: chosen.episode.id)
        return [.ask(.unacknowledge(episodeID: chosen.episode.id))]
    }

    // MARK: - Moving

    private mutating func move(_ action: Action) {
        if action == .left || action == .right {
            series?.pan(by: action == .left ? 5 : -5)
            return
        }
        let pane = drill == nil ? focus : (focus == .anomalies ? .anomalies : .chart)
        switch pane {
        case .anomalies:
            let ids = visibleEpisodes.map(\.episode.id)
            let index = ids.firstIndex(of: selectedEpisode?.episode.id ?? "") ?? 0
            episodeCursor = ids.isEmpty ? nil : ids[moved(index, count: ids.count, action)]
        case .news: newsOffset = moved(newsOffset, count: articles.count, action)
        case .features, .pipeline, .market: scroll = moved(scroll, count: 40, action)
        case .quotes, .aggregates, .chart:
            guard drill == nil else {
                scroll = moved(scroll, count: HistoryRequest.tapeLength, action)
                return
            }
            let index = selection.flatMap { rows.firstIndex(of: $0) } ?? 0
            if !rows.isEmpty { selection = rows[moved(index, count: rows.count, action)] }
        }
    }

    private func moved(_ index: Int, count: Int, _ action: Action) -> Int {
        let page = 10
        let target =
            switch action {
            case .up: index - 1
            case .down: index + 1
            case .first: 0
            case .last: count - 1
            case .pageUp: index - page
            case .pageDown: index + page
            default: index
            }
        return min(max(0, target), max(0, count - 1))
    }
}
