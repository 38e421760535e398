import Analytics
import MarketModel

/// Everything the engine keeps of one ticker.
struct TickerState: ~Copyable {
    // What every event reads or writes comes first and lies together, in the order in which it
    // fills lines of the cache: with thousands of tickers most of an event's time is waiting for
    // memory.

    /// Engine time: max(watermark, newest clock record - lateness).
    var time = Timestamp.distantPast
    /// The first nanosecond of the next second of engine time: beyond it `turnSecond` runs.
    var secondEnd = Timestamp.distantPast
    /// The largest exchange time of the accepted trades.
    var watermark = Timestamp.distantPast
    var receivedAt = Timestamp.distantPast
    /// One per source that has named the ticker: nearly always one.
    var marks: TickerMarks
    private let numberStored: Int32
    /// Some source may have ids missing that may still come.
    var mayHaveGaps = false
    /// Episodes, articles or a crossed market may have to be seen to while time passes: false only
    /// when there are no episodes and no article waits. No part of the state.
    var isAttended = true
    /// Nothing has happened to it since it was shown last. No part of the state.
    var isShown = false
    /// A second has turned since windows and rules were brought to engine time.
    var isUnsettled = false

    /// The first nanosecond after the current quote's second.
    var quoteSecondEnd = Int64.min
    let market: Market
    /// The current quote is not stored yet; it is, once its second is over.
    var isQuoteUnsampled = false
    /// An eligible trade has come since the last feature vector was sent out.
    var isFeatureUnsent = false
    /// The newest print is also the newest eligible trade.
    private var isPrintEligible = false
    /// Where its isolation forest is; -1 without one.
    var forestPlace: Int32 = -1
    var quote: Quote?
    /// Where the current quote came from, for the stored sample.
    var quoteOrigin = Origin()

    private(set) var lastPrint: Trade?
    private var lastPrintPosition = LogPosition.start
    /// Empty while no bars are made.
    var bars: OwnedPointer<TickerBars>
    var windows: TickerWindows

    // What is touched seldom, or only while more than windows is made.

    private var eligibleBefore: Trade?
    private var eligibleBeforePosition = LogPosition.start
    /// When the first trade of the log that counts was executed: the provider's history ends there.
    var firstExecutedAt: Timestamp?
    private let memory: MarketMemory

    var episodes: TickerEpisodes
    var news: TickerNews
    var crossedMarket = CrossedMarketRule()
    /// The minute of engine time, and the state of the minutes' bars, that the two spike rules were
    /// measured at.
    var measuredMinute = Int64.min
    var measuredRevision = Int64.min
    var velocity = VelocityRule()
    var priceSpike = PriceSpikeRule()
    var volumeSpike = VolumeSpikeRule()

    let symbol: Symbol
    var band: PriceBand?
    /// The second of the newest feature vector sent out.
    var featureSecond = Int64.min
    var lateVolume = Volume.zero
    var unknownConditionCount: Int64 = 0
    var forestActivity = ForestActivity()
    /// The forest's trainings so far.
    var modelVersion: Int64 = 0
    var indicators: TickerIndicators
    /// Coarser bars of the provider's history, until the log's own trades begin.
    var history = HistoryMerge()

    struct Origin: BitwiseCopyable {
        var source = FeedSource.ticktop
        var receivedAt = Timestamp.distantPast
        var position = LogPosition.start
    }

    /// `day` is one of the market's that the first trade may well be of.
    init(
        number: Int, symbol: Symbol, market: Market, settings: AnalyticsSettings,
        day: TradingDay? = nil, _ table: borrowing TickerTable
    ) {
        numberStored = Int32(number)
        self.symbol = symbol
        self.market = market
        memory = table.memory
        bars = OwnedPointer(in: memory)
        episodes = TickerEpisodes(memory: memory)
        news = TickerNews(memory)
        indicators = TickerIndicators(memory: memory)
        marks = TickerMarks(first: table.placeOfNextMarks)
        windows = TickerWindows(
            symbol: symbol, market: market, settings: settings, day: day, memory: memory)
        if settings.makesBars {
            bars.put(
                TickerBars(
                    symbol: symbol, market: market, settings: settings, day: day, memory: memory))
        }
    }

    /// Settings that came with the log. Bars that are made no longer are forgotten, open ones too.
    mutating func use(_ settings: AnalyticsSettings) {
        windows.use(settings)
        if !settings.makesBars {
            bars.remove()
        } else if let bars = bars.pointer {
            bars.pointee.use(settings)
        } else {
            bars.put(
                TickerBars(
                    symbol: symbol, market: market, settings: settings, day: windows.likelyDay,
                    memory: memory))
        }
    }

    /// Tickers are numbered from 0 in the order in which the log first names them.
    var number: Int {
        @inline(__always) mutating get { Int(numberStored) }
    }

    /// The newest eligible trade, the one the price is of.
    var lastEligible: Trade? { isPrintEligible ? lastPrint : eligibleBefore }
    var lastEligiblePosition: LogPosition {
        isPrintEligible ? lastPrintPosition : eligibleBeforePosition
    }

    /// Whether the ticker is surely this one, as its newest trade or quote says: seen without a
    /// look at what lies apart.
    @inline(__always)
    mutating func isNamed(byTrade symbol: Symbol) -> Bool { lastPrint?.symbol == symbol }

    @inline(__always)
    mutating func isNamed(byQuote symbol: Symbol) -> Bool { quote?.symbol == symbol }

    /// A trade that is stored has come. Most are eligible, and are kept once for both.
    @inline(__always)
    mutating func notePrint(_ trade: Trade, at position: LogPosition, isEligible: Bool) {
        if isPrintEligible, !isEligible {
            eligibleBefore = lastPrint
            eligibleBeforePosition = lastPrintPosition
        }
        isPrintEligible = isEligible
        lastPrint = trade
        lastPrintPosition = position
    }

    /// What a copy of the state holds of them.
    mutating func restore(print: Trade?, eligible: Trade?, at position: LogPosition) {
        (lastPrint, eligibleBefore) = (print, eligible)
        (lastPrintPosition, eligibleBeforePosition) = (position, position)
        isPrintEligible = print != nil && print == eligible
    }

    /// The marks of a source, made at its first event.
    @inline(__always)
    mutating func marks(of source: FeedSource) -> UnsafeMutablePointer<SourceMarks> {
        marks.of(source, memory)
    }

    /// As of now; its trade is the newest eligible one.
    mutating func featureVector() -> FeatureVector? {
        guard let trade = lastEligible else { return nil }
        var figures = RollingFigures()
        windows.writeFigures(&figures, quote: quote)
        var vector = FeatureVector(
            symbol: symbol, updatedAt: trade.executedAt, position: lastEligiblePosition,
            size: trade.size, figures: figures)
        vector.modelVersion = modelVersion == 0 ? nil : modelVersion
        return vector
    }
}
