/// A part of the screen and the panes that share it as tabs; the first is in front.
struct PanePlace: Equatable, Sendable {
    var rect: Rect
    var panes: [PaneID]
}

/// Which pane goes where at a given size.
enum Layout {
    /// The whole screen's size decides, so that a banner moves nothing but what it pushes down.
    /// Every pane is somewhere; what has no place of its own is a tab. Neighbours leave one column
    /// for a rule.
    static func places(
        in body: Rect, screen: GridSize, tickers: Int, fronts: [PaneID], zoomed: PaneID?
    ) -> [PanePlace] {
        if let zoomed { return [PanePlace(rect: body, panes: [zoomed])] }
        let places: [PanePlace]
        if screen.columns >= 170, screen.rows >= 38 {
            places = desk(body, tickers)
        } else if screen.columns >= 100, screen.rows >= 32 {
            places = medium(body, tickers)
        } else if screen.columns >= 50, screen.rows >= min(20, tickers + 11) {
            places = small(body, tickers)
        } else {
            places = [PanePlace(rect: body, panes: PaneID.allCases)]
        }
        return places.map { place in
            let front = fronts.first { place.panes.contains($0) }
            return PanePlace(
                rect: place.rect,
                panes: (front.map { [$0] } ?? []) + place.panes.filter { $0 != front })
        }
    }

    /// 200 x 50: figures at the left, the chart at the right, what happened below.
    private static func desk(_ body: Rect, _ tickers: Int) -> [PanePlace] {
        let (top, bottom) = body.splitTop(body.height * 2 / 3)
        let (left, right) = top.splitLeft(top.width * 47 / 100, gap: 1)
        let (quotes, belowQuotes) = left.splitTop(tableRows(tickers, in: left.height - 17))
        let (aggregates, features) = belowQuotes.splitTop(
            tableRows(tickers, in: belowQuotes.height - 11))
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
    private static func medium(_ body: Rect, _ tickers: Int) -> [PanePlace] {
        let (top, bottom) = body.splitTop(body.height * 57 / 100)
        let (left, right) = top.splitLeft(top.width * 50 / 100, gap: 1)
        let (quotes, tables) = left.splitTop(tableRows(tickers, in: left.height - 8))
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

    /// 80 x 24: the quotes, and everything else as tabs.
    private static func small(_ body: Rect, _ tickers: Int) -> [PanePlace] {
        let blank = body.height >= 18 ? 3 : 2
        let (quotes, tabs) = body.splitTop(
            min(max(tickers, 3) + blank, max(body.height * 2 / 5, tickers + 2, 6), body.height - 6))
        return [
            PanePlace(rect: quotes, panes: [.quotes]),
            PanePlace(rect: tabs, panes: PaneID.allCases.filter { $0 != .quotes }),
        ]
    }

    /// A title, the column heads, a row a ticker and a blank one, within what there is.
    private static func tableRows(_ tickers: Int, in available: Int) -> Int {
        min(max(tickers, 3) + 3, max(available, 6))
    }
}
