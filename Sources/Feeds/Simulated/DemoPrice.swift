import MarketModel

/// The demo market's prices as a function of the seed and the time alone, so that a day of history,
/// a restart and a second screen all agree with what is trading now.
///
/// A Brownian path by Levy's construction (midpoints displaced level by level, each displacement a
/// function of its place): a part shared by all tickers and a part of its own, in activity time,
/// with volatility that clusters.
struct DemoPrice {
    /// Deviation of the logarithm of the price over an ordinary minute.
    private static let deviationPerMinute = 0.0007
    private static let beta = 0.6
    private static let betaOfOwn = 0.8  // 0.6 and 0.8: the squares add up to 1.
    /// Minutes between the path's anchors, which are drawn on their own: prices stay near their
    /// base for ever.
    private static let anchorMinutes = 16_384.0
    /// Halvings of the anchors' distance: down to about a second.
    private static let levels = 20
    /// Levels at or below this distance have volatility that clusters.
    private static let clusteredMinutes = 32.0
    private static let marketStream: UInt64 = 0x4D41_524B
    private static let clusterStream: UInt64 = 0x564F_4C53

    let noise: SimulatedNoise
    let plan: DemoBurstPlan
    private let day = DemoDay()

    /// The market's part of the logarithm of every price.
    func market(at time: Timestamp) -> Double {
        path(DemoPrice.marketStream, at: day.activityTime(at: time))
    }

    /// A ticker's price, in 1e-4 of the currency unit and not rounded. `bursts` holds at least
    /// those of the ticker that are remembered.
    func priceE4(
        of listing: DemoListing, at time: Timestamp, market: Double, bursts: [DemoBurst]
    ) -> Double {
        let own = path(listing.stream, at: day.activityTime(at: time))
        var logarithm = listing.swing * (DemoPrice.beta * market + DemoPrice.betaOfOwn * own)
        for burst in bursts where burst.symbol == listing.symbol {
            logarithm += burst.excursion(at: time)
        }
        return listing.baseE4 * SimulatedNoise.exponential(logarithm)
    }

    private func path(_ stream: UInt64, at x: Double) -> Double {
        var length = DemoPrice.anchorMinutes
        let anchorDeviation = (length / 2).squareRoot()
        var value = anchorDeviation * noise.line(stream, 0, at: x / length)
        for level in 1...DemoPrice.levels {
            let place = x / length
            let index = place.rounded(.down)
            let tent = 1 - abs(2 * (place - index) - 1)
            var displacement = noise.normal(stream, level, Int64(index)) * length.squareRoot() / 2
            if length <= DemoPrice.clusteredMinutes {
                displacement *= volatility(at: (index + 0.5) * length)
            }
            value += displacement * tent
            length /= 2
        }
        return value * DemoPrice.deviationPerMinute
    }

    /// Around 1; rises and falls over tens of minutes for all tickers together.
    private func volatility(at x: Double) -> Double {
        let slow = noise.line(DemoPrice.clusterStream, 0, at: x / 25)
        let quick = noise.line(DemoPrice.clusterStream, 1, at: x / 6)
        return SimulatedNoise.exponential(0.35 * slow + 0.25 * quick)
    }
}

/// A ticker of the demo market: its name, its base price, and how it differs from the others.
struct DemoListing {
    let symbol: Symbol
    let name: [UInt8]
    /// As a headline calls it.
    let company: String
    let baseE4: Double
    /// How far it moves when the market moves.
    let swing: Double
    /// Its share of the market's events.
    let share: Double
    /// Mean shares of a trade.
    static let sharesMean = 130.0

    var stream: UInt64 { symbol.head ^ symbol.tail &* 31 }

    private static let known: [String: (company: String, price: Double, swing: Double)] = [
        "AAPL": ("Apple", 231.4, 0.9), "NVDA": ("Nvidia", 184.2, 1.5),
        "MSFT": ("Microsoft", 487.6, 0.8), "AMZN": ("Amazon", 232.8, 1.0),
        "TSLA": ("Tesla", 438.1, 1.6), "GOOGL": ("Alphabet", 291.3, 1.0),
        "META": ("Meta", 642.9, 1.1), "AMD": ("AMD", 221.7, 1.5),
        "NFLX": ("Netflix", 109.4, 1.1), "SPY": ("the S&P 500 fund", 662.5, 0.5),
    ]

    init(_ symbol: Symbol, noise: SimulatedNoise, marketShare: Double) {
        let text = String(describing: symbol)
        let known = DemoListing.known[text]
        let stream = symbol.head ^ symbol.tail &* 31
        self.symbol = symbol
        name = Array(text.utf8)
        company = known?.company ?? text
        baseE4 = (known?.price ?? 20 + 380 * noise.unit(stream, 900, 0)) * 10_000
        swing = known?.swing ?? 0.7 + 0.8 * noise.unit(stream, 901, 0)
        share = marketShare
    }

    /// Listings of the symbols, with their shares of the events adding up to 1.
    static func listings(_ symbols: [Symbol], noise: SimulatedNoise) -> [DemoListing] {
        let weights = symbols.map { 0.6 + 0.8 * noise.unit($0.head ^ $0.tail, 902, 0) }
        let total = weights.reduce(0, +)
        return zip(symbols, weights).map {
            DemoListing($0, noise: noise, marketShare: $1 / total)
        }
    }
}
