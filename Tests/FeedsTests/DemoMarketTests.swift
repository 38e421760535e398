import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `The demo market` {
    private static let noon = TestMorning.open.advanced(by: .seconds(9000))

    private func tape(
        from start: Timestamp = noon, seed: UInt64 = 7, burstEvery: Duration? = nil
    ) -> DemoTape {
        var options = DemoMarketOptions()
        options.seed = seed
        options.burstEvery = burstEvery
        return DemoTape(options, start: start)
    }

    @Test func `is the same for the same seed, however often it is asked`() {
        var whole = tape()
        var slices = tape()
        let end = Self.noon.advanced(by: .seconds(3))
        var inSlices: [[UInt8]] = []
        for millisecond in stride(from: 7, through: 3000, by: 7) {
            inSlices += slices.frames(until: Self.noon.advanced(by: .milliseconds(millisecond)))
        }
        inSlices += slices.frames(until: end)
        let inOne = whole.frames(until: end)
        #expect(inOne == inSlices)
        #expect(inOne.count > 100)
        var other = tape(seed: 8)
        #expect(other.frames(until: end) != inOne)
    }

    @Test func `is busiest at the open, quieter at noon and thin but alive overnight`() throws {
        func rate(atHour hour: Double) throws -> Double {
            let start = TestMorning.open.advanced(by: .seconds(Int64((hour - 9.5) * 3600)))
            // Spells of busy trade average out over several days.
            return try (0..<8).reduce(0.0) { sum, day in
                var tape = tape(from: start.advanced(by: .seconds(86_400 * day)))
                return sum + Double(try tape.events(seconds: 5).count) / 40
            }
        }
        let overnight = try rate(atHour: 2)
        let open = try rate(atHour: 9.6)
        let noon = try rate(atHour: 12.75)
        let close = try rate(atHour: 15.9)
        #expect(overnight > 100)
        #expect(noon > overnight * 1.15)
        #expect(open > noon * 1.5)
        #expect(close > noon * 1.4)
        #expect(open < 700)
    }

    @Test func `quotes around its trades, with trade ids that count on by one`() throws {
        var tape = tape()
        let events = try tape.events(seconds: 30)
        var sequences: [String: Int64] = [:]
        var quotes: [String: (bid: Double, ask: Double)] = [:]
        for event in events where event.ev == "T" {
            let last = sequences.updateValue(event.integer("q"), forKey: event.symbol)
            #expect(last == nil || last == event.integer("q") - 1)
            #expect(event.number("s") > 0 || event.object["ds"] != nil)
        }
        for event in events {
            if event.ev == "Q" {
                #expect(event.number("bp") < event.number("ap"))
                #expect(event.number("ap") / event.number("bp") < 1.0008)
                quotes[event.symbol] = (event.number("bp"), event.number("ap"))
            } else if event.ev == "T", let quote = quotes[event.symbol] {
                #expect(abs(event.number("p") / quote.bid - 1) < 0.002)
            }
        }
        #expect(Set(sequences.keys) == ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"])
        let trades = events.filter { $0.ev == "T" }
        let oddLots = trades.filter { $0.conditions.contains(37) }
        #expect(Double(oddLots.count) / Double(trades.count) > 0.3)
        #expect(Double(trades.count) / Double(events.count) > 0.35)
    }

    @Test func `goes on after a restart where it would have been, with higher ids`() throws {
        var first = tape()
        let last = try #require(
            try first.events(seconds: 20).last { $0.ev == "T" && $0.symbol == "AAPL" })
        var second = tape(from: Self.noon.advanced(by: .seconds(21)))
        let next = try #require(
            try second.events(seconds: 5).first { $0.ev == "T" && $0.symbol == "AAPL" })
        #expect(next.integer("q") > last.integer("q"))
        #expect(abs(next.number("p") / last.number("p") - 1) < 0.003)
    }

    @Test func `sends a minute bar and a band at every full minute`() throws {
        var tape = tape(from: Self.noon.advanced(by: .seconds(-2)))
        let events = try tape.events(seconds: 65)
        #expect(events.filter { $0.ev == "LULD" }.count == 10)
        let bar = try #require(events.last { $0.ev == "AM" && $0.symbol == "NVDA" })
        let trades = events.filter {
            $0.ev == "T" && $0.symbol == "NVDA" && bar.integer("s") <= $0.integer("t")
                && $0.integer("t") < bar.integer("e")
        }
        #expect(trades.reduce(0) { $0 + $1.integer("s") } == bar.integer("v"))
        #expect(bar.number("l") <= bar.number("h"))
    }
}

@Suite struct `The demo market's history` {
    private let options = DemoMarketOptions()
    private let start = TestMorning.open.advanced(by: .seconds(5000))

    private func history(
        burstEvery: Duration? = .seconds(150), eventsPerSecond: Double? = nil
    ) -> (DemoHistory, DemoTape) {
        var options = options
        options.eventsPerSecond = eventsPerSecond ?? options.eventsPerSecond
        options.burstEvery = burstEvery
        let tape = DemoTape(options, start: start)
        let history = DemoHistory(
            listings: tape.listings, plan: tape.plan, price: tape.price,
            eventsPerSecond: options.eventsPerSecond)
        return (history, tape)
    }

