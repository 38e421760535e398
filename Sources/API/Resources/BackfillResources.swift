import MarketModel

/// `ticktop backfill` beside a running instance.
struct BackfillResources: Sendable {
    static let daysMax: Int64 = 31

    /// `nil` where no provider can be asked: the demo market, a recording, a log in Kafka.
    let backfill: Backfill?

    var routes: [Route] {
        [
            .write(
                "POST", "/api/v1/backfill/{ticker}",
                "Fetches bars of days and minutes from the feed's provider into the store; none, "
                    + "and says who that is, when the first day comes after the last.",
                [
                    Parameters.ticker.definition, Parameters.firstDay.definition,
                    Parameters.lastDay.definition,
                ], answer: .json(.backfilled), statuses: [409, 502], bars)
        ]
    }

    private func bars(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let end = try request.value(Parameters.lastDay)
        let begin = try request.value(Parameters.firstDay)
        guard let backfill else { throw .noProvider() }
        let today = backfill.today()
        let epoch = CivilDate(daysSince1970: 0)
        let last = max(epoch, min(end ?? today, today))
        let first = max(epoch, begin ?? last, last.adding(days: 1 - BackfillResources.daysMax))
        var fetched = Backfill.Fetched(days: 0, minutes: 0)
        do {
            if first <= last { fetched = try await backfill.fetch(symbol, first, last) }
        } catch {
            throw Problem(
                status: 502, name: "provider", title: "The provider did not answer as asked",
                detail: "\(backfill.provider): \(error)")
        }
        return Reply(JSON.backfilled(symbol, backfill.provider, first, last, fetched))
    }
}

extension Problem {
    fileprivate static func noProvider() -> Problem {
        Problem(
            status: 409, name: "no-provider", title: "Nobody to ask",
            detail: "The feed here is no provider's: the demo market, a recording, a log in Kafka.")
    }
}

extension JSON {
    fileprivate static func backfilled(
        _ symbol: Symbol, _ provider: String, _ first: CivilDate, _ last: CivilDate,
        _ fetched: Backfill.Fetched
    ) -> JSON {
        [
            "ticker": .of(symbol), "provider": .text(provider),
            "from": .text(first.description), "to": .text(last.description),
            "days": .of(fetched.days), "minutes": .of(fetched.minutes),
        ]
    }
}

extension Schema {
    fileprivate static let backfilled = Schema.object(
        "Backfilled",
        [
            ("ticker", .ticker), ("provider", .text), ("from", .date), ("to", .date),
            ("days", .integer(0...Int.max)),
            ("minutes", .integer(0...Int.max)),
        ])
}
