/// A part of the screen and the panes that share it as tabs; the first is in front.
struct PanePlace: Equatable, Sendable {
    var rect: Rect
    var panes: [PaneID]
}

/// Which pane goes where at a given size.
struct Layout {
    var preset = LayoutPreset.desk
    var shift = LayoutShift()
    var tickers: Int

    /// The whole screen's size decides, so that a banner moves nothing but what it pushes down.
    /// Every pane is somewhere; what has no place of its own is a tab. Neighbours leave one column
    /// for a rule.
    func places(in body: Rect, screen: GridSize, fronts: [PaneID], zoomed: PaneID?) -> [PanePlace] {
        if let zoomed { return [PanePlace(rect: body, panes: [zoomed])] }
        let places: [PanePlace]
        if screen.columns >= 100, screen.rows >= 32, preset != .desk {
            places = large(body)
        } else if screen.columns >= 170, screen.rows >= 38 {
            places = desk(body)
        } else if screen.columns >= 100, screen.rows >= 32 {
            places = medium(body)
        } else if screen.columns >= 50, screen.rows >= min(20, tickers + 11) {
            places = small(body)
        } else {
            places = [PanePlace(rect: body, panes: PaneID.allCases)]
        }
        return places.filter { !$0.rect.isEmpty }.map { place in
            let front = fronts.first { place.panes.contains($0) }
            return PanePlace(
                rect: place.rect,
                panes: (front.map { [$0] } ?? []) + place.panes.filter { $0 != front })
        }
    }

    /// A share of `length` in hundredths, moved by what a person moved, with a tenth left to either
    /// side.
    private func columns(_ share: Int, of length: Int) -> Int {
        min(max(length * (share + shift.columns) / 100, length / 10), length * 9 / 10)
    }

    private func rows(_ share: Int, of length: Int) -> Int {
        min(max(length * (share + shift.rows) / 100, 10), max(10, length - 6))
    }

    /// 200 x 50: figures at the left, the chart at the right, what happened below.
    private func desk(_ body: Rect) -> [PanePlace] {
        let (top, bottom) = body.splitTop(rows(66, of: body.height))
        let (left, right) = top.splitLeft(columns(47, of: top.width), gap: 1)
        let (quotes, belowQuotes) = left.splitTop(tableRows(in: left.height - 17))
        let (aggregates, features) = belowQuotes.splitTop(tableRows(in: belowQuotes.height - 11))
        let (anomalies, rest) = bottom.splitLeft(bottom.width * 37 / 100, gap: 1)
        let (news, pipeline) = rest.splitLeft(rest.width * 58 / 100, gap: 1)
        return [
            PanePlace(rect: quotes, panes: [.quotes]),
            PanePlace(rect: right, panes: [.chart]),
            PanePlace(rect: aggregates, panes: [.aggregates]),
            PanePlace(rect: features, panes: [.features]),
            PanePlace(rect: anomalies, panes: [.anomalies]),
            PanePlace(rect: news, panes: [.news, .market]),
            PanePlace(rect: pipeline, panes: [.pipeline]),
        ]
    }

    /// 120 x 40.
    private func medium(_ body: Rect) -> [PanePlace] {
        let (top, bottom) = body.splitTop(rows(57, of: body.height))
        let (left, right) = top.splitLeft(columns(50, of: top.width), gap: 1)
        let (quotes, tables) = left.splitTop(tableRows(in: left.height - 8))
        let (stack, pipeline) = bottom.splitLeft(bottom.width * 62 / 100, gap: 1)
        let (anomalies, news) = stack.splitTop(stack.height / 2)
        return [
            PanePlace(rect: quotes, panes: [.quotes]),
            PanePlace(rect: right, panes: [.chart]),
            PanePlace(rect: tables, panes: [.aggregates, .features]),
            PanePlace(rect: anomalies, panes: [.anomalies]),
            PanePlace(rect: news, panes: [.news, .market]),
            PanePlace(rect: pipeline, panes: [.pipeline]),
        ]
    }

    /// The presets besides the desk, on screens that are large enough for one.
    private func large(_ body: Rect) -> [PanePlace] {
        switch preset {
        case .chart:
            let (top, bottom) = body.splitTop(rows(76, of: body.height))
            let (left, right) = top.splitLeft(columns(31, of: top.width), gap: 1)
            let (first, second) = bottom.splitLeft(bottom.width / 2, gap: 1)
            return [
                PanePlace(rect: left, panes: [.quotes, .market]),
                PanePlace(rect: right, panes: [.chart]),
                PanePlace(rect: first, panes: [.aggregates, .features, .pipeline]),
                PanePlace(rect: second, panes: [.anomalies, .news]),
            ]
        case .triage:
            let (left, right) = body.splitLeft(columns(52, of: body.width), gap: 1)
            let (anomalies, news) = left.splitTop(rows(62, of: left.height))
            let (chart, features) = right.splitTop(rows(58, of: right.height))
            return [
                PanePlace(rect: anomalies, panes: [.anomalies]),
                PanePlace(rect: news, panes: [.news, .quotes, .pipeline]),
                PanePlace(rect: chart, panes: [.chart]),
                PanePlace(rect: features, panes: [.features, .aggregates, .market]),
            ]
        case .overview, .desk:
            let (left, right) = body.splitLeft(columns(50, of: body.width), gap: 1)
            let (market, aggregates) = left.splitTop(rows(55, of: left.height))
            let (quotes, rest) = right.splitTop(rows(55, of: right.height))
            let (news, pipeline) = rest.splitLeft(rest.width * 55 / 100, gap: 1)
            return [
                PanePlace(rect: market, panes: [.market]),
                PanePlace(rect: aggregates, panes: [.aggregates, .features]),
                PanePlace(rect: quotes, panes: [.quotes, .chart]),
                PanePlace(rect: news, panes: [.news, .anomalies]),
                PanePlace(rect: pipeline, panes: [.pipeline]),
            ]
        }
    }

    /// 80 x 24: the quotes, and everything else as tabs. The presets put their own pane in front.
    private func small(_ body: Rect) -> [PanePlace] {
        let blank = body.height >= 18 ? 3 : 2
        let wanted = max(body.height * 2 / 5, tickers + 2, 6) + shift.rows / 3
        let (quotes, tabs) = body.splitTop(
            min(max(min(max(tickers, 3) + blank, wanted), 4), body.height - 6))
        return [
            PanePlace(rect: quotes, panes: [.quotes]),
            PanePlace(rect: tabs, panes: PaneID.allCases.filter { $0 != .quotes }),
        ]
    }

    /// A title, the column heads, a row a ticker and a blank one, within what there is.
    private func tableRows(in available: Int) -> Int {
        min(max(tickers, 3) + 3, max(available, 6))
    }
}
