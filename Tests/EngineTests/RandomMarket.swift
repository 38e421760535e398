import MarketModel
import TestSupport

/// A seeded log of trades, quotes, clocks and everything that goes wrong.
struct RandomMarket {
    private var random: SeededRandom
    private var script = LogScript()
    private var second = 0.0
    private var sequences: [Symbol: SequenceNumber] = [:]
    private var prices: [Symbol: Double] = [:]
    private var lastClock = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let tickers: [(symbol: Symbol, source: FeedSource)] = [
        ("AAPL", .massive), ("MSFT", .massive), ("TSLA", .massive), ("BTCUSDT", .binance),
        ("ETHUSDT", .binance),
    ]

    /// `faults` is the share of events that are duplicates, reordered, late, lost, or garbage.
    static func script(seed: UInt64, events: Int, faults: Double) -> LogScript {
        var market = RandomMarket(seed: seed)
        for _ in 0..<events { market.step(faults: faults) }
        market.script.clock(second: market.second + 100)
        return market.script
    }

    private mutating func step(faults: Double) {
        second += Double.random(in: 0...0.2, using: &random)
        if Int(second) > lastClock {
            lastClock = Int(second)
            script.clock(second: Double(lastClock))
        }
        if Double.random(in: 0..<1, using: &random) < faults {
            fault()
        } else if Int.random(in: 0..<5, using: &random) == 0 {
            quote()
        } else {
            trade(at: second)
        }
    }

    private mutating func ticker() -> (symbol: Symbol, source: FeedSource) {
        RandomMarket.tickers[Int.random(in: 0..<5, using: &random)]
    }

    private mutating func next(_ symbol: Symbol) -> SequenceNumber {
        sequences[symbol, default: 1000] += 1
        return sequences[symbol, default: 0]
    }

    private mutating func trade(at moment: Double, received: Double? = nil) {
        let (symbol, source) = ticker()
        let price =
            prices[symbol, default: 100] * (1 + Double.random(in: -0.002...0.002, using: &random))
        prices[symbol] = price
        let odd = source == .massive && Int.random(in: 0..<4, using: &random) == 0
        script.trade(
            symbol, at: Price(units: Int64(price * 100) * 10_000_000),
            size: Size(integerLiteral: Int64.random(in: 1...500, using: &random)), second: moment,
            sequence: next(symbol), source: source, received: received ?? second,
            conditions: odd ? [37] : [])
    }

    private mutating func quote() {
        let (symbol, source) = ticker()
        let bid = Int64(prices[symbol, default: 100] * 100)
        let width = Int64.random(in: -1...5, using: &random)
        script.quote(
            symbol, bid: Price(units: bid * 10_000_000),
            ask: Price(units: (bid + width) * 10_000_000),
            second: second, sequence: next(symbol) * 3, source: source)
        sequences[symbol, default: 0] -= 1
    }

    private mutating func fault() {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: again()
        case 1: trade(at: second - Double.random(in: 0...1.9, using: &random))
        case 2: trade(at: second - Double.random(in: 3...30, using: &random))
        case 3: _ = next(RandomMarket.tickers[3].symbol)
        case 4:
            script.add(.refused(Refusal(reason: .malformed, field: ""), raw: "{"), second: second)
        case 5: trade(at: second + 60)
        case 6: script.add(.notice(.shed(.massive, trades: 1, quotes: 9, other: 0)), second: second)
        default: script.add(.ignored("status"), second: second)
        }
    }

    /// One of the last two hundred entries is delivered once more.
    private mutating func again() {
        guard script.count > 0 else { return }
        let back = Int.random(in: 1...min(200, script.count), using: &random)
        let (entry, source, _) = script.entries[script.count - back]
        guard case .event = entry else { return }
        if case .event(.clock) = entry { return }
        script.add(entry, source: source, second: second)
    }
}
