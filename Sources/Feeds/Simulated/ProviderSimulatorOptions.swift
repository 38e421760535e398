import MarketModel

/// What the simulated provider sends, and how it misbehaves.
public struct ProviderSimulatorOptions: Sendable {
    public var host = "127.0.0.1"
    /// 0 takes any free port.
    public var port = 0
    /// Trades and quotes a second, over all tickers.
    public var eventsPerSecond = 1000.0
    /// How many tickers: the demo market's five, then invented ones. More than five share the
    /// events by a Zipf law.
    public var tickers = 5
    public var tradeShare = 0.8
    public var seed: UInt64 = 1
    /// How often what is due is sent, as one frame.
    public var tick = Duration.milliseconds(2)
    /// This key is refused; any other is accepted.
    public var keyRefused = "bad"
    /// Topics of these kinds are not covered by the plan: `Q`.
    public var kindsRefused: Set<String> = []
    /// One connection more is told `max_connections` and closed with 1008. `nil` for no limit.
    public var connectionsMax: Int?
    public var faults = SimulatorFaults()
    /// Receives every frame as it was sent, one a line, in the order sent.
    public var truthPath: String?
    /// Receives every event once, in planned order, as a faultless provider would have sent it.
    public var cleanPath: String?
    /// PEM files of the certificate and its key: the provider then speaks TLS.
    public var certificatePath: String?
    public var certificateKeyPath: String?

    public init() {}

    public var symbols: [Symbol] {
        (0..<max(1, tickers)).map { index in
            guard index >= DemoMarketOptions.symbolsDefault.count else {
                return DemoMarketOptions.symbolsDefault[index]
            }
            // QAAA, QAAB ...: four letters are enough for 17 576 tickers, and five for all that an
            // engine keeps.
            let letters = index < 17_576 ? 3 : 4
            var rest = index
            var name: [UInt8] = []
            for _ in 0..<letters {
                name.append(UInt8(65 + rest % 26))
                rest /= 26
            }
            return Symbol("Q" + String(decoding: name.reversed(), as: UTF8.self)) ?? "Q"
        }
    }
}

/// Faults on demand; shares are of events, for garbage of frames.
public struct SimulatorFaults: Equatable, Sendable {
    /// Never sent.
    public var drop = 0.0
    /// Sent twice, the second time up to `within` later.
    public var duplicate = 0.0
    /// Sent up to `within` after their turn.
    public var reorder = 0.0
    public var within = Duration.milliseconds(500)
    /// A frame that no decoder can read, before a proper one. Each is one dead letter.
    public var garbage = 0.0
    /// Every connection is closed (1001) this often; what happens until the client is back is not
    /// sent.
    public var disconnectEvery: Duration?
    /// Requests for news answered with 429; a share of them.
    public var newsLimited = 0.0
    /// What such an answer asks for, in whole seconds.
    public var newsRetryAfter = Duration.seconds(1)
    /// Requests for news answered with what no decoder can read; a share of them.
    public var newsGarbage = 0.0

    public init() {}
}

/// What a simulator has done so far. `trades` and `quotes` are those really sent, copies included.
public struct SimulatorCounts: Equatable, Sendable {
    public var planned: Int64 = 0
    public var trades: Int64 = 0
    public var quotes: Int64 = 0
    public var dropped: Int64 = 0
    public var duplicated: Int64 = 0
    public var reordered: Int64 = 0
    public var garbage: Int64 = 0
    /// Planned while nobody was there to hear them.
    public var unheard: Int64 = 0
    public var frames: Int64 = 0
    public var bytes: Int64 = 0
    public var connections: Int64 = 0
    public var disconnects: Int64 = 0
    /// Connections closed because the client read too slowly.
    public var slowReaders: Int64 = 0

    public init() {}
}
