import MarketModel

/// One ticker of the demo market while it trades: its quote, its ids, its running minute.
struct DemoBook {
    private static let oddLotShare = 0.4
    private static let blockShare = 0.002
    private static let midpointShare = 0.08
    private static let fractionalShare = 0.02
    private static let centE4: Int64 = 100
    /// Venues as Massive numbers them: NYSE Arca, Nasdaq, Cboe, IEX; 4 is FINRA, off exchange.
    private static let venues: [UInt8] = [11, 12, 12, 12, 8, 19, 15, 4, 4]
    private static let offExchange: UInt8 = 4
    /// Half the width of the price band, as limit up, limit down has it for large names outside the
    /// open and close.
    private static let bandShare = 0.05

    private var fromE4 = 0.0
    private var toE4 = 0.0
    private var second: Int64 = 0
    private var bidE4: Int64 = 0
    private var askE4: Int64 = 0
    private var isCrossed = false
    private var tradeSequence: Int64
    private var quoteSequence: Int64
    private var minute: SimulatedMinute?
    private var volumeOfDay: Int64 = 0
    private var day: Int64 = .min

    init(_ listing: DemoListing, firstSequence: Int64) {
        tradeSequence = firstSequence
        quoteSequence = firstSequence
    }

    /// Five percent around the present price.
    var band: (upperE4: Int64, lowerE4: Int64) {
        func cents(_ priceE4: Double) -> Int64 {
            Int64((priceE4 / 100).rounded()) * DemoBook.centE4
        }
        return (cents(fromE4 * (1 + DemoBook.bandShare)), cents(fromE4 * (1 - DemoBook.bandShare)))
    }

    /// The price's way through the second that begins now.
    mutating func head(from: Double, to: Double, second: Int64) {
        fromE4 = from
        toE4 = to
        self.second = second
    }

    mutating func quote(
        at time: Timestamp, burst: DemoBurst?, random: inout SimulatedRandom
    ) -> SimulatedQuote {
        isCrossed = burst?.kind == .crossed
        requote(at: time, random: &random)
        quoteSequence += 1
        return SimulatedQuote(
            bidE4: bidE4, askE4: askE4, bidLots: 1 + Int64(random.geometric(0.3, atMost: 30)),
            askLots: 1 + Int64(random.geometric(0.3, atMost: 30)),
            bidExchange: DemoBook.venues[random.below(7)],
            askExchange: DemoBook.venues[random.below(7)], milliseconds: time.milliseconds,
            sequence: quoteSequence)
    }

    mutating func trade(
        at time: Timestamp, burst: DemoBurst?, random: inout SimulatedRandom
    ) -> SimulatedTrade {
        let middle = middleE4(at: time)
        if middle < Double(min(bidE4, askE4)) || middle > Double(max(bidE4, askE4)) {
            requote(at: time, random: &random)
        }
        tradeSequence += 1
        var trade = SimulatedTrade(
            priceE4: 0, shares: 0, exchange: DemoBook.venues[random.below(DemoBook.venues.count)],
            milliseconds: time.milliseconds, sequence: tradeSequence)
        trade.priceE4 = executionE4(burst, &random)
        if random.chance(DemoBook.midpointShare) {
            trade.priceE4 = (bidE4 + askE4) / 2
            trade.exchange = DemoBook.offExchange
        }
        setSize(of: &trade, burst: burst, &random)
        count(trade, at: time)
        return trade
    }

    /// The bar of the minute that ends now; `nil` without a trade in it.
    mutating func takeMinute(endingAt second: Int64) -> SimulatedMinute? {
        defer { minute = nil }
        return minute.flatMap { $0.startMilliseconds == (second - 60) * 1000 ? $0 : nil }
    }

    /// Buyers pay the ask, sellers get the bid; in a burst most press the same way.
    private func executionE4(_ burst: DemoBurst?, _ random: inout SimulatedRandom) -> Int64 {
        let buyers = burst.map { $0.move == 0 ? 0.5 : $0.move > 0 ? 0.8 : 0.2 } ?? 0.5
        let isBuy = random.chance(buyers)
        return isCrossed ? (bidE4 + askE4) / 2 : isBuy ? askE4 : bidE4
    }

    private func setSize(
        of trade: inout SimulatedTrade, burst: DemoBurst?, _ random: inout SimulatedRandom
    ) {
        let factor = burst?.sizeFactor ?? 1
        if random.chance(DemoBook.oddLotShare / factor) {
            trade.shares = 1 + Int64(99 * random.unit() * random.unit())
            trade.conditions = random.chance(0.25) ? (14, 37) : (37, 0)
            if random.chance(DemoBook.fractionalShare) {
                trade.shareTenths = UInt8(1 + random.below(9))
            }
            return
        }
        let lots = 1 + Double(random.geometric(0.65, atMost: 40))
        trade.shares = Int64((lots * factor).rounded()) * 100
        if random.chance(DemoBook.blockShare) {
            trade.shares = Int64(20 + random.below(60)) * 100
            trade.exchange = DemoBook.offExchange
            trade.conditions = random.chance(0.3) ? (2, 0) : (0, 0)
        } else if random.chance(0.2) {
            trade.conditions = (14, 41)
        }
    }

    private mutating func requote(at time: Timestamp, random: inout SimulatedRandom) {
        let middle = middleE4(at: time)
        // About a basis point wide, at least a cent, sometimes more.
        let cents = max(1, Int64(middle * 1e-6 * (0.6 + 0.9 * random.unit())))
        let spread = (cents + Int64(random.geometric(0.7, atMost: 6))) * DemoBook.centE4
        let jitter = (random.unit() - 0.5) * Double(DemoBook.centE4)
        let lower = Int64((middle + jitter - Double(spread) / 2) / 100) * DemoBook.centE4
        bidE4 = max(DemoBook.centE4, lower)
        askE4 = bidE4 + spread
        if isCrossed { swap(&bidE4, &askE4) }
    }

    private func middleE4(at time: Timestamp) -> Double {
        let share = Double(time.nanosecondsSince(Timestamp(seconds: second))) / 1e9
        return fromE4 + (toE4 - fromE4) * share
    }

    private mutating func count(_ trade: SimulatedTrade, at time: Timestamp) {
        let today = time.secondsFloor.flooredQuotient(86_400)
        if today != day { (day, volumeOfDay) = (today, 0) }
        volumeOfDay += trade.shares
        let start = time.secondsFloor.flooredQuotient(60) * 60_000
        var bar =
            minute
            ?? SimulatedMinute(
                startMilliseconds: start, openE4: trade.priceE4, highE4: trade.priceE4,
                lowE4: trade.priceE4, closeE4: trade.priceE4, volume: 0, volumeOfDay: 0)
        bar.volume += trade.shares
        bar.volumeOfDay = volumeOfDay
        if trade.shares >= 100 {  // Odd lots set no price.
            bar.highE4 = max(bar.highE4, trade.priceE4)
            bar.lowE4 = min(bar.lowE4, trade.priceE4)
            bar.closeE4 = trade.priceE4
        }
        minute = bar
    }
}
