import MarketModel

/// The tumbling bars of one ticker (analytics.md, section 3).
///
/// A trade touches the bar of its second only. A second that can no longer be amended is folded
/// into its minute, a minute that is over into its five minutes, and so on; an unfinished bar is
/// the merge of its parts, made when somebody looks. So a coarser bar is the merge of its finer
/// ones by construction.
///
/// Trades come in log order, filtered: no duplicates, none late. Methods are mutating even where
/// they change nothing: bars that are only borrowed would be copied, all 1.2 KiB, for the call.
public struct TickerBars: ~Copyable {
    public let symbol: Symbol
    public let market: Market
    var latenessNanoseconds: Int64
    /// One bit a level: whether its bars are sent out.
    var sentLevels: UInt8

    /// Ascending; the first `pendingCount` hold seconds with trades that may still be amended.
    private var pending: UnsafeMutablePointer<SecondBar>
    private var pendingCapacity: Int
    var pendingCount = 0
    /// By level from 1: what has been folded in of the bar that the level stands at; `BarSum.none`
    /// before the first.
    let folded: UnsafeMutablePointer<BarSum>

    /// Unix nanoseconds of the newest second; `Int64.min` before the first trade.
    var newestStart = Int64.min
    /// A bar that contains the newest second is final already, so that a trade would amend it.
    var newestIsFinal = false
    /// Bars that end at or before this second are final.
    var finalSecond = Int64.min
    /// By level: the end of the oldest bar that is not final; `Int64.max` without one.
    var nextEnds = InlineArray<6, Int64>(repeating: .max)
    var nextEnd = Int64.max
    /// A final bar has been amended, and is not sent again yet.
    public internal(set) var hasUnsent = false
    var firstSecond = Int64.max
    var minutes = MinuteHistory()
    /// Rises with every change of what `minuteCloses` and `minuteVolumes` are made from. Not kept
    /// in a state copy.
    public internal(set) var minutesRevision: Int64 = 0
    /// The trading day looked up last.
    public internal(set) var day: TradingDay
    private let memory: MarketMemory

    /// `day` is one of the market's that the first trade may well be of; any other is looked up.
    /// Bars are kept in `memory`.
    public init(
        symbol: Symbol, market: Market, settings: AnalyticsSettings, day: TradingDay? = nil,
        memory: MarketMemory = MarketMemory()
    ) {
        self.memory = memory
        self.symbol = symbol
        self.market = market
        latenessNanoseconds = settings.latenessNanoseconds
        sentLevels = TickerBars.levels(of: settings)
        pendingCapacity = 4
        pending = memory.take(SecondBar.self, count: pendingCapacity)
        folded = memory.take(BarSum.self, count: BarInterval.levels)
        folded.initialize(repeating: .none, count: BarInterval.levels)
        // Without one, a day long before any market: the cheapest to look up.
        self.day = day ?? TradingCalendar.day(containing: .distantPast, market: .continuous)
    }

    deinit {
        memory.giveBack(pending, count: pendingCapacity)
        memory.giveBack(folded, count: BarInterval.levels)
    }

    /// Settings that came with the log. Bars that were not sent so far are sent from here on.
    public mutating func use(_ settings: AnalyticsSettings) {
        latenessNanoseconds = settings.latenessNanoseconds
        sentLevels = TickerBars.levels(of: settings)
    }

    private static func levels(of settings: AnalyticsSettings) -> UInt8 {
        settings.intervals.reduce(0) { $0 | 1 << UInt8($1.level) }
    }

    /// Counts a trade in the bars it belongs to. What it amends is sent by the next `close`.
    @inline(__always)
    public mutating func apply(_ trade: Trade, flags: TradeFlags) {
        let offset = trade.executedAt.nanoseconds &- newestStart
        if UInt64(bitPattern: offset) < 1_000_000_000, !newestIsFinal {
            pending[pendingCount &- 1].take(trade, flags)
        } else {
            applyElsewhere(trade, flags)
        }
    }

    @inline(never)
    private mutating func applyElsewhere(_ trade: Trade, _ flags: TradeFlags) {
        let mayUpdate: TradeFlags = [
            .updatesVolume, .updatesIntradayHighLow, .updatesIntradayOpenClose,
        ]
        guard !flags.isDisjoint(with: mayUpdate) else { return }
        let second = trade.executedAt.secondsFloor
        keepDay(of: second)
        var place = pendingCount
        while place > 0, pending[place - 1].second >= second { place -= 1 }
        let isNew = place == pendingCount || pending[place].second != second
        var unsent = InlineArray<6, Bool?>(repeating: nil)
        for level in 0..<BarInterval.levels {
            let (start, end) = span(of: second, level: level)
            if end <= finalSecond {
                unsent[level] = !isNew || hasBar(level: level, start: start)
            } else if isNew {
                nextEnds[level] = min(nextEnds[level], end)
                nextEnd = min(nextEnd, end)
            }
        }
        if isNew { insert(SecondBar(second: second), at: place) }
        pending[place].take(trade, flags)
        for level in 0..<BarInterval.levels {
            guard let isAmendment = unsent[level] else { continue }
            pending[place].markUnsent(level: level, isAmendment: isAmendment)
            hasUnsent = true
        }
    }

    private mutating func insert(_ bar: SecondBar, at place: Int) {
        if pendingCount == pendingCapacity { grow() }
        for index in stride(from: pendingCount, to: place, by: -1) {
            pending[index] = pending[index - 1]
        }
        pending[place] = bar
        pendingCount += 1
        if bar.second < firstSecond {
            firstSecond = bar.second
            minutesRevision += 1
        }
        reviewNewest()
    }

    private mutating func grow() {
        let larger = memory.take(SecondBar.self, count: pendingCapacity * 2)
        larger.update(from: pending, count: pendingCount)
        memory.giveBack(pending, count: pendingCapacity)
        pending = larger
        pendingCapacity *= 2
    }

    /// What the fast path of `apply` compares with.
    mutating func reviewNewest() {
        guard pendingCount > 0 else { return }
        let newest = pending[pendingCount - 1].second
        newestStart = newest &* 1_000_000_000
        newestIsFinal = newest < finalSecond || span(of: newest, level: 5).end <= finalSecond
    }

    @inline(__always) func pendingBar(_ index: Int) -> SecondBar { pending[index] }

    mutating func appendPending(_ bar: SecondBar) { insert(bar, at: pendingCount) }

    mutating func markSent() {
        for index in 0..<pendingCount { pending[index].markSent() }
        hasUnsent = false
    }

    /// Takes the oldest pending seconds away.
    mutating func removeOldest(_ count: Int) {
        pendingCount -= count
        for index in 0..<pendingCount { pending[index] = pending[index + count] }
    }
}
