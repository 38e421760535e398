import Analytics
import MarketModel

/// Everything the engine keeps of one ticker.
struct TickerState: ~Copyable {
    /// Tickers are numbered from 0 in the order in which the log first names them.
    let number: Int
    let symbol: Symbol
    let market: Market
    var windows: TickerWindows
    var bars: TickerBars
    /// One per source that has named the ticker: nearly always one.
    var marks = OwnedArray<SourceMarks>()

    /// The largest exchange time of the accepted trades.
    var watermark = Timestamp.distantPast
    /// Engine time: max(watermark, newest clock record - lateness).
    var time = Timestamp.distantPast
    /// The first nanosecond of the next second of engine time: beyond it `turnSecond` runs.
    var secondEnd = Timestamp.distantPast
    /// A second has turned since windows and rules were brought to engine time.
    var isUnsettled = false

    var quote: Quote?
    /// Where the current quote came from, for the stored sample.
    var quoteOrigin = Origin()
    /// The current quote is not stored yet; it is, once its second is over.
    var isQuoteUnsampled = false
    /// The first nanosecond after the current quote's second.
    var quoteSecondEnd = Int64.min
    var band: PriceBand?
    /// The newest eligible trade, the one the price is of.
    var lastEligible: Trade?
    var lastEligiblePosition = LogPosition.start
    /// An eligible trade has come since the last feature vector was sent out.
    var isFeatureUnsent = false
    /// The second of the newest feature vector sent out.
    var featureSecond = Int64.min
    var lastPrint: Trade?
    /// When the first trade of the log that counts was executed: the provider's history ends there.
    var firstExecutedAt: Timestamp?
    var receivedAt = Timestamp.distantPast
    var lateVolume = Volume.zero
    var unknownConditionCount: Int64 = 0

    /// The minute of engine time, and the state of the minutes' bars, that the two spike rules were
    /// measured at.
    var measuredMinute = Int64.min
    var measuredRevision = Int64.min
    var priceSpike = PriceSpikeRule()
    var volumeSpike = VolumeSpikeRule()
    var velocity = VelocityRule()
    var crossedMarket = CrossedMarketRule()
    var episodes = TickerEpisodes()
    var news = TickerNews()

    /// Where its isolation forest is; -1 without one.
    var forestPlace: Int32 = -1
    var forestActivity = ForestActivity()
    /// The forest's trainings so far.
    var modelVersion: Int64 = 0
    var indicators = TickerIndicators()
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
        day: TradingDay? = nil
    ) {
        self.number = number
        self.symbol = symbol
        self.market = market
        windows = TickerWindows(symbol: symbol, market: market, settings: settings, day: day)
        bars = TickerBars(symbol: symbol, market: market, settings: settings, day: day)
    }

    /// The marks of a source, made at its first event.
    @inline(__always)
    mutating func marks(of source: FeedSource) -> UnsafeMutablePointer<SourceMarks> {
        for index in 0..<marks.count where marks.pointer(at: index).pointee.source == source {
            return marks.pointer(at: index)
        }
        marks.append(SourceMarks(source: source))
        return marks.pointer(at: marks.count - 1)
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
