import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

/// Seconds count from 09:30 in New York.
@Suite struct `A dead letter taken up again` {
    private let id = LogPosition(epoch: 1, offset: 100)

    private func moment(_ second: Double) -> Timestamp {
        TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
    }

    /// A letter with these events, first received at a second.
    private func letter(
        _ events: [MarketEvent], source: FeedSource = .massive, received: Double
    ) -> LogScript.Entry {
        let receivedAt = moment(received)
        return .retry(
            RetriedLetter(
                letter: id, source: source, receivedAt: receivedAt,
                events: events.map {
                    LoggedEvent(
                        event: $0, receivedAt: receivedAt, position: .start, source: .retry)
                }))
    }

    private func trade(_ symbol: Symbol = "AAPL", second: Double, size: Size = 100) -> MarketEvent {
        .trade(.make(symbol, at: "231.44", size: size, second: second, sequence: 7))
    }

    private func retried(_ run: Run) -> SourceCounts {
        run.snapshot.counts.first { $0.source == .retry }?.counts ?? SourceCounts()
    }

    @Test func `is received from retry, applied, and resolved`() throws {
        var log = LogScript()
        log.add(letter([trade(second: 10)], received: 10.001), source: .retry, second: 900)
        let run = try Run(log)
        #expect(retried(run).received == 1 && retried(run).applied == 1)
        #expect(
            run.effects.retries == [
                RetryOutcome(
                    letter: id, position: LogScript.position(0), retriedAt: moment(900),
                    refusal: nil)
            ])
        #expect(run.effects.deadLetters.isEmpty)
        let stored = try #require(run.effects.trades.first)
        #expect(stored.source == .retry && stored.receivedAt == moment(10.001))
    }

    @Test(arguments: [1, 4096], [nil, 1])
    func `is applied once, however often it is taken up`(batchSize: Int, restarts: Int?) throws {
        var log = LogScript()
        for second in [900.0, 901, 902] {
            log.add(letter([trade(second: 10)], received: 10), source: .retry, second: second)
        }
        let run = try Run(log, batchSize: batchSize, restartEvery: restarts)
        #expect(run.effects.trades.count == 1)
        #expect(retried(run).applied == 1 && retried(run).duplicate == 2)
        #expect(run.effects.retries.map(\.refusal) == [nil, nil, nil])
        #expect(run.counts.isConserved)
    }

    @Test func `passes days later: it keeps the time at which it was received first`() throws {
        var log = LogScript()
        log.trade(at: "231.44", second: 259_199, sequence: 1)
        log.add(letter([trade(second: 10)], received: 10), source: .retry, second: 259_200)
        log.trade(at: "231.44", second: 10, sequence: 8, received: 259_200)
        let run = try Run(log)
        #expect(retried(run).late == 1, "three days behind its ticker")
        #expect(run.effects.retries.map(\.refusal) == [nil])
        #expect(run.effects.deadLetters.map(\.refusal.reason) == [.eventTime], "the plain trade")
    }

    @Test(arguments: [(10.0, RefusalReason.eventTime), (21.0, nil), (400_000.0, nil)])
    func `dated ahead of a slow clock, it passes once that time has come`(
        retriedAt: Double, reason: RefusalReason?
    ) throws {
        var log = LogScript()
        log.add(letter([trade(second: 20)], received: 1), source: .retry, second: retriedAt)
        let run = try Run(log)
        #expect(run.effects.retries.map(\.refusal?.reason) == [reason])
        #expect(run.effects.trades.count == (reason == nil ? 1 : 0))
    }

    @Test func `refused again it counts as dead-lettered, and makes no second letter`() throws {
        var log = LogScript()
        for second in [900.0, 1800] {
            log.add(letter([trade(second: 10)], received: 100_000), source: .retry, second: second)
        }
        let run = try Run(log)
        #expect(run.effects.deadLetters.isEmpty && run.effects.trades.isEmpty)
        #expect(retried(run).deadLettered == 2 && retried(run).isConserved)
        #expect(run.effects.retries.map(\.refusal?.reason) == [.eventTime, .eventTime])
    }

    @Test func `of several events each passes once, and all have to for it to be resolved`()
        throws
    {
        var settings = AnalyticsSettings()
        settings.symbolsMax = 1
        var wider = settings
        wider.symbolsMax = 2
        let both = letter([trade(second: 10), trade("MSFT", second: 10)], received: 10)
        var log = LogScript()
        log.add(both, source: .retry, second: 900)
        log.add(.notice(.settings(json: try wider.json)), source: .ticktop, second: 901)
        log.add(both, source: .retry, second: 902)
        let run = try Run(log, settings: settings)
        #expect(run.effects.retries.map(\.refusal?.reason) == [.tooManySymbols, nil])
        #expect(run.effects.trades.map(\.trade.symbol) == ["AAPL", "MSFT"])
        #expect(retried(run).duplicate == 1 && retried(run).isConserved)
    }

    @Test(arguments: [(FeedSource.binance, Market.continuous), (.massive, .usEquities)])
    func `a ticker that it names first follows its own source's market`(
        source: FeedSource, market: Market
    ) throws {
        var log = LogScript()
        log.add(
            letter([trade(second: 10)], source: source, received: 10), source: .retry, second: 11)
        #expect(try Run(log).snapshot.tickers.map(\.market) == [market])
    }

    @Test func `does not make its ticker look older or newer than it is`() throws {
        var log = LogScript()
        log.trade(at: "231.40", second: 100, sequence: 1)
        log.add(letter([trade(second: 99)], received: 99), source: .retry, second: 900)
        let run = try Run(log)
        #expect(run.snapshot.tickers[0].receivedAt == moment(100.001))
        #expect(run.snapshot.tickers[0].lastTrade?.executedAt == moment(100))
    }

    @Test func `an article passes once, too`() throws {
        let article = NewsArticle(
            articleID: "1", symbol: "AAPL", headline: "x", summary: "", publisher: "", url: "",
            publishedAt: TestMorning.open)
        var state = EngineState()
        var batch = EventBatch()
        batch.articles = [article]
        for offset in [Int64(0), 100] {
            let position = LogPosition(epoch: 1, offset: offset)
            batch.retries.append(
                RetriedLetter(
                    letter: id, source: .finnhub, receivedAt: moment(1),
                    events: [
                        LoggedEvent(
                            event: .article(index: 0), receivedAt: moment(1), position: position,
                            source: .retry)
                    ]))
            batch.events.append(
                LoggedEvent(
                    event: .retry(index: Int32(batch.retries.count - 1)), receivedAt: moment(9),
                    position: position, source: .retry))
        }
        batch.end = LogPosition(epoch: 1, offset: 200)
        var effects = EffectBatch()
        try state.apply(batch, into: &effects)
        #expect(effects.articles.count == 1)
        #expect(state.counts.applied == 1 && state.counts.duplicate == 1)
    }
}