    @Test func `is a day of minute bars that joins up with the first trades`() throws {
        var (history, tape) = history()
        let bars = history.bars(before: start)
        #expect(bars.count == 5 * 1440)
        let apple = bars.filter { $0.symbol == "AAPL" }
        for (bar, next) in zip(apple, apple.dropFirst()) {
            #expect(bar.end == next.start)
            #expect(bar.close == next.open)
            #expect(bar.low <= bar.open && bar.open <= bar.high && bar.volume > 0)
        }
        let last = try #require(apple.last)
        #expect(last.end <= start && start.nanosecondsSince(last.end) < 60_000_000_000)
        let trade = try #require(
            try tape.events(seconds: 5).first { $0.ev == "T" && $0.symbol == "AAPL" })
        #expect(abs(trade.number("p") / last.close.asDouble - 1) < 0.01)
    }

    @Test(arguments: [1e9, 1e12, 1e300])
    func `has the largest volume there is where a tape would have more`(rate: Double) throws {
        let (history, _) = history(eventsPerSecond: rate)
        let newYearsEve = try #require(CivilDate(year: 2025, month: 12, day: 31))
        let days = history.days(of: "AAPL", from: newYearsEve, through: newYearsEve)
        let day = try #require(days.first)
        #expect(day.volume.units == Int64.max / Size.scale * Size.scale)
        #expect(history.bars(before: start).allSatisfy { $0.volume > 0 && $0.volume <= day.volume })
    }

    @Test func `has as its previous close the close at midnight UTC`() throws {
        let (history, _) = history()
        let bars = history.bars(before: start)
        for (symbol, price, date) in history.previousCloses(before: start) {
            let midnight = Timestamp(seconds: (date.daysSince1970 + 1) * 86_400)
            let bar = try #require(bars.first { $0.symbol == symbol && $0.end == midnight })
            #expect(bar.close == price)
            #expect(date == CivilDate(year: 2026, month: 1, day: 1))
        }
    }

    @Test func `moves tickers together, and in calm and stormy spells`() {
        let (history, _) = history(burstEvery: nil)
        let bars = history.bars(before: start)
        func returns(_ symbol: Symbol) -> [Double] {
            bars.filter { $0.symbol == symbol }.map { $0.close.asDouble / $0.open.asDouble - 1 }
        }
        #expect(correlation(returns("AAPL"), returns("MSFT")) > 0.2)
        #expect(correlation(returns("NVDA"), returns("TSLA")) > 0.2)
        let sizes = returns("AAPL").map { min(abs($0), 0.003) }
        #expect(correlation(Array(sizes.dropLast()), Array(sizes.dropFirst())) > 0.05)
        let total = returns("AAPL").reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(total > 0.01 && total < 0.06)
    }

    @Test func `goes on with moves that tickers share, in what is traded`() throws {
        var options = options
        options.burstEvery = nil
        options.eventsPerSecond = 25
        var tape = DemoTape(options, start: start)
        var lasts: [String: [Double]] = [:]
        for _ in 0..<90 {
            var last: [String: Double] = [:]
            for event in try tape.events(seconds: 30) where event.ev == "T" {
                last[event.symbol] = event.number("p")
            }
            for (symbol, price) in last { lasts[symbol, default: []].append(price) }
        }
        func returns(_ symbol: String) -> [Double] {
            let prices = lasts[symbol] ?? []
            return zip(prices, prices.dropFirst()).map { $1 / $0 - 1 }
        }
        let pairs = [("AAPL", "MSFT"), ("NVDA", "TSLA"), ("AMZN", "AAPL")]
        for (one, other) in pairs {
            #expect(lasts[one]?.count == 90 && lasts[other]?.count == 90)
            #expect(correlation(returns(one), returns(other)) > 0.2, "\(one) and \(other)")
        }
    }

    @Test func `comes first, after the connection and before any frame`() throws {
        let (_, tape) = history()
        let records = DemoMarket.opening(options, tape: tape, at: start)
        #expect(records[0].kind == .connection)
        #expect(records.filter { $0.kind == .reference }.count == 5 + 5 + 5 * 1440)
        let articles = records.filter { $0.kind == .article }
        #expect(articles.count == 24)
        #expect(records.allSatisfy { $0.source == .demo && $0.receivedAt == start })
    }
}

@Suite struct `The demo market's bursts` {
    private let noise = SimulatedNoise(seed: 3)
    private let from = TestMorning.open
    private let to = TestMorning.open.advanced(by: .seconds(86_400))

    private var plan: DemoBurstPlan {
        DemoBurstPlan(
            symbols: DemoMarketOptions.symbolsDefault, noise: noise,
            every: DemoMarketOptions().burstEvery)
    }

    private func tape(at time: Timestamp) -> DemoTape {
        var options = DemoMarketOptions()
        options.seed = 3
        return DemoTape(options, start: time)
    }

