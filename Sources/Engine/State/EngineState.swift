import Analytics
import MarketModel

/// What the program knows of the market: a pure function of the ordered log.
///
/// `apply` decides each event's class (applied, duplicate, late, dead letter, shed), moves windows,
/// bars, rules and episodes, and says what is to be stored. It reads no clock and waits for
/// nothing: the same log gives the same effects and the same `stateHash`, however it is cut into
/// batches. Owned and used by one thread.
///
/// Its methods are mutating even where they change nothing, as are those of what a ticker keeps:
/// called on a value that is only borrowed and cannot be copied, the compiler moves all of it (a
/// kibibyte) aside first.
public struct EngineState: ~Copyable {
    public internal(set) var settings: AnalyticsSettings
    /// Everything before it has been applied.
    public internal(set) var position = LogPosition.start
    /// Rows that events before this position call for are stored already, and are left out of the
    /// effects.
    public let committed: LogPosition?
    /// True until the log reaches `committed`: what comes out is stored already.
    public internal(set) var isCatchingUp: Bool

    /// The largest engine time of any ticker so far.
    var newestTime = Timestamp.distantPast
    var symbols: SymbolTable
    var tickers = TickerTable()
    /// Read ahead of the event at hand; no part of the state.
    var ahead = TickersAhead()
    var expected: UnsafeMutablePointer<TickerState>?
    /// By ticker: the clock floor from which a clock record concerns it. Not part of the state: a
    /// ticker woken too early is put to sleep again.
    var wakes = OwnedArray<Timestamp>(capacity: 16)
    /// What the settings come to.
    var plan: EnginePlan
    var indicatorPlan: IndicatorPlan
    /// Newest clock record - lateness: no ticker's engine time is before it.
    var clockFloor = Timestamp.distantPast
    var newestClock = Timestamp.distantPast
    var tallies = Tallies()
    var articles = ArticleShelf()
    var retries = Retries()
    let closedEpisodes = ClosedEpisodes()
    /// When each source's connection went down, by its raw value; `nil` while it is up.
    var disconnectedAt = [Timestamp?](repeating: nil, count: 8)
    var outages = OutageMemory()
    var tradingDates = TradingDateCache()
    let conditions = ConditionMemo()
    /// Scores a headline or a summary with the lexicon of the settings.
    let scoreText: @Sendable (String, SentimentLexiconName) -> Sentiment?
    /// Told each trade that moved its ticker's figures, and the figures after it; without one,
    /// figures are made only when asked for.
    public var figuresWitness: FiguresWitness?
    /// The trade and its figures are shown where they lie: so many fields cost more to move than to
    /// compute.
    public typealias FiguresWitness = (UnsafePointer<LoggedEvent>, inout RollingFigures) -> Void

    /// Told a ticker's number, the vector and the verdict of each trade that a forest has seen.
    /// Tickers are numbered from 0 in the order in which the log first names them.
    public var forestWitness:
        ((_ ticker: Int, Trade, ForestFeatures, TickerForest.Verdict) -> Void)?
    /// Whether effects hold aggregates. Not part of the state.
    public var sendsAggregates = false
    var forestPlaces = ForestPlaces()
    let shelf = SnapshotShelf()

    /// An empty state, at the start of the log.
    public init(
        settings: AnalyticsSettings = AnalyticsSettings(), committed: LogPosition? = nil,
        scoreText: @escaping @Sendable (String, SentimentLexiconName) -> Sentiment? = { _, _ in nil
        }
    ) {
        self.settings = settings
        self.committed = committed
        self.scoreText = scoreText
        isCatchingUp = committed != nil
        plan = EnginePlan(settings)
        indicatorPlan = IndicatorPlan(settings.indicators)
        symbols = SymbolTable(symbolsMax: settings.symbolsMax)
    }

    /// The largest engine time of any ticker so far; `nil` before the first trade or clock record.
    public var engineTime: Timestamp? { newestTime == .distantPast ? nil : newestTime }

    /// Applies a stretch of the log and appends what is to be stored.
    ///
    /// `storedPosition` finds a stored trade (one handed out in earlier effects) by its identity;
    /// it is asked only about ids below what the marks remember. What it throws is thrown on, and
    /// the state must not be used after that.
    public mutating func apply(
        _ batch: EventBatch, into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition? = { _, _ in nil }
    ) throws {
        // Read where they lie: an event is 152 bytes, and most of a copy would go unused.
        try batch.events.withUnsafeBufferPointer { events in
            try apply(events, of: batch, into: &effects, storedPosition: storedPosition)
        }
    }

