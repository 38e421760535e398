import GRDB
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct RetentionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let day: Double = 86_400

    /// One of everything on each of the days given, counted back from the newest.
    private static func everything(daysAgo: [Double], symbol: Symbol = "AAPL") -> EffectBatch {
        var batch = EffectBatch.trades(
            daysAgo.enumerated().map { number, days in
                .make(
                    .make(symbol, at: "10", size: 1, second: -days * day, sequence: Int64(number)),
                    at: .at(Int64(number) * 100))
            })
        for stored in batch.trades { add(stored, to: &batch) }
        batch.engineTime = TestMorning.open
        return batch
    }

    private static func add(_ stored: StoredTrade, to batch: inout EffectBatch) {
        let symbol = stored.trade.symbol
        let at = stored.trade.executedAt
        let position = stored.position
        batch.quotes.append(
            StoredQuote(
                quote: Quote(
                    symbol: symbol, bid: "1", ask: "2", bidSize: 1, askSize: 1, quotedAt: at,
                    sequence: 1), source: .massive, receivedAt: at, position: position))
        batch.features.append(
            FeatureVector(
                symbol: symbol, updatedAt: at, position: position, size: 1,
                figures: RollingFigures()))
        for interval in BarInterval.allCases {
            batch.bars.append(Bar(symbol: symbol, interval: interval, start: at))
        }
        let id = "price_spike-\(symbol)-\(position)"
        batch.episodes.append(
            Episode(
                id: id, kind: .priceSpike, symbol: symbol, severity: .high, firstAt: at,
                lastAt: at, hits: 1, worstScore: 1, features: nil, explanation: "", isOpen: false,
                position: position))
        batch.articles.append(
            ScoredArticle(
                article: NewsArticle(
                    articleID: id, symbol: symbol, headline: "", summary: "", publisher: "",
                    url: "", publishedAt: at), source: .finnhub, receivedAt: at,
                position: position, sentiment: nil))
        batch.deadLetters.append(
            DeadLetter(
                position: position, source: .massive, receivedAt: at,
                refusal: Refusal(reason: .price, field: "p"), raw: []))
        batch.gaps.append(
            FeedGap(
                kind: .outage, source: .massive, symbol: nil, from: at, to: at, position: position))
    }

    private static func count(_ table: String, _ store: Store) throws -> Int {
        try store.history.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
    }

    @Test func `each kind of row goes when its time is over, measured against engine time`() throws
    {
        let days = [400, 200, 60, 20, 5, 1.5, 0.5, 0]
        let store = try Store.open(directory)
        try store.writer.perform(Self.everything(daysAgo: days))
        // Kept: those younger than the table's age.
        let expected = [
            "trades": 3, "quotes": 3, "active_minutes": 4, "features": 4, "news": 5,
            "dead_letters": 5, "episodes": 7, "gaps": 7, "bars WHERE seconds = 1": 3,
            "bars WHERE seconds = 60": 6, "bars WHERE seconds = 300": 8,
            "bars WHERE seconds = 900": 8, "bars WHERE seconds = 3600": 8,
            "bars WHERE seconds = 86400": 8,
        ]
        for (table, kept) in expected {
            var found = 0
            #expect(
                eventually {
                    found = (try? Self.count(table, store)) ?? -1
                    return found == kept
                }, "\(table): \(found) left of \(days.count), expected \(kept)")
        }
    }

    @Test func `the ages are settings, and without one a kind is kept for ever`() throws {
        var retention = RetentionSettings()
        retention.trades = .seconds(3600)
        retention.episodes = nil
        retention.bars = [.day: .seconds(86_400)]
        let store = try Store.open(directory, retention: retention)
        try store.writer.perform(Self.everything(daysAgo: [4000, 0.1, 0.01]))
        #expect(eventually { (try? Self.count("trades", store)) == 1 })
        #expect(eventually { (try? Self.count("bars WHERE seconds = 86400", store)) == 2 })
        #expect(try Self.count("bars WHERE seconds = 1", store) == 3)
        #expect(try Self.count("episodes", store) == 3)
    }

    @Test func `no step deletes more rows than it may`() throws {
        let connection = try StoreConnection.make(directory)
        try connection.commit(
            [.run(first: 0, count: 5000, perSecond: 10_000)], pausing: ReadPause())
        let later = TestMorning.open.advanced(by: .seconds(3 * 86_400))
        let rule = PruningRule.trades(.seconds(86_400))
        var left = 5000
        while left > 0 {
            let deleted = try connection.run { db in
                try rule.prune(db, engineTime: later, rowsMax: 700)
            }
            #expect(deleted == min(700, left))
            left -= max(1, deleted)
        }
        try connection.close()
    }

    @Test func `a series of many tickers is pruned over several steps, to the end`() throws {
        let connection = try StoreConnection.make(directory)
        var batch = EffectBatch()
        for ticker in 0..<700 {
            for day in [0, 1, 5] {
                batch.bars.append(
                    Bar(
                        symbol: Symbol("T\(ticker)")!, interval: .second,
                        start: TestMorning.open.advanced(by: .seconds(-day * 86_400))))
            }
        }
        batch.through = .at(1)
        try connection.commit([batch], pausing: ReadPause())
        var retention = RetentionSettings()
        retention.bars = [.second: .seconds(2 * 86_400)]
        let rule = SeriesPruning.rules(retention)[0]
        var cursor: Int64? = 0
        var steps = 0
        while let from = cursor {
            cursor = try connection.run { db in
                try rule.prune(db, engineTime: TestMorning.open, after: from, rowsMax: 100)
            }
            steps += 1
        }
        #expect(steps > 6)
        let left = try connection.run { try Int.fetchOne($0, sql: "SELECT count(*) FROM bars") }
        #expect(left == 1400)
        try connection.close()
    }

    @Test func `beyond the cap the oldest trades go, it shows, and the file stops growing`() throws
    {
        var retention = RetentionSettings()
        retention.storeBytesMax = 2 << 20
        let store = try Store.open(directory, retention: retention)
        for number in 0..<100 {
            try store.writer.perform(.run(first: number * 1000, count: 1000))
            try store.writer.flush()
        }
        #expect(eventually { store.writer.status.capReached })
        // The last step has left room, and still it shows.
        SystemClock.sleepThread(.milliseconds(1500))
        #expect(store.writer.status.capReached)
        #expect(eventually { store.writer.status.storeBytes < 3 << 20 })
        let newest = try store.history.trades("AAPL", before: nil, limit: 1)
        #expect(newest.first?.trade.sequence == 99_999)
        let left = try Self.count("trades", store)
        #expect(left > 5000 && left < 50_000)
        let oldest = try store.history.read { db in
            try Int.fetchOne(db, sql: "SELECT min(sequence) FROM trades")
        }
        #expect(oldest == 100_000 - left)
    }

    @Test func `space that pruning frees is given back`() throws {
        let store = try Store.open(directory)
        for number in 0..<200 {
            try store.writer.perform(.run(first: number * 1000, count: 1000))
        }
        try store.writer.flush()
        #expect(eventually { store.writer.status.storeBytes > 8 << 20 })
        var batch = EffectBatch()
        batch.engineTime = TestMorning.open.advanced(by: .seconds(3 * 86_400))
        batch.through = .at(30_000_000)
        try store.writer.perform(batch)
        #expect(eventually { (try? Self.count("trades", store)) == 0 })
        #expect(
            eventually { store.writer.status.storeBytes <= 4 << 20 },
            "\(store.writer.status.storeBytes)")
    }
}

extension StoreConnection {
    static func make(_ directory: TemporaryDirectory) throws -> StoreConnection {
        try StoreConnection(path: directory.path + "/market.sqlite")
    }
}
