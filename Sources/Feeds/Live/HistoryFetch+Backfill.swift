import AsyncHTTPClient
import MarketModel

/// Bars of days that are over, for `ticktop backfill`.
extension HistoryFetch {
    /// What a provider told of one ticker.
    public struct Stretch: Sendable {
        /// Reference records: the bars of days, then those of minutes, oldest first.
        public var records: [LogRecord] = []
        public var days = 0
        public var minutes = 0
    }

    /// Why a provider's history could not be had, without a key in it.
    public struct Refused: Error, CustomStringConvertible {
        public var description: String
    }

    /// The closed bars of whole days, New York's for Massive and UTC's for Binance. What is not
    /// over at `clock.now` is left out; days without trading have none.
    public func stretch(
        of symbol: Symbol, from first: CivilDate, through last: CivilDate, clock: any MarketClock
    ) async throws(Refused) -> Stretch {
        guard provider == .binance || !key.isEmpty else {
            throw Refused(description: "MASSIVE_API_KEY is not set")
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: rest.configuration)
        let outcome: Result<Stretch, any Error>
        do {
            outcome = .success(
                try await stretch(symbol, first, last, client, now: clock.now))
        } catch {
            outcome = .failure(error)
        }
        do {
            try await client.shutdown()
            return try outcome.get()
        } catch {
            throw Refused(description: key.redacted(HistoryFetch.text(of: error)))
        }
    }

    private func stretch(
        _ symbol: Symbol, _ first: CivilDate, _ last: CivilDate, _ client: HTTPClient,
        now: Timestamp
    ) async throws -> Stretch {
        let from = midnight(of: first)
        let to = min(midnight(of: last.adding(days: 1)), now).advanced(byNanoseconds: -1_000_000)
        // Of a day that is not over, a provider tells what there is so far.
        let lastDay = min(last, today(at: now).adding(days: -1))
        var days: [ProviderBar] = []
        var minutes: [ProviderBar] = []
        switch provider {
        case .massive:
            if first <= lastDay {
                days = try await massiveRange(symbol, .day, "\(first)/\(lastDay)", client)
            }
            if from < to {
                minutes = try await massiveRange(
                    symbol, .minute, "\(from.milliseconds)/\(to.milliseconds)", client)
            }
        case .binance:
            let end = midnight(of: lastDay.adding(days: 1)).advanced(byNanoseconds: -1_000_000)
            days = try await binanceBars(symbol, .day, from: from, to: end, client)
            minutes = try await binanceBars(symbol, .minute, from: from, to: to, client)
        }
        let closed = HistoryFetch.closed(minutes, by: now)
        let notices = days.map { Notice.historicalBar($0, interval: .day) } + closed
        let records = notices.map { LogRecord(notice: $0, source: source, receivedAt: now) }
        return Stretch(records: records, days: days.count, minutes: closed.count)
    }

    /// Today in the days that this provider counts.
    public func today(at moment: Timestamp) -> CivilDate {
        switch provider {
        case .massive: MarketModel.NewYorkTime.date(at: moment)
        case .binance: CivilDate(daysSince1970: moment.secondsFloor.flooredQuotient(86_400))
        }
    }

    /// When such a day begins.
    public func midnight(of day: CivilDate) -> Timestamp {
        switch provider {
        case .massive: MarketModel.NewYorkTime.moment(on: day, secondOfDay: 0)
        case .binance: Timestamp(seconds: day.daysSince1970 * 86_400)
        }
    }
}
