import MarketModel

extension ScreenState {
    /// What the list shows: the filter's, and of one ticker those of the ticker.
    var visibleEpisodes: [EpisodeReading] {
        let filter = choices.episodeFilter
        guard !filter.isEmpty || drill != nil else { return episodes.readings }
        let least = filter.severityLeast
        return episodes.readings.filter {
            (drill == nil || $0.episode.symbol == drill) && filter.admits($0, least: least)
        }
    }

    /// The one at the cursor; the newest when the cursor's episode is gone.
    var selectedEpisode: EpisodeReading? {
        let visible = visibleEpisodes
        return visible.first { $0.episode.id == episodeCursor } ?? visible.first
    }

    mutating func changeEpisodes(_ action: Action, _ now: Timestamp) -> [ScreenCommand] {
        switch action {
        case .acknowledge, .acknowledgeWithNote:
            guard let chosen = episodeToAcknowledge(now) else { return [] }
            episodeCursor = chosen.episode.id
            if action == .acknowledge { return acknowledge(ids: [chosen.episode.id], now) }
            overlay = nil
            prompt = Prompt(.note(episodeID: chosen.episode.id))
        case .acknowledgeAll:
            let ids = visibleEpisodes.filter { !$0.isAcknowledged }.map(\.episode.id)
            guard !ids.isEmpty else {
                say("no anomaly to acknowledge", now)
                return []
            }
            overlay = .acknowledgeAll(ids: ids)
        case .undoAcknowledge: return undoAcknowledge(now)
        case .anomalyState:
            let all = EpisodeFilter.State.allCases
            let index = all.firstIndex(of: choices.episodeFilter.state) ?? 0
            choices.episodeFilter.state = all[(index + 1) % all.count]
            sayFilter(now)
        case .anomalySeverity:
            let all = Severity.allCases.map(\.name)
            let index = all.firstIndex(of: choices.episodeFilter.severity) ?? 0
            choices.episodeFilter.severity = all[(index + 1) % all.count]
            sayFilter(now)
        case .anomalyKind:
            let all: [String?] = [nil] + AnomalyKind.allCases.map(\.rawValue)
            let index = all.firstIndex(of: choices.episodeFilter.kind) ?? 0
            choices.episodeFilter.kind = all[(index + 1) % all.count]
            sayFilter(now)
        default:
            choices.bell = !bellIsOn
            say(bellIsOn ? "rings for a new anomaly" : "no bell", now)
        }
        return []
    }

    private mutating func sayFilter(_ now: Timestamp) {
        let name = choices.episodeFilter.name
        say(SafeText("anomalies: \(name.isEmpty ? "all" : name)"), now)
    }

    /// False when there is no such choice.
    mutating func filterEpisodes(_ command: Command, _ name: String) -> Bool {
        switch command.action {
        case .anomalyState:
            guard let state = EpisodeFilter.State(rawValue: name) else { return false }
            choices.episodeFilter.state = state
        case .anomalySeverity:
            guard let severity = Severity(name: name) else { return false }
            choices.episodeFilter.severity = severity.name
        default:
            let kind = AnomalyKind(rawValue: name.replacing(" ", with: "_"))
            guard kind != nil || name == "all" else { return false }
            choices.episodeFilter.kind = kind?.rawValue
        }
        return true
    }

    /// The selected episode; where the pane is not in focus, the newest unacknowledged one.
    private mutating func episodeToAcknowledge(_ now: Timestamp) -> EpisodeReading? {
        var isSelected = focus == .anomalies || drill != nil
        if case .episode = overlay { isSelected = true }
        let chosen = isSelected ? selectedEpisode : visibleEpisodes.first { !$0.isAcknowledged }
        guard let chosen, !chosen.isAcknowledged else {
            say(chosen == nil ? "no anomaly to acknowledge" : "already acknowledged", now)
            return nil
        }
        return chosen
    }

    /// At once on the screen; the store is asked, and has the last word.
    mutating func acknowledge(ids: [String], note: String = "", _ now: Timestamp)
        -> [ScreenCommand]
    {
        var asked: [ScreenCommand] = []
        for id in ids {
            guard let episode = episodes.readings.first(where: { $0.episode.id == id })?.episode
            else { continue }
            episodes.expect(
                Acknowledgement(
                    episodeID: id, by: options.user, at: now, note: note,
                    severity: episode.severity),
                for: id)
            asked.append(.ask(.acknowledge(episodeID: id, note: note)))
        }
        if ids.count > 1 { say(SafeText("acknowledged \(asked.count) · u takes one back"), now) }
        return asked
    }

    /// Takes the selected episode when it is acknowledged, else the one acknowledged last.
    private mutating func undoAcknowledge(_ now: Timestamp) -> [ScreenCommand] {
        let acknowledged = episodes.readings.filter {
            $0.acknowledgement != nil && (drill == nil || $0.episode.symbol == drill)
        }
        let newest = acknowledged.max {
            ($0.acknowledgement?.at ?? .distantPast) < ($1.acknowledgement?.at ?? .distantPast)
        }
        let selected = selectedEpisode.flatMap { $0.acknowledgement == nil ? nil : $0 }
        guard let chosen = selected ?? newest else {
            say("nothing to take back", now)
            return []
        }
        episodeCursor = chosen.episode.id
        episodes.expect(nil, for: chosen.episode.id)
        return [.ask(.unacknowledge(episodeID: chosen.episode.id))]
    }

    /// Rings once for every anomaly that comes new while somebody looks.
    mutating func ringIfNew() -> [ScreenCommand] {
        guard episodes.version != rungVersion else { return [] }
        // What was there before anybody looked is not new, nor is what the store tells at first.
        let isFirst = rungVersion == nil || episodes.isLoaded != rungAfterLoading
        rungVersion = episodes.version
        rungAfterLoading = episodes.isLoaded
        var hasNew = false
        for reading in episodes.readings where !reading.isAcknowledged {
            if rungFor.insert(reading.episode.id).inserted { hasNew = true }
        }
        return bellIsOn && hasNew && !isFirst ? [.ring] : []
    }
}
