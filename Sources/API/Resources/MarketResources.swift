import Engine
import MarketModel

/// The market as a whole: who moved, and how many rose, in all and by segment and sector.
struct MarketResources: Sendable {
    static let moversMax = 10

    let reader: MarketReader

    var routes: [Route] {
        [
            .get(
                "/api/v1/market", "The tickers that moved most, and how many rose and fell.",
                answer: .listing(.market, member: "movers", rows: .mover), cacheSeconds: 1, market)
        ]
    }

    /// Segments and sectors are `null` while no reference data say which ticker belongs where; a
    /// ticker whose place is unknown is in none of them.
    private func market(_: APIRequest) async throws(Problem) -> Reply {
        let tickers = try reader.snapshot().tickers
        let companies = try await reader.companies()
        let moved = tickers.filter { $0.figures.changePercent != nil }.sorted {
            let (left, right) = ($0.figures.changePercent ?? 0, $1.figures.changePercent ?? 0)
            return left == right ? $0.symbol < $1.symbol : left > right
        }
        let count = MarketResources.moversMax
        let gainers = moved.filter { $0.figures.changePercent ?? 0 > 0 }.prefix(count)
        let losers = moved.filter { $0.figures.changePercent ?? 0 < 0 }.suffix(count)
        let segments = CapitalizationSegment.allCases.map(\.rawValue)
        let bySegment = Dictionary(grouping: tickers) {
            companies[$0.symbol]?.segment?.rawValue ?? ""
        }
        let bySector = Dictionary(grouping: tickers) { companies[$0.symbol]?.sector ?? "" }
        return Reply(
            [
                "movers": .list((Array(gainers) + Array(losers)).map(JSON.mover)),
                "segments": JSON.groups(bySegment, in: segments),
                "sectors": JSON.groups(bySector, in: bySector.keys.sorted()),
                "breadth": JSON.breadth(tickers),
            ])
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

    fileprivate static func breadth(_ tickers: [TickerSnapshot]) -> JSON {
        .object(breadthMembers(tickers))
    }

    private static func breadthMembers(_ tickers: [TickerSnapshot]) -> [(
        name: String, value: JSON
    )] {
        let changes = tickers.compactMap(\.figures.changePercent)
        let advancing = changes.count { $0 > 0 }
        let declining = changes.count { $0 < 0 }
        return [
            ("tickers", .of(tickers.count)), ("advancing", .of(advancing)),
            ("declining", .of(declining)),
            ("unchanged", .of(changes.count - advancing - declining)),
        ]
    }

    /// Those of the names that have tickers, with the mean of their tickers' changes; `null` when
    /// none has. The name of what is unknown is empty.
    fileprivate static func groups(
        _ tickers: [String: [TickerSnapshot]], in names: [String]
    ) -> JSON {
        let groups = names.filter { !$0.isEmpty }.compactMap { name -> JSON? in
            guard let members = tickers[name] else { return nil }
            let changes = members.compactMap(\.figures.changePercent)
            let mean = changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count)
            return .object(
                [("name", .text(name)), ("change_pct", .of(mean))] + breadthMembers(members))
        }
        return groups.isEmpty ? .null : .list(groups)
    }
}

extension Schema {
    static let mover = Schema.object(
        "Mover",
        [
            ("ticker", .ticker), ("price", .nullable(.number)), ("change", .nullable(.number)),
            ("change_pct", .number), ("session_volume", .number),
        ])
    private static let breadthMembers: [Member] = [
        "tickers", "advancing", "declining", "unchanged",
    ]
    .map { ($0, .integer(0...Int.max)) }
    private static let group = Schema.object(
        "MarketGroup",
        [("name", .text), ("change_pct", .nullable(.number))] + breadthMembers)
    static let market = Schema.object(
        "MarketOverview",
        [
            ("movers", .list(of: .mover)), ("segments", .nullable(.list(of: group))),
            ("sectors", .nullable(.list(of: group))),
            ("breadth", .object("Breadth", breadthMembers)),
        ])
}
