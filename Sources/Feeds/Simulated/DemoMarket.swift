import MarketModel

/// What the demo market is made of.
public struct DemoMarketOptions: Equatable, Sendable {
    public static let symbolsDefault: [Symbol] = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]

    public var symbols = DemoMarketOptions.symbolsDefault
    public var seed: UInt64 = 1
    /// Trades and quotes of all tickers together in an ordinary moment; the daily shape makes it
    /// 0.58 to 1.7 times that.
    public var eventsPerSecond = 260.0
    /// One burst in every such stretch; `nil` for none.
    public var burstEvery: Duration? = .seconds(150)
    /// Headlines, those before bursts and others.
    public var hasNews = true

    public init() {}
}

/// A market that needs no network: seeded, always open, paced by a clock, labelled DEMO wherever it
/// is shown.
///
/// It begins with a connection record, a day of history and the latest headlines, then sends
/// Massive frames of source `demo`. Prices, bursts and headlines are functions of the seed and the
/// time, so a restart goes on where the market would have been. Trade ids rise by one,
/// but over an outage or a restart, where they jump: they tell duplicates, and promise no gaps.
public final class DemoMarket: Sendable {
    /// How often the tape is asked for what has happened since.
    private static let pause = Duration.milliseconds(20)
    /// After a longer absence (a stopped process) the market does not catch up, it goes on from
    /// now.
    private static let catchUpMax: Int64 = 5_000_000_000
    /// Two seconds: a reader that has not begun by then is not waited for.
    private static let openingPausesMax = 100
    private static let newsBeforeStart: Int64 = 2 * 3_600_000_000_000
    private static let storiesBeforeStartMax = 24

    private let options: DemoMarketOptions
    private let clock: any MarketClock
    private let onStatus: @Sendable (FeedStatus) -> Void
    private let thread = FeedThread(name: "demo market")

    public init(
        _ options: DemoMarketOptions = DemoMarketOptions(), clock: any MarketClock,
        onStatus: @escaping @Sendable (FeedStatus) -> Void = { _ in }
    ) {
        precondition(!options.symbols.isEmpty && options.eventsPerSecond > 0)
        self.options = options
        self.clock = clock
        self.onStatus = onStatus
    }

    /// Begins to offer records to the queue, from a thread of its own. Once only.
    public func start(into queue: FrameQueue) {
        thread.start { [self] in
            run(into: queue)
            onStatus(.ended)
        }
    }

    /// Returns when the last record has been offered, or after two seconds when the queue has no
    /// room for it.
    public func stop() { thread.stop() }

    /// The bursts that begin in `from..<to`, oldest first: what the rules should find.
    public func bursts(from: Timestamp, to: Timestamp) -> [DemoBurst] {
        DemoTape(options, start: from).plan.bursts(from: from, to: to)
    }

    private func run(into queue: FrameQueue) {
        let start = clock.now
        var tape = DemoTape(options, start: start)
        queue.offer(contentsOf: DemoMarket.opening(options, tape: tape, at: start))
        waitUntilTaken(queue)
        onStatus(.live)
        let news = DemoNews(listings: tape.listings, plan: tape.plan, noise: tape.price.noise)
        var newsUntil = start
        while thread.pause(DemoMarket.pause) {
            let now = clock.now
            if now.nanosecondsSince(tape.toldUntil) > DemoMarket.catchUpMax { tape.skip(to: now) }
            var records: [LogRecord] = []
            if options.hasNews, now > newsUntil {
                records = DemoMarket.articles(
                    news.stories(from: newsUntil, to: now), receivedAt: now)
                newsUntil = now
            }
            records += tape.frames(until: now).map {
                LogRecord(kind: .frame, source: .demo, receivedAt: now, payload: $0)
            }
            if !records.isEmpty { queue.offer(contentsOf: records) }
        }
    }

    /// Trades begin once the history has been read, or they would seem delayed by it.
    private func waitUntilTaken(_ queue: FrameQueue) {
        for _ in 0..<DemoMarket.openingPausesMax {
            guard queue.recordCount > 0, thread.pause(DemoMarket.pause) else { return }
        }
    }

    /// What comes before the first frame: connected, previous closes, companies, a day of bars, the
    /// latest headlines.
    static func opening(_ options: DemoMarketOptions, tape: DemoTape, at start: Timestamp)
        -> [LogRecord]
    {
        let history = DemoHistory(
            listings: tape.listings, plan: tape.plan, price: tape.price,
            eventsPerSecond: options.eventsPerSecond)
        var notices = [Notice.connected(.demo)]
        notices += history.previousCloses(before: start).map {
            .previousClose($0.symbol, $0.price, tradingDate: $0.date)
        }
        notices +=
            SimulatedCompanies(listings: tape.listings, noise: tape.price.noise).notices
        notices += history.bars(before: start).map { .historicalBar($0, interval: .minute) }
        let records = notices.map { LogRecord(notice: $0, source: .demo, receivedAt: start) }
        guard options.hasNews else { return records }
        let news = DemoNews(listings: tape.listings, plan: tape.plan, noise: tape.price.noise)
        let stories = news.stories(
            from: start.advanced(byNanoseconds: -newsBeforeStart), to: start)
        return records
            + articles(Array(stories.suffix(storiesBeforeStartMax)), receivedAt: start)
    }

    private static func articles(_ stories: [DemoNews.Story], receivedAt: Timestamp) -> [LogRecord]
    {
        stories.map {
            LogRecord(
                kind: .article, source: .demo, receivedAt: receivedAt, payload: DemoNews.json($0))
        }
    }
}
