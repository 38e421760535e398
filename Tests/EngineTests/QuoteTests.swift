import Engine
import MarketModel
import TestSupport
import Testing

@Suite("Quotes in the engine")
struct QuoteTests {
    @Test func `an older quote is applied and does not replace the current one`() throws {
        var log = LogScript()
        log.quote(bid: "10.00", ask: "10.02", second: 2, sequence: 5)
        log.quote(bid: "9.00", ask: "9.02", second: 1, sequence: 4)
        let run = try Run(log)
        #expect(run.counts.applied == 2)
        #expect(run.snapshot.tickers[0].quote?.bid == "10.00")
    }

    @Test func `a quote delivered twice is a duplicate`() throws {
        var log = LogScript()
        log.quote(bid: "10.00", ask: "10.02", second: 2, sequence: 5)
        log.quote(bid: "10.00", ask: "10.02", second: 2, sequence: 5)
        #expect(try Run(log).counts.duplicate == 1)
    }

    @Test func `of each second the last quote is stored, once the second is over`() throws {
        var log = LogScript()
        log.quote(bid: "10.00", ask: "10.02", second: 2.1, sequence: 1)
        log.quote(bid: "10.01", ask: "10.02", second: 2.9, sequence: 2)
        log.quote(bid: "10.02", ask: "10.03", second: 3.1, sequence: 3)
        #expect(try Run(log).effects.quotes.map(\.quote.bid) == ["10.01"])
        log.clocks(4...7)
        #expect(try Run(log).effects.quotes.map(\.quote.bid) == ["10.01"])
        log.clock(second: 8)
        let stored = try Run(log).effects.quotes
        #expect(stored.map(\.quote.bid) == ["10.01", "10.02"])
        #expect(stored.map(\.position) == [LogScript.position(1), LogScript.position(2)])
    }

    @Test func `a quote moves neither watermark nor windows`() throws {
        var log = LogScript()
        log.trade(at: "10", second: 0, sequence: 1)
        log.quote(bid: "10.00", ask: "10.02", second: 60, sequence: 2)
        log.trade(at: "11", second: 1, sequence: 2, received: 60)
        let run = try Run(log)
        #expect(run.counts.late == 0)
        #expect(
            run.snapshot.tickers[0].figures.engineTime == TestMorning.open.advanced(by: .seconds(2))
        )
    }

    @Test func `a price band is kept`() throws {
        var log = LogScript()
        let band = PriceBand(
            symbol: "AAPL", upper: "11", lower: "9", at: TestMorning.open, sequence: 1)
        log.add(.event(.band(band)), second: 0)
        #expect(try Run(log).snapshot.tickers[0].band == band)
    }
}