    private mutating func apply(
        _ events: UnsafeBufferPointer<LoggedEvent>, of batch: EventBatch,
        into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws {
        var rest = events[...]
        if isCatchingUp, let committed {
            let stored = rest.prefix { $0.position < committed }
            try applyAll(stored, of: batch, into: &effects, storedPosition: storedPosition)
            effects = EffectBatch()
            rest = rest[stored.endIndex...]
            isCatchingUp = rest.isEmpty && batch.end < committed
        }
        try applyAll(rest, of: batch, into: &effects, storedPosition: storedPosition)
        position = batch.end
        effects.eventCount += rest.count
        stamp(&effects)
    }

    private mutating func applyAll(
        _ events: Slice<UnsafeBufferPointer<LoggedEvent>>, of batch: EventBatch,
        into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?
    ) throws {
        guard let figuresWitness else {
            return try applyAll(
                events, of: batch, into: &effects, storedPosition: storedPosition, show: { _, _ in }
            )
        }
        var figures = RollingFigures()
        // Asked for here, where it is counted as a reference once, not for each trade.
        try applyAll(events, of: batch, into: &effects, storedPosition: storedPosition) {
            ticker, logged in
            ticker.pointee.windows.writeFigures(&figures, quote: ticker.pointee.quote)
            figuresWitness(logged, &figures)
        }
    }

    /// `show` is told of each trade that moved its ticker.
    @inline(never)
    private mutating func applyAll(
        _ events: Slice<UnsafeBufferPointer<LoggedEvent>>, of batch: EventBatch,
        into effects: inout EffectBatch,
        storedPosition: (Trade, FeedSource) throws -> LogPosition?,
        show: (UnsafeMutablePointer<TickerState>, UnsafePointer<LoggedEvent>) -> Void
    ) throws {
        guard let base = events.base.baseAddress else { return }
        let readsAhead = readsAhead
        defer { endReadAhead() }
        for index in events.indices {
            if readsAhead { readAhead(of: index, in: events, base) }
            let logged = base + index
            switch logged.pointee.event {
            case .trade:
                let moved = try apply(
                    tradeAt: logged, of: batch, into: &effects, storedPosition: storedPosition)
                if let moved { show(moved, logged) }
            case .quote: apply(quoteAt: logged, of: batch, into: &effects)
            default: try applyRare(logged.pointee, of: batch, into: &effects)
            }
        }
    }

    /// What comes seldom, next to trades and quotes.
    @inline(never)
    private mutating func applyRare(
        _ logged: LoggedEvent, of batch: EventBatch, into effects: inout EffectBatch
    ) throws {
        switch logged.event {
        case .trade, .quote: preconditionFailure("trades and quotes are applied apart")
        case .bar(let bar): apply(bar, logged, of: batch, into: &effects)
        case .band(let band): apply(band, logged, of: batch, into: &effects)
        case .clock: applyClock(logged, into: &effects)
        case .refused(let index):
            refuse(logged, batch.refusals[Int(index)], of: batch, into: &effects)
        case .article(let index): apply(batch.articles[Int(index)], logged, into: &effects)
        case .notice(let index): apply(batch.notices[Int(index)], logged, into: &effects)
        case .ignored(let index): tallies.ignore(batch.ignored[Int(index)])
        case .retry(let index):
            try apply(batch.retries[Int(index)], logged, of: batch, into: &effects)
        }
    }

    /// Writes where the log stands, and the running totals there.
    mutating func stamp(_ effects: inout EffectBatch) {
        tallies.write(into: &effects)
        effects.engineTime = engineTime
        effects.through = position
    }

    /// Counts a received event as refused and keeps what it came from.
    mutating func refuse(
        _ logged: LoggedEvent, _ refusal: Refusal, of batch: EventBatch,
        into effects: inout EffectBatch
    ) {
        tallies.receive(logged.source, as: .deadLettered)
        effects.deadLetters.append(
            DeadLetter(
                position: logged.position, source: logged.source, receivedAt: logged.receivedAt,
                refusal: refusal, raw: batch.rawBytes(of: logged)))
    }
}
