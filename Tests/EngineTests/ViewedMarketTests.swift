import Engine
import MarketModel
import TestSupport
import Testing

@Suite struct `A market as others tell it` {
    private func aggregate(_ symbol: Symbol, price: Price, offset: Int64) -> TickerAggregate {
        var figures = RollingFigures()
        figures.price = price
        return TickerAggregate(
            symbol: symbol, market: .usEquities, position: LogPosition(epoch: 2, offset: offset),
            figures: figures,
            lastTrade: .make(symbol, at: price, size: 100, second: 1, sequence: offset))
    }

    private func quote(_ symbol: Symbol, bid: Price, offset: Int64) -> StoredQuote {
        StoredQuote(
            quote: Quote(
                symbol: symbol, bid: bid, ask: "300", bidSize: 1, askSize: 1,
                quotedAt: TestMorning.open, sequence: offset), source: .massive,
            receivedAt: TestMorning.open, position: LogPosition(epoch: 2, offset: offset))
    }

    private func episode(hits: Int64, isOpen: Bool, offset: Int64) -> Episode {
        Episode(
            id: "velocity-AAPL-2.1.0", kind: .velocity, symbol: "AAPL", severity: .low,
            firstAt: TestMorning.open, lastAt: TestMorning.open, hits: hits, worstScore: 1,
            features: nil, explanation: "", isOpen: isOpen,
            position: LogPosition(epoch: 2, offset: offset))
    }

    @Test func `shows every ticker in alphabetical order, with its newest figures and quote`() {
        var market = ViewedMarket()
        market.apply(aggregate("MSFT", price: "430", offset: 5))
        market.apply(quote("AAPL", bid: "231", offset: 6))
        market.apply(aggregate("AAPL", price: "231.5", offset: 7))
        let snapshot = market.snapshot(takenAt: TestMorning.open)
        #expect(snapshot.tickers.map(\.symbol) == ["AAPL", "MSFT"])
        #expect(snapshot.ticker("AAPL")?.figures.price == "231.5")
        #expect(snapshot.ticker("AAPL")?.quote?.bid == "231")
        #expect(snapshot.ticker("AAPL")?.features?.price == "231.5")
        #expect(snapshot.ticker("MSFT")?.lastTrade?.price == "430")
    }

    @Test func `is the same when an engine tells everything again after a crash`() {
        var market = ViewedMarket()
        func tell(from first: Int64) {
            for offset in first..<10 {
                market.apply(
                    aggregate("AAPL", price: Price(units: 230_000_000_000 + offset), offset: offset)
                )
                market.apply(quote("AAPL", bid: Price(units: 1000 + offset), offset: offset))
                market.apply(episode(hits: offset, isOpen: offset < 9, offset: offset))
            }
        }
        tell(from: 1)
        let before = market.snapshot(takenAt: TestMorning.open)
        market.apply(aggregate("AAPL", price: "1", offset: 3))
        market.apply(quote("AAPL", bid: "1", offset: 3))
        market.apply(episode(hits: 3, isOpen: true, offset: 3))
        let during = market.snapshot(takenAt: TestMorning.open)
        tell(from: 3)
        let after = market.snapshot(takenAt: TestMorning.open)
        for seen in [during, after] {
            #expect(seen.tickers[0].figures == before.tickers[0].figures)
            #expect(seen.tickers[0].quote == before.tickers[0].quote)
            #expect(seen.episodes == before.episodes && seen.episodes.map(\.hits) == [9])
            #expect(seen.episodes.map(\.isOpen) == [false])
        }
    }
}
