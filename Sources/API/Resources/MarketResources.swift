import Engine
import MarketModel

/// The market as a whole: who moved, and how many rose.
struct MarketResources: Sendable {
    static let moversMax = 10

    let reader: MarketReader

    var routes: [Route] {
        [
            .get(
                "/api/v1/market", "The tickers that moved most, and how many rose and fell.",
                answer: .listing(.market, member: "movers", rows: .mover), market)
        ]
    }

    /// Segments and sectors are `null`: no reference table says which ticker belongs where.
    private func market(_: APIRequest) throws(Problem) -> Reply {
        let tickers = try reader.snapshot().tickers
        let moved = tickers.filter { $0.figures.changePercent != nil }.sorted {
            let (left, right) = ($0.figures.changePercent ?? 0, $1.figures.changePercent ?? 0)
            return left == right ? $0.symbol < $1.symbol : left > right
        }
        let count = MarketResources.moversMax
        let gainers = moved.filter { $0.figures.changePercent ?? 0 > 0 }.prefix(count)
        let losers = moved.filter { $0.figures.changePercent ?? 0 < 0 }.suffix(count)
        return Reply(
            [
                "movers": .list((Array(gainers) + Array(losers)).map(JSON.mover)),
                "segments": .null, "sectors": .null, "breadth": breadth(moved, of: tickers.count),
            ], cacheSeconds: 1)
    }

    private func breadth(_ moved: [TickerSnapshot], of tickerCount: Int) -> JSON {
        let advancing = moved.count { $0.figures.changePercent ?? 0 > 0 }
        let declining = moved.count { $0.figures.changePercent ?? 0 < 0 }
        return [
            "tickers": .of(tickerCount), "advancing": .of(advancing),
            "declining": .of(declining), "unchanged": .of(moved.count - advancing - declining),
        ]
    }
}

extension JSON {
    fileprivate static func mover(_ ticker: TickerSnapshot) -> JSON {
        let figures = ticker.figures
        return [
            "ticker": .of(ticker.symbol), "price": .of(figures.price),
            "change": .of(figures.change), "change_pct": .of(figures.changePercent),
            "session_volume": .of(figures.sessionVolume),
        ]
    }
}

extension Schema {
    static let mover = Schema.object(
        "Mover",
        [
            ("ticker", .ticker), ("price", .nullable(.number)), ("change", .nullable(.number)),
            ("change_pct", .number), ("session_volume", .number),
        ])
    static let market = Schema.object(
        "MarketOverview",
        [
            ("movers", .list(of: .mover)), ("segments", .nullable(.list(of: .text))),
            ("sectors", .nullable(.list(of: .text))),
            (
                "breadth",
                .object(
                    "Breadth",
                    [
                        ("tickers", .integer(0...Int.max)), ("advancing", .integer(0...Int.max)),
                        ("declining", .integer(0...Int.max)),
                        ("unchanged", .integer(0...Int.max)),
                    ])
            ),
        ])
}
