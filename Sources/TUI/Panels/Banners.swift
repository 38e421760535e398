import Engine
import MarketModel

/// Bars across the top: what is wrong now, the worst first.
struct Banners {
    let scene: Scene

    struct Line {
        var text: SafeText
        var style: Style

        func draw(row: Int, on grid: inout CellGrid) {
            grid.fill(Rect(x: 0, y: row, width: grid.width, height: 1), style)
            grid.text(text, x: 1, y: row, style)
        }
    }

    var lines: [Line] {
        [attachment ?? feed, store, replay, frozen].compactMap { $0 } + notices
    }

    private var status: PipelineStatus { scene.state.status }

    /// The way to an engine elsewhere; while it is closed nothing is known of the feed.
    private var attachment: Line? {
        guard let attachment = status.attachment, scene.state.hasSnapshot else { return nil }
        let age = scene.now.duration(since: scene.state.snapshot.takenAt)
        let shown =
            status.label == .replay ? "" : " · shown is what it was \(NumberText.age(age)) ago"
        switch attachment.state {
        case .disconnected(let reason, let retryAt):
            let retry = retryAt.map {
                " · next try in \(NumberText.span($0.duration(since: scene.now)))"
            }
            return bad("DISCONNECTED from \(attachment.server): \(reason)\(retry ?? "")\(shown)")
        case .connecting(let attempt):
            return bad("CONNECTING to \(attachment.server), attempt \(attempt)\(shown)")
        case .refused(let reason, let remedy): return bad("REFUSED: \(reason) · \(remedy)")
        case .starting, .live, .ended: return nil
        }
    }

    private var feed: Line? {
        switch status.feed {
        case .disconnected(let reason, let retryAt):
            let retry = retryAt.map {
                " · next try in \(NumberText.span($0.duration(since: scene.now)))"
            }
            let last = status.lastEventReceivedAt.map {
                " · last event \(NumberText.age(scene.now.duration(since: $0))) ago"
            }
            return bad("DISCONNECTED: \(reason)\(retry ?? "")\(last ?? "")")
        case .refused(let reason, let remedy): return bad("REFUSED: \(reason) · \(remedy)")
        case .starting, .connecting, .live, .ended: return nil
        }
    }

    private var store: Line? {
        guard case .failing(let reason) = status.store else { return nil }
        return bad("STORE FAILING: \(reason) · receiving waits until writing works again")
    }

    private var replay: Line? {
        guard let replay = status.replay, replay.isPaused, replay.goal == nil,
            status.feed != .ended
        else { return nil }
        let time = scene.clockTime
        let moment = "\(scene.clock.day(time)) \(scene.clock.time(time))"
        return notice(
            "PAUSED at \(moment) \(scene.clock.name(at: time)) · Space goes on · . one record "
                + "· { } speed · :goto 14:32, -5m, anomaly")
    }

    private var frozen: Line? {
        guard let frozen = scene.state.frozen else { return nil }
        let age = NumberText.span(scene.now.duration(since: frozen.at))
        let missed = scene.state.snapshot.countsTotal.received - frozen.received
        return notice(
            "FROZEN for \(age) · \(NumberText.grouped(missed)) events since · Space goes on")
    }

    private var notices: [Line] {
        var lines: [Line] = []
        if let error = status.apiError { lines.append(notice("API: \(error)")) }
        if let trouble = scene.state.configurationTrouble {
            lines.append(notice("\(trouble) · what was read before holds"))
        }
        // Why an engine elsewhere cannot be asked stands in the bar above already.
        if let trouble = scene.state.historyTrouble, !scene.state.isDetached {
            lines.append(notice("store: \(trouble)"))
        }
        return lines + status.warnings.prefix(2).map { notice($0) }
    }

    private func bad(_ text: String) -> Line {
        Line(text: SafeText(text), style: scene.look[.banner])
    }

    private func notice(_ text: String) -> Line {
        Line(text: SafeText(text), style: scene.look[.notice])
    }
}
