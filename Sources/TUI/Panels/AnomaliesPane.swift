import MarketModel

/// Pane 5: what went out of the ordinary, and whether somebody has seen it.
struct AnomaliesPane {
    let scene: Scene

    var note: SafeText {
        scene.state.episodes.readings.isEmpty
            ? shortNote : shortNote + " · a ack · n note · u undo"
    }

    /// Without the keys.
    var shortNote: SafeText {
        // Of a drilled ticker its own: those are what is listed.
        let count =
            scene.state.drill.map {
                scene.state.episodes.unacknowledgedCount(scene.time, of: $0)
            } ?? scene.unacknowledgedCount
        let filter = scene.state.choices.episodeFilter.name
        let shown = filter.isEmpty ? "" : "[\(filter)] · "
        return SafeText("\(shown)\(count) unacked")
    }

    func draw(on grid: inout CellGrid) {
        let readings = scene.state.visibleEpisodes
        guard !readings.isEmpty else {
            let isFiltered = !scene.state.choices.episodeFilter.isEmpty
            let text: SafeText =
                isFiltered && !scene.state.episodes.readings.isEmpty
                ? "none that the filter admits · Esc shows all"
                : "nothing out of the ordinary so far"
            grid.text(text, x: 1, y: 1, scene.look[.dim])
            return
        }
        let selected = scene.state.selectedEpisode?.episode.id
        let cursor = readings.firstIndex { $0.episode.id == selected } ?? 0
        let start = Scroll.start(cursor: cursor, count: readings.count, height: grid.height)
        for (row, reading) in readings.dropFirst(start).prefix(grid.height).enumerated() {
            let isSelected =
                reading.episode.id == selected
                && (scene.state.focus == .anomalies || scene.state.drill != nil)
            draw(reading, row: row, isSelected: isSelected, on: &grid)
        }
    }

    private func draw(
        _ reading: EpisodeReading, row: Int, isSelected: Bool, on grid: inout CellGrid
    ) {
        let look = scene.look
        let episode = reading.episode
        let style = reading.isAcknowledged ? look[.dim] : look[AnomaliesPane.slot(episode.severity)]
        if isSelected {
            grid.fill(Rect(x: 0, y: row, width: grid.width, height: 1), look[.selection])
            grid.text("▸", x: 0, y: row, look[.accent])
        }
        grid.text(reading.isAcknowledged ? "✓" : "!", x: 1, y: row, style)
        var x = grid.text(SafeText(AnomaliesPane.word(episode.severity)), x: 3, y: row, style)
        var when = scene.clock.short(episode.firstAt, now: scene.time)
        if grid.width < 44, when.count == 8 { when = String(when.prefix(5)) }
        x = grid.text(SafeText(when), x: 8, y: row, look[.dim]) + 1
        let name = SafeText(episode.symbol?.description ?? "feed")
        x = grid.text(name, x: x, y: row, look[.title], width: 8)
        x = max(x, 8 + when.count + 1 + 6) + 1
        let state = state(reading)
        let end = grid.width - state.width - 1
        let kind = episode.kind.words
        let isPlain = reading.isAcknowledged || episode.severity < .high
        guard end - x >= 4 else { return drawState(state, of: reading, row: row, on: &grid) }
        x = grid.text(kind, x: x, y: row, isPlain ? style : look[.high], width: end - x)
        grid.text(
            SafeText(episode.explanation), x: x + 2, y: row,
            look[reading.isAcknowledged ? .dim : .base], width: max(0, end - x - 2))
        drawState(state, of: reading, row: row, on: &grid)
    }

    private func drawState(
        _ state: SafeText, of reading: EpisodeReading, row: Int, on grid: inout CellGrid
    ) {
        let isWarning = !reading.isAcknowledged && reading.episode.isOpen
        grid.text(
            state, x: grid.width - state.width, y: row, scene.look[isWarning ? .warn : .dim])
    }

    /// How often it hit, whether it still does, and who has seen it.
    private func state(_ reading: EpisodeReading) -> SafeText {
        let episode = reading.episode
        if scene.state.episodes.isPending(episode.id) { return " saving …" }
        if let acknowledgement = reading.acknowledgement, reading.isAcknowledged {
            let time = scene.clock.time(acknowledgement.at, seconds: false)
            let note = acknowledgement.note.isEmpty ? "" : ": \(acknowledgement.note)"
            return SafeText(" acked \(time) \(acknowledgement.by)\(note)").truncated(to: 34)
        }
        let hits = episode.hits > 1 ? "\(NumberText.scaled(Double(episode.hits)))× " : ""
        let worse = reading.acknowledgement == nil ? "" : "worse "
        return SafeText(" \(hits)\(worse)\(episode.isOpen ? "open" : "closed")")
    }

    static func slot(_ severity: Severity) -> Slot {
        switch severity {
        case .low: .low
        case .medium: .medium
        case .high: .high
        case .critical: .critical
        }
    }

    static func word(_ severity: Severity) -> String {
        switch severity {
        case .low: "LOW"
        case .medium: "MED"
        case .high: "HIGH"
        case .critical: "CRIT"
        }
    }
}

extension AnomalyKind {
    /// As a person reads it.
    var words: SafeText { AnomalyKind.allWords[self] ?? "" }

    private static let allWords = Dictionary(
        uniqueKeysWithValues: allCases.map {
            ($0, SafeText($0.rawValue.replacing("_", with: " ")))
        })
}
