import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct StoreRoundTripTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    @Test func `a trade is read back as it was stored, conditions and id included`() throws {
        var trade = Trade.make(
            "BRK.B", at: "712345.000000001", size: "0.00000001", second: -0.25, sequence: 17,
            conditions: [12, 37])
        trade.tradeID = .max
        trade.exchange = -4
        trade.aggressor = .seller
        let stored = StoredTrade(
            trade: trade, source: .binance, receivedAt: TestMorning.open, position: .at(64, 3),
            isLate: false)
        try store.writer.perform(.trades([stored]))
        try store.writer.flush()
        #expect(try store.history.trades("BRK.B", before: nil, limit: 10) == [stored])
        #expect(try store.history.trades("AAPL", before: nil, limit: 10) == [])
        #expect(try store.history.symbols() == ["BRK.B"])
    }

    @Test func `trades come newest in the log first, late and reordered ones in their place`()
        throws
    {
        // Seconds of the log's trades: a late one of an hour ago, and one a second out of order.
        let seconds = [0.0, 1, 61, 60, 62, -3600, 125, 126]
        let stored = seconds.enumerated().map { number, second in
            StoredTrade.make(
                .make("AAPL", at: "10", size: 1, second: second, sequence: Int64(number)),
                at: .at(Int64(number) * 100), isLate: second < 0)
        }
        try store.writer.perform(.trades(stored))
        try store.writer.flush()
        let all = try store.history.trades("AAPL", before: nil, limit: 100)
        #expect(all == Array(stored.reversed()))
        var paged: [StoredTrade] = []
        while true {
            let page = try store.history.trades("AAPL", before: paged.last?.position, limit: 3)
            if page.isEmpty { break }
            paged += page
        }
        #expect(paged == Array(stored.reversed()))
    }

    @Test func `pages of a busy ticker among others join without a hole`() throws {
        var random = SeededRandom(seed: 7)
        let symbols: [Symbol] = ["AAPL", "NVDA", "MSFT"]
        let stored = (0..<3000).map { number in
            let jitter = Double.random(in: -1.9...0, using: &random)
            return StoredTrade.make(
                .make(
                    symbols.randomElement(using: &random)!, at: "10", size: 1,
                    second: Double(number) / 10 + jitter, sequence: Int64(number)),
                at: .at(Int64(number) * 100))
        }
        try store.writer.perform(.trades(stored))
        try store.writer.flush()
        for symbol in symbols {
            // Jitter is within lateness, so no trade counts as late.
            let expected = stored.filter { $0.trade.symbol == symbol }.reversed()
            var paged: [StoredTrade] = []
            while true {
                let page = try store.history.trades(
                    symbol, before: paged.last?.position, limit: 64)
                if page.isEmpty { break }
                paged += page
            }
            #expect(paged == Array(expected))
        }
    }

    @Test func `quotes are kept a second each, and the last one of a ticker`() throws {
        let stored = (0..<3).map { second in
            StoredQuote(
                quote: Quote(
                    symbol: "AAPL", bid: "10.01", ask: "10.00", bidSize: 3, askSize: 0,
                    quotedAt: TestMorning.open.advanced(by: .seconds(second)), sequence: 5,
                    hasExchangeTime: false), source: .massive, receivedAt: TestMorning.open,
                position: .at(Int64(second)))
        }
        var batch = EffectBatch()
        batch.quotes = stored
        batch.through = .at(100)
        try store.writer.perform(batch)
        try store.writer.flush()
        #expect(try store.history.lastQuotes() == [stored[2]])
        let end = TestMorning.open.advanced(by: .seconds(2))
        #expect(
            try store.history.quotes("AAPL", from: TestMorning.open, to: end)
                == Array(stored.prefix(2)))
    }

    @Test func `a quote whose second ends after a commit is stored all the same`() throws {
        let quote = StoredQuote(
            quote: Quote(
                symbol: "AAPL", bid: "10.00", ask: "10.01", bidSize: 3, askSize: 4,
                quotedAt: TestMorning.open, sequence: 5),
            source: .massive, receivedAt: TestMorning.open, position: .at(50))
        var batch = EffectBatch()
        batch.through = .at(100)
        try store.writer.perform(batch)
        try store.writer.flush()
        batch.quotes = [quote]
        batch.through = .at(200)
        try store.writer.perform(batch)
        try store.writer.flush()
        #expect(try store.history.lastQuotes() == [quote])
    }

    @Test func `a bar is replaced by its amendment, and volumes beyond 64 bits stay exact`() throws
    {
        var bar = Bar(symbol: "AAPL", interval: .minute, start: TestMorning.open, open: "1")
        bar.volume = Volume(units: Int128(Int64.max) * 1000 + 7)
        bar.notional = Notional(units: -Int128(Int64.max) * 100_000 - 3)
        var amended = bar
        amended.revision = 1
        amended.isFinal = true
        amended.close = "-0.5"
        let later = Bar(
            symbol: "AAPL", interval: .minute,
            start: TestMorning.open.advanced(by: .seconds(60)), isReference: true)
        var batch = EffectBatch()
        batch.bars = [bar, later, amended]
        batch.through = .at(100)
        try store.writer.perform(batch)
        try store.writer.flush()
        let history = store.history
        func read(_ from: Timestamp?, _ to: Timestamp?, _ limit: Int) throws -> [Bar] {
            try history.bars("AAPL", interval: .minute, from: from, to: to, limit: limit)
        }
        #expect(try read(nil, nil, 10) == [amended, later])
        #expect(try read(nil, nil, 1) == [later])
        #expect(try read(nil, later.start, 10) == [amended])
        #expect(try read(later.start, nil, 10) == [later])
        #expect(try history.bars("AAPL", interval: .hour, from: nil, to: nil, limit: 9) == [])
    }

    @Test func `feature vectors come newest first, with their empty figures empty`() throws {
        let vectors = (0..<130).map { second in
            var figures = RollingFigures()
            if second % 2 == 0 { figures.price = "10.5" }
            figures.volumeZScore = second == 3 ? nil : -0.1 * Double(second)
            figures.tradeFrequency = 1 / 3
            figures.spread = "-0.01"
            return FeatureVector(
                symbol: "AAPL", updatedAt: TestMorning.open.advanced(by: .seconds(second)),
                position: .at(Int64(second) * 100), size: 7, figures: figures)
        }
        var batch = EffectBatch.trades(
            vectors.map {
                .make(
                    .make(
                        "AAPL", at: "10.5", size: 7,
                        second: Double($0.updatedAt.nanosecondsSince(TestMorning.open)) / 1e9),
                    at: $0.position)
            })
        batch.features = vectors
        try store.writer.perform(batch)
        try store.writer.flush()
        #expect(
            try store.history.features("AAPL", limit: 100) == Array(vectors.reversed().prefix(100)))
        #expect(try store.history.features("NVDA", limit: 100) == [])
    }

    @Test func `articles come newest first, of one ticker or of all`() throws {
        let articles = (0..<4).map { scored(hour: $0) }
        var batch = EffectBatch()
        batch.articles = articles + [articles[1]]
        batch.through = .at(100)
        try store.writer.perform(batch)
        try store.writer.flush()
        let newest = Array(articles.reversed())
        #expect(try store.history.articles(nil, since: nil, limit: 10) == newest)
        #expect(try store.history.articles("NVDA", since: nil, limit: 10) == [articles[2]])
        let since = TestMorning.open.advanced(by: .seconds(3600))
        #expect(
            try store.history.articles("AAPL", since: since, limit: 10)
                == [articles[3], articles[1]])
    }

    @Test func `dead letters are kept with their bytes, and leave the list when archived`() throws {
        let letters = [
            letter(0, Refusal(reason: .malformed, field: "")),
            letter(1, Refusal(reason: .price, field: "p", symbol: "AAPL")),
            letter(2, Refusal(reason: .eventTime, field: "t", symbol: "AAPL")),
        ]
        var batch = EffectBatch()
        batch.deadLetters = letters
        batch.through = .at(200)
        try store.writer.perform(batch)
        try store.writer.flush()
        let history = store.history
        #expect(try history.deadLetters(limit: 10) == Array(letters.reversed()))
        #expect(
            try history.deadLetters(before: letters[2].position, limit: 1) == [letters[1]])
        #expect(try history.archiveDeadLetters(at: [.at(100, 1)], now: TestMorning.open) == 1)
        #expect(try history.archiveDeadLetters(at: [.at(101, 1)], now: TestMorning.open) == 0)
        #expect(try history.deadLetters(limit: 10) == [letters[2], letters[0]])
        #expect(try history.deadLetterCount() == 2)
        var archived = letters[1]
        archived.fate = .archived
        #expect(try history.deadLetter(at: .at(100, 1)) == archived)
    }

    @Test func `gaps, counts, ignored types and the position are kept`() throws {
        let gaps = [
            FeedGap(
                kind: .outage, source: .massive, symbol: nil, from: TestMorning.open,
                to: TestMorning.open.advanced(by: .seconds(9)), position: .at(1)),
            FeedGap(
                kind: .sequence, source: .binance, symbol: "BTCUSDT", from: TestMorning.open,
                to: TestMorning.open, firstMissing: 4, lastMissing: 9, position: .at(2)),
        ]
        var counts = SourceCounts()
        counts.received = 10
        counts.applied = 9
        counts.late = 1
        var batch = EffectBatch()
        batch.gaps = gaps
        batch.counts = [(.massive, counts)]
        batch.ignored = [("status", 2)]
        batch.engineTime = TestMorning.open
        batch.through = .at(300)
        try store.writer.perform(batch)
        var next = EffectBatch()
        counts.duplicate = 5
        next.counts = [(.massive, counts)]
        next.ignored = [("status", 3)]
        next.through = .at(400)
        try store.writer.perform(next)
        try store.writer.flush()
        let history = store.history
        #expect(try history.gaps(limit: 9) == Array(gaps.reversed()))
        #expect(try history.sourceCounts().map(\.counts) == [counts])
        #expect(try history.ignoredTypes().map(\.count) == [3])
        let committed = try history.committed()
        #expect(committed.position == .at(400))
        #expect(committed.engineTime == TestMorning.open)
        #expect(committed == store.writer.status.mark)
    }

    private func scored(hour: Int) -> ScoredArticle {
        let article = NewsArticle(
            articleID: "n\(hour)", symbol: hour == 2 ? "NVDA" : "AAPL",
            headline: "Beats \u{1F680}", summary: "", publisher: "Wire",
            url: "https://example.org/\(hour)",
            publishedAt: TestMorning.open.advanced(by: .seconds(3600 * hour)))
        let sentiment = Sentiment(compound: 0.5, positive: 0.25, neutral: 0.5, negative: 0.25)
        var scored = ScoredArticle(
            article: article, source: .finnhub, receivedAt: TestMorning.open,
            position: .at(Int64(hour)), sentiment: hour == 0 ? nil : sentiment)
        if hour == 2 {
            scored.summarySentiment = sentiment
            scored.correlation = NewsCorrelation(strength: .strong, volumeZScore: 3.25)
        }
        if hour == 1 {
            scored.correlation = NewsCorrelation(strength: .none, volumeZScore: nil)
        }
        return scored
    }

    private func letter(_ number: Int32, _ refusal: Refusal) -> DeadLetter {
        DeadLetter(
            position: .at(100, number), source: .massive, receivedAt: TestMorning.open,
            refusal: refusal, raw: [0, 255, UInt8(number)])
    }
}
