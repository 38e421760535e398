import Analytics
import Engine
import MarketModel
import TestSupport
import Testing

@Suite("How the engine classes what it receives")
struct EngineStateTests {
    @Test func `a trade delivered twice is applied once`() throws {
        var log = LogScript()
        log.trade(at: "231.40", second: 0, sequence: 1)
        log.trade(at: "231.40", second: 0, sequence: 1, received: 0.5)
        let run = try Run(log)
        #expect(run.counts.applied == 1)
        #expect(run.counts.duplicate == 1)
        #expect(run.effects.trades.count == 1)
        #expect(run.snapshot.tickers[0].figures.sessionVolume.description == "100")
    }

    @Test func `sequence numbers of another New York date are other trades`() throws {
        var log = LogScript()
        log.trade(at: "231.40", second: 0, sequence: 1)
        log.trade(at: "231.40", second: 86_400, sequence: 1)
        #expect(try Run(log).counts.applied == 2)
    }

    @Test func `the same sequence number of two tickers, or of a quote, is no duplicate`() throws {
        var log = LogScript()
        log.trade("AAPL", at: "231.40", second: 0, sequence: 1)
        log.trade("MSFT", at: "431.40", second: 0, sequence: 1)
        log.quote("AAPL", bid: "231.39", ask: "231.41", second: 0, sequence: 1)
        let run = try Run(log)
        #expect(run.counts.applied == 3)
        #expect(run.snapshot.tickers.map(\.symbol) == ["AAPL", "MSFT"])
    }

    @Test func `a trade out of order within lateness counts where it belongs`() throws {
        var log = LogScript()
        log.trade(at: "231.40", second: 3, sequence: 2)
        log.trade(at: "231.00", second: 1.5, sequence: 1, received: 3.1)
        let run = try Run(log)
        #expect(run.counts.applied == 2)
        #expect(run.snapshot.tickers[0].figures.price == "231.40")
        #expect(run.snapshot.tickers[0].figures.sessionVolume.description == "200")
    }

    @Test func `a trade further behind than lateness is stored and counted, and moves nothing`()
        throws
    {
        var log = LogScript()
        log.trade(at: "231.40", second: 10, sequence: 2)
        log.trade(at: "231.00", size: 50, second: 7.9, sequence: 1, received: 10.1)
        let run = try Run(log)
        #expect(run.counts.late == 1)
        #expect(run.effects.trades.map(\.isLate) == [false, true])
        let ticker = run.snapshot.tickers[0]
        #expect(ticker.lateVolume.description == "50")
        #expect(ticker.figures.sessionVolume.description == "100")
        #expect(ticker.lastPrint?.price == "231.00")
        #expect(ticker.lastTrade?.price == "231.40")
    }

    @Test func `an id below what is remembered is a duplicate only when it was stored before`()
        throws
    {
        var log = LogScript()
        log.trade(at: "231.40", second: 0, sequence: 1)
        for id in 0..<5000 {
            log.trade(at: "231.40", second: 1, sequence: SequenceNumber(10 + id))
        }
        log.trade(at: "231.40", second: 0, sequence: 1, received: 1.1)
        log.trade(at: "231.41", second: 0, sequence: 2, received: 1.1)
        for size in [1, 64, 4096, 6000] {
            let run = try Run(log, batchSize: size)
            #expect(run.counts.duplicate == 1, "batches of \(size)")
            #expect(run.counts.late == 1, "batches of \(size)")
        }
    }

    @Test func `an event dated 5 s ahead of its receipt, or a day before, is a dead letter`() throws
    {
        var log = LogScript()
        log.trade(at: "231.40", second: 5.1, sequence: 1, received: 0)
        log.trade(at: "231.40", second: 0, sequence: 2, received: 86_401)
        log.trade(at: "231.40", second: 5, sequence: 3, received: 0)
        let run = try Run(log)
        #expect(run.counts.deadLettered == 2)
        #expect(run.counts.applied == 1)
        #expect(run.effects.deadLetters.map(\.refusal.reason) == [.eventTime, .eventTime])
        #expect(run.effects.deadLetters[0].position == LogScript.position(0))
        log.checksEventTime = false
        #expect(try Run(log).counts.deadLettered == 0)
    }

    @Test func `one symbol more than the engine keeps is a dead letter`() throws {
        var settings = AnalyticsSettings()
        settings.symbolsMax = 2
        var log = LogScript()
        for (index, symbol) in (["AAPL", "MSFT", "TSLA", "AAPL"] as [Symbol]).enumerated() {
            log.trade(symbol, at: "10", second: 0, sequence: SequenceNumber(index + 1))
        }
        let run = try Run(log, settings: settings)
        #expect(run.counts.applied == 3)
        #expect(run.effects.deadLetters.map(\.refusal.reason) == [.tooManySymbols])
        #expect(run.effects.deadLetters[0].refusal.symbol == "TSLA")
    }

    @Test func `what could not be decoded is kept with its bytes`() throws {
        var log = LogScript()
        let refusal = Refusal(reason: .missingField, field: "p", symbol: "AAPL")
        log.add(.refused(refusal, raw: #"{"ev":"T"}"#), second: 0)
        let run = try Run(log)
        #expect(run.counts.received == 1)
        #expect(run.counts.deadLettered == 1)
        #expect(run.effects.deadLetters[0].raw == Array(#"{"ev":"T"}"#.utf8))
        #expect(run.effects.deadLetters[0].refusal == refusal)
    }

    @Test func `clock records, notices and unknown types are not received; shed events are`() throws
    {
        var log = LogScript()
        log.clock(second: 0)
        log.add(.ignored("status"), second: 0)
        log.add(.ignored("status"), second: 1)
        log.add(.notice(.connected(.massive)), second: 1)
        log.add(.notice(.shed(.massive, trades: 1, quotes: 6, other: 0)), second: 2)
        let run = try Run(log)
        #expect(run.counts.received == 7)
        #expect(run.counts.shed == 7)
        #expect(run.snapshot.ignored == [IgnoredTally(type: "status", count: 2)])
    }

    @Test func `an article polled twice counts once as applied and once as duplicate`() throws {
        var log = LogScript()
        let article = NewsArticle(
            articleID: "77", symbol: "AAPL", headline: "Apple beats", summary: "", publisher: "X",
            url: "", publishedAt: TestMorning.open)
        log.add(.article(article), source: .finnhub, second: 1)
        log.add(.article(article), source: .finnhub, second: 61)
        let run = try Run(log)
        #expect(run.counts.applied == 1)
        #expect(run.counts.duplicate == 1)
        #expect(run.effects.articles.map(\.article) == [article])
        #expect(run.snapshot.articles.count == 1)
    }
}
