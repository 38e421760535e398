import Analytics
import MarketModel
import TestSupport

/// A seeded stream of one ticker as the engine hands it on: no duplicates, nothing late.
///
/// Bursts and silences, reorders within lateness, odd conditions, and clock records that run ahead
/// of the trades.
struct TradeStream {
    enum Step {
        case trade(Trade)
        /// Engine time is at least this.
        case time(Timestamp)
    }

    let market: Market
    var steps: [Step] = []

    private var random: SeededRandom
    private var watermark: Int64
    private var engineTime: Int64
    private var price: Int64
    private var sequence: SequenceNumber = 0
    private let lateness: Int64

    init(
        seed: UInt64, from start: Timestamp, count: Int, market: Market,
        lateness: Int64 = 2_000_000_000, price: Price = "231.44", jumps: [Int: Int64] = [:]
    ) {
        random = SeededRandom(seed: seed)
        self.market = market
        self.lateness = lateness
        self.price = price.units
        watermark = start.nanoseconds
        engineTime = start.nanoseconds
        for index in 0..<count {
            if let seconds = jumps[index] { watermark += seconds * 1_000_000_000 }
            appendTrade()
            if chance(60) { appendClock() }
        }
    }

    private mutating func chance(_ one: Int) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    private mutating func appendTrade() {
        var executed = watermark + pause()
        if chance(6) { executed = watermark - Int64.random(in: 0...lateness, using: &random) }
        watermark = max(watermark, executed)
        engineTime = max(engineTime, watermark)
        if chance(3) { price += Int64.random(in: -9...9, using: &random) * (price / 4000) }
        sequence += 1
        // Feeds without sequences send zero: then the order of arrival decides.
        let isNumbered = !chance(10)
        steps.append(
            .trade(
                Trade(
                    symbol: "AAPL", price: Price(units: price),
                    size: Size(units: Int64.random(in: 0...400, using: &random) * 100_000_000),
                    executedAt: Timestamp(nanoseconds: executed),
                    sequence: isNumbered ? sequence : 0, conditions: conditions())))
    }

    /// Nanoseconds to the next trade.
    private mutating func pause() -> Int64 {
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<1: Int64.random(in: 100...700, using: &random) * 1_000_000_000
        case 1..<8: Int64.random(in: 5_000_000_000...40_000_000_000, using: &random)
        case 8..<120: Int64.random(in: 500_000_000...4_000_000_000, using: &random)
        // The same millisecond, as exchanges stamp bursts.
        case 120..<500: 0
        default: Int64.random(in: 0...60, using: &random) * 1_000_000
        }
    }

    private mutating func appendClock() {
        let ahead = chance(6) ? 90 : 5
        engineTime = max(
            engineTime,
            watermark + Int64.random(in: 0...Int64(ahead), using: &random) * 1_000_000_000)
        steps.append(.time(Timestamp(nanoseconds: engineTime)))
    }

    private mutating func conditions() -> TradeConditions {
        let odd: [[Int]] = [
            [12], [37], [2], [32], [15], [38], [10], [14, 41], [14, 37], [250], [12, 37], [13],
            [40],
            [12, 41], [12, 15], [0],
        ]
        return chance(3)
            ? TradeConditions(odd[Int.random(in: 0..<odd.count, using: &random)]) : .none
    }
}

/// Windows and bars of one ticker, moved as the engine moves them.
final class TickerBench {
    var windows: TickerWindows
    var bars: TickerBars
    var sent: [Bar] = []
    private let market: Market
    private let conditions = ConditionTable()
    private let lateness: Int64
    private(set) var time = Timestamp.distantPast
    private var secondEnd = Timestamp.distantPast

    init(market: Market, settings: AnalyticsSettings = AnalyticsSettings()) {
        self.market = market
        lateness = settings.latenessNanoseconds
        windows = TickerWindows(symbol: "AAPL", market: market, settings: settings)
        bars = TickerBars(symbol: "AAPL", market: market, settings: settings)
    }

    func move(to moment: Timestamp) {
        time = max(time, moment)
        guard time >= secondEnd else { return }
        secondEnd = Timestamp(seconds: time.secondsFloor + 1)
        windows.advance(to: time)
        bars.close(upTo: time.advanced(byNanoseconds: -lateness), into: &sent)
    }

    func apply(_ trade: Trade) {
        move(to: trade.executedAt)
        let flags = conditions.flags(trade.conditions, market: market)
        windows.apply(trade, flags: flags)
        bars.apply(trade, flags: flags)
    }

    func take(_ step: TradeStream.Step) {
        switch step {
        case .trade(let trade): apply(trade)
        case .time(let moment): move(to: moment)
        }
    }

    /// Sends what was amended since the last turn of a second.
    func flush() {
        bars.close(upTo: time.advanced(byNanoseconds: -lateness), into: &sent)
    }

    /// The stored bars as upserts leave them, and the provisional ones.
    var barsByKey: [BarKey: Bar] {
        var table: [BarKey: Bar] = [:]
        for bar in sent { table[BarKey(bar)] = bar }
        for bar in bars.provisional { table[BarKey(bar)] = bar }
        return table
    }

    /// Goes on with what a restart would read back.
    func restart(settings: AnalyticsSettings = AnalyticsSettings()) throws {
        var reader = StateReader(stateBytes)
        windows = try TickerWindows(
            from: &reader, symbol: "AAPL", market: market, settings: settings)
        bars = try TickerBars(from: &reader, symbol: "AAPL", market: market, settings: settings)
    }

    var stateBytes: [UInt8] {
        var writer = StateWriter()
        windows.encode(into: &writer)
        bars.encode(into: &writer)
        return writer.bytes
    }
}

struct BarKey: Hashable, Comparable {
    let interval: BarInterval
    let start: Timestamp

    init(_ bar: Bar) {
        interval = bar.interval
        start = bar.start
    }

    static func < (left: BarKey, right: BarKey) -> Bool {
        (left.interval, left.start) < (right.interval, right.start)
    }
}
