import MarketModel

extension ScreenState {
    /// The mouse does what keys do: focus, select, drill in, scroll, choose a tab, sort by a head.
    mutating func click(_ press: MousePress, _ now: Timestamp) -> [ScreenCommand] {
        guard mouseIsOn else { return [] }
        if overlay != nil { return clickOverlay(press, now) }
        if press.button == .right { return perform(.back, now) }
        guard let hit = place(press, now) else { return [] }
        switch press.button {
        case .wheelUp, .wheelDown:
            let before = focus
            focus = hit.pane
            for _ in 0..<3 { move(press.button == .wheelUp ? .up : .down, now) }
            if drill == nil { focus = before }
            return []
        default: break
        }
        if hit.row < 0 {
            focus(hit.tab ?? hit.pane)
            return []
        }
        let was = (focus, cursorName)
        focus(hit.pane)
        select(row: hit.row, height: hit.height, column: hit.column, now)
        let isAgain = press.button == .double || was.0 == hit.pane && was.1 == cursorName
        return isAgain && hit.row > 0 && drill == nil && hit.pane != .chart
            ? perform(.drill, now) : []
    }

    private mutating func clickOverlay(_ press: MousePress, _ now: Timestamp) -> [ScreenCommand] {
        let key: Key =
            switch press.button {
            case .wheelUp: .up
            case .wheelDown: .down
            case .double: .enter
            case .left, .right: .escape
            }
        return pressInOverlay(key, now) ?? []
    }

    private var cursorName: String? {
        switch focus {
        case .anomalies: selectedEpisode?.episode.id
        case .news: String(scrolls[.news] ?? 0)
        default: selection?.description
        }
    }

    private struct Hit {
        var pane: PaneID
        /// -1 is the title.
        var row: Int
        var column: Int
        var height: Int
        var tab: PaneID?
    }

    private func place(_ press: MousePress, _ now: Timestamp) -> Hit? {
        let look = Look(
            theme: .mono, capabilities: Capabilities(colorDepth: ColorDepth.none))
        let scene = Scene(state: self, look: look, now: now)
        for place in scene.places(GridSize(columns: size.columns, rows: size.rows)) {
            let rect = place.rect
            guard press.column >= rect.x, press.column < rect.endX, press.row >= rect.y,
                press.row < rect.endY, let pane = place.panes.first
            else { continue }
            let row = press.row - rect.y - 1
            let tab =
                row < 0
                ? scene.frame(place).tab(at: press.column - rect.x, width: rect.width) : nil
            return Hit(
                pane: pane, row: row, column: press.column - rect.x - 1, height: rect.height - 1,
                tab: tab)
        }
        return nil
    }

    private mutating func select(row: Int, height: Int, column: Int, _ now: Timestamp) {
        switch focus {
        case .quotes where drill == nil, .aggregates where drill == nil:
            guard row > 0 else { return sortByHead(column: column, now) }
            let shown = Scroll.rows(rows, cursor: selection, height: height - 1)
            if shown.indices.contains(row - 1) { selection = shown[row - 1] }
        case .anomalies:
            let ids = visibleEpisodes.map(\.episode.id)
            let shown = Scroll.rows(ids, cursor: selectedEpisode?.episode.id, height: height)
            if shown.indices.contains(row) { episodeCursor = shown[row] }
        case .news:
            let count = visibleArticles.count
            let start = Scroll.start(
                cursor: scrolls[.news] ?? 0, count: count, height: height)
            if start + row < count { scrolls[.news] = start + row }
        default: break
        }
    }

    /// The same head again turns the order round.
    private mutating func sortByHead(column: Int, _ now: Timestamp) {
        let look = Look(
            theme: .mono, capabilities: Capabilities(colorDepth: ColorDepth.none))
        let scene = Scene(state: self, look: look, now: now)
        let width = scene.places(size).first { $0.panes.first == .quotes }?.rect.width ?? 80
        guard focus == .quotes,
            let head = QuotesPane(scene: scene).head(at: column, width: width - 2),
            let wanted = SortOrder.ofHead[head]
        else { return }
        let isSame = sort.column == wanted
        resort(SortOrder(column: wanted, isReversed: isSame && !sort.isReversed), now)
    }
}

extension SortOrder {
    fileprivate static let ofHead: [String: Column] = [
        "SYM": .symbol, "LAST": .price, "CHG": .changePercent, "CHG%": .changePercent,
        "VOL": .volume, "AGE": .age,
    ]
}