    @Test func `come one in every slot, of every kind and on every ticker`() {
        let bursts = plan.bursts(from: from, to: to)
        #expect(abs(bursts.count - 576) <= 1)
        #expect(Set(bursts.map(\.kind)) == Set(DemoBurst.Kind.allCases))
        #expect(Set(bursts.map(\.symbol)).count == 5)
        #expect(bursts.contains { $0.move < 0 } && bursts.contains { $0.move > 0 })
        let none = DemoBurstPlan(symbols: plan.symbols, noise: noise, every: nil)
        #expect(none.bursts(from: from, to: to).isEmpty)
    }

    @Test func `of the price move it by more than half a percent within five seconds`() throws {
        let burst = try #require(plan.bursts(from: from, to: to).first { $0.kind == .price })
        var tape = tape(at: burst.start.advanced(by: .seconds(-1)))
        let trades = try tape.events(seconds: 6).filter {
            $0.ev == "T" && $0.symbol == String(describing: burst.symbol)
        }
        let prices = trades.map { $0.number("p") }
        let low = try #require(prices.min())
        let high = try #require(prices.max())
        #expect(high / low - 1 > 0.005)
    }

    @Test func `of volume multiply what is traded`() throws {
        let burst = try #require(plan.bursts(from: from, to: to).first { $0.kind == .volume })
        func shares(from start: Timestamp) throws -> Int64 {
            var tape = tape(at: start)
            return try tape.events(seconds: 15).reduce(0) { sum, event in
                let counts = event.ev == "T" && event.symbol == String(describing: burst.symbol)
                return sum + (counts ? event.integer("s") : 0)
            }
        }
        let before = try shares(from: burst.start.advanced(by: .seconds(-16)))
        let during = try shares(from: burst.start)
        #expect(during > before * 5)
    }

    @Test func `of news follow their headline by 10 to 40 seconds`() throws {
        let listings = DemoListing.listings(plan.symbols, noise: noise)
        let news = DemoNews(listings: listings, plan: plan, noise: noise)
        let stories = news.stories(from: from, to: to)
        let explained = plan.bursts(from: from, to: to).filter { $0.kind == .news }
        #expect(explained.count > 100)
        // Sometimes: of all bursts some, and by no means all.
        let share = Double(explained.count) / Double(plan.bursts(from: from, to: to).count)
        #expect((0.2...0.4).contains(share))
        for burst in explained.dropFirst() {
            let headlineAt = try #require(burst.headlineAt)
            let lead = burst.start.duration(since: headlineAt)
            #expect(lead >= .seconds(10) && lead <= .seconds(40))
            #expect(
                stories.contains {
                    $0.symbol == burst.symbol
                        && $0.publishedAt.secondsFloor == headlineAt.secondsFloor
                })
        }
        #expect(Set(stories.map(\.id)).count == stories.count)
        #expect(Set(stories.map(\.headline)).count > 300)
    }

    @Test func `that cross the market show bids above asks`() throws {
        let burst = try #require(plan.bursts(from: from, to: to).first { $0.kind == .crossed })
        var tape = tape(at: burst.start)
        let quotes = try tape.events(seconds: 2).filter {
            $0.ev == "Q" && $0.symbol == String(describing: burst.symbol)
        }
        let crossed = quotes.filter { $0.number("bp") > $0.number("ap") }
        #expect(crossed.count > quotes.count / 2)
    }
}

@Suite struct `The demo market as a feed` {
    @Test func `is decoded without a refusal and stops when told`() throws {
        let start = TestMorning.open.advanced(by: .seconds(5000))
        let clock = ManualClock(start)
        let queue = FrameQueue(rule: .wait)
        let log = StatusLog()
        let market = DemoMarket(clock: clock) { log.note($0) }
        market.start(into: queue)
        #expect(eventually { log.all == [.live] })
        var records: [LogRecord] = []
        for _ in 0..<40 {
            clock.advance(by: .seconds(2))
            SystemClock.sleepThread(.milliseconds(25))
            _ = queue.take(into: &records, recordsMax: 100_000, wait: .zero)
        }
        let isEnough = eventually {
            _ = queue.take(into: &records, recordsMax: 100_000, wait: .zero)
            return records.reduce(0) { $0 + ($1.kind == .frame ? $1.payload.count : 0) } > 1_000_000
        }
        #expect(isEnough)
        market.stop()
        #expect(log.all == [.live, .ended])
        _ = queue.take(into: &records, recordsMax: 100_000, wait: .zero)
        let batch = EventBatch(decoding: records)
        #expect(batch.refusals.isEmpty && batch.ignored.isEmpty)
        #expect(batch.notices.first == .connected(.demo))
        #expect(batch.articles.count > 24)
        let trades = batch.events.compactMap {
            if case .trade(let trade) = $0.event { (trade, $0.receivedAt) } else { nil }
        }
        #expect(trades.count > 3000)
        #expect(trades.allSatisfy { $0.0.executedAt <= $0.1 && $0.0.price > .zero })
    }
}
