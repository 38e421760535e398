import Engine
import MarketModel

/// A made-up trading morning, the same every time: what golden screens show.
struct SampleMarket {
    static let symbols: [Symbol] = ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"]
    private static let closes: [Double] = [228.75, 180.25, 512.40, 219.39, 391.20]

    /// Friday 2026-01-02, 14:31:52.4 in New York.
    static let afternoon = Timestamp(milliseconds: 1_767_382_312_400)

    var now = SampleMarket.afternoon
    var tickers = SampleMarket.symbols

    /// A wandering price without a random generator: sums of sines.
    static func price(_ index: Int, at second: Int64) -> Double {
        let t = Double(second % 100_000)
        let phase = Double(index) * 1.7
        let wave =
            0.9 * sine(t / 4100 + phase) + 0.35 * sine(t / 690 + phase * 2)
            + 0.12 * sine(t / 97 + phase) + 0.05 * sine(t / 13 + phase)
        return closes[index % 5] * (1 + 0.006 * wave + 0.002 * (Double(index) - 2))
    }

    /// Taylor's series after reduction: enough for a picture, and the same on every machine.
    static func sine(_ x: Double) -> Double {
        let turns = (x / (2 * Double.pi)).rounded()
        let y = x - turns * 2 * Double.pi
        let square = y * y
        return y
            * (1 - square / 6
                * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (1 - square / 110)))))
    }

    static func cents(_ value: Double) -> Price {
        Price(units: Int64((value * 100).rounded()) * 10_000_000)
    }

    func snapshot() -> MarketSnapshot {
        var snapshot = MarketSnapshot(
            takenAt: now, position: LogPosition(epoch: 0, offset: now.milliseconds))
        snapshot.tickers = tickers.enumerated().map { ticker($1, index: $0) }
            .sorted { $0.symbol < $1.symbol }
        var counts = SourceCounts()
        counts.received = 1_284_031
        counts.applied = 1_283_990
        counts.duplicate = 24
        counts.late = 14
        counts.deadLettered = 3
        snapshot.counts = [SourceTally(source: .massive, counts: counts)]
        snapshot.episodes = episodes()
        snapshot.articles = articles()
        return snapshot
    }

    private func ticker(_ symbol: Symbol, index: Int) -> TickerSnapshot {
        let second = now.secondsFloor
        let price = SampleMarket.cents(SampleMarket.price(index, at: second))
        let close = SampleMarket.cents(SampleMarket.closes[index % 5])
        var ticker = TickerSnapshot(symbol: symbol, market: .usEquities)
        var figures = RollingFigures()
        figures.price = price
        figures.vwapOneMinute = SampleMarket.cents(SampleMarket.price(index, at: second - 30))
        figures.vwapFiveMinutes = SampleMarket.cents(SampleMarket.price(index, at: second - 150))
        figures.vwapSession = SampleMarket.cents(SampleMarket.price(index, at: second - 5000))
        figures.rollingAverageFiveMinutes = figures.vwapFiveMinutes
        figures.volumeZScore = [2.41, 3.77, -0.31, 0.02, 1.10][index % 5]
        figures.priceMomentum = [0.18, 0.05, -0.04, 0, -0.22][index % 5]
        figures.tradeFrequency = [1204, 2988, 541, 388, 1790][index % 5]
        figures.spread = "0.02"
        figures.spreadBasisPoints = 200 / price.asDouble
        figures.vwapDeviation = (price.asDouble - SampleMarket.price(index, at: second - 150))
        figures.vwapDeviationPercent = figures.vwapDeviation.map { $0 / price.asDouble * 100 }
        figures.velocityFiveSeconds = [0.012, 0.04, -0.008, 0.001, -0.61][index % 5]
        figures.change = Price(units: price.units - close.units)
        figures.changePercent = 100 * (price.asDouble - close.asDouble) / close.asDouble
        figures.changeBasis = .previousClose
        figures.sessionVolume = Volume(
            units: Int128([31_040_000, 217_300_000, 12_900_000, 14_800_000, 58_100_000][index % 5])
                * 100_000_000)
        figures.engineTime = now
        ticker.figures = figures
        ticker.quote = Quote(
            symbol: symbol, bid: Price(units: price.units - 10_000_000),
            ask: Price(units: price.units + 10_000_000), bidSize: 300, askSize: 1100,
            quotedAt: now, sequence: 9)
        ticker.receivedAt = now.advanced(byNanoseconds: -Int64(index) * 130_000_000)
        ticker.sessionHigh = SampleMarket.cents(price.asDouble * 1.004)
        ticker.sessionLow = SampleMarket.cents(price.asDouble * 0.991)
        ticker.sessionTradeCount = 182_334
        ticker.lateVolume = Volume(1200)
        ticker.features = FeatureVector(
            symbol: symbol, updatedAt: now.advanced(byNanoseconds: -400_000_000),
            position: .start, size: 200, figures: figures)
        ticker.provisionalBars = BarInterval.allCases.compactMap {
            bars(symbol, index, $0, count: 1).last
        }
        return ticker
    }

    /// The newest `count` bars, the last of them still open; lunch has a hole in it.
    func bars(_ symbol: Symbol, _ index: Int, _ interval: BarInterval, count: Int) -> [Bar] {
        let length = interval.rawValue
        let current = now.secondsFloor.flooredQuotient(length) * length
        return (0..<count).reversed().compactMap { back -> Bar? in
            let start = current - Int64(back) * length
            if interval == .minute, (20...24).contains(back) { return nil }
            let steps = (0...4).map {
                SampleMarket.price(index, at: start + Int64($0) * length / 4)
            }
            let spread = steps[0] * 0.0004
            let volume =
                4000 + 3000 * (1 + SampleMarket.sine(Double(start) / 431)) * Double(length) / 60
            var bar = Bar(
                symbol: symbol, interval: interval, start: Timestamp(seconds: start),
                open: SampleMarket.cents(steps[0]), high: SampleMarket.cents(steps.max()! + spread),
                low: SampleMarket.cents(steps.min()! - spread), close: SampleMarket.cents(steps[4]),
                volume: Volume(units: Int128(volume) * 100_000_000), tradeCount: 120,
                isFinal: back > 0)
            bar.notional = Notional(
                SampleMarket.cents(steps[2]), times: Size(units: Int64(bar.volume.units)))
            return bar
        }
    }

    private func vector(_ symbol: Symbol?) -> FeatureVector? {
        let index = symbol.flatMap { SampleMarket.symbols.firstIndex(of: $0) }
        return index.flatMap { ticker(SampleMarket.symbols[$0], index: $0).features }
    }

    func episodes() -> [Episode] {
        func episode(
            _ kind: AnomalyKind, _ symbol: Symbol?, _ severity: Severity, ago: Int64, hits: Int64,
            open: Bool, _ explanation: String
        ) -> Episode {
            let first = now.advanced(byNanoseconds: -ago * 1_000_000_000)
            return Episode(
                id: "\(kind.rawValue)-\(symbol.map(\.description) ?? "feed")-0.\(ago).0",
                kind: kind, symbol: symbol,
                severity: severity, firstAt: first,
                lastAt: first.advanced(byNanoseconds: 9_000_000_000),
                hits: hits, worstScore: 3.1, features: vector(symbol), explanation: explanation,
                isOpen: open,
                position: LogPosition(epoch: 0, offset: 1_000_000 - ago))
        }
        return [
            episode(
                .velocity, "TSLA", .high, ago: 12, hits: 4, open: true,
                "-0.61 % in 5 s, threshold 0.50 %"),
            episode(
                .volumeSpike, "NVDA", .medium, ago: 100, hits: 31, open: true,
                "3.8x the mean of 20 min, threshold 3.0x"),
            episode(
                .priceSpike, "NVDA", .critical, ago: 587, hits: 2, open: false,
                "+10.2 % from the mean of 20 closes, threshold 5 %"),
            episode(
                .crossedMarket, "AAPL", .medium, ago: 1741, hits: 1, open: false,
                "bid 228.16 above ask 228.14 for 1.4 s"),
            episode(
                .latency, nil, .high, ago: 2400, hits: 3, open: false,
                "p99 140 ms over 10 s, threshold 100 ms"),
        ]
    }

    func articles() -> [ScoredArticle] {
        func article(
            _ id: String, _ symbol: Symbol, _ minutes: Int64, _ compound: Double?,
            _ headline: String, _ publisher: String
        ) -> ScoredArticle {
            ScoredArticle(
                article: NewsArticle(
                    articleID: id, symbol: symbol, headline: headline, summary: "",
                    publisher: publisher,
                    url: "", publishedAt: now.advanced(byNanoseconds: -minutes * 60_000_000_000)),
                source: .finnhub, receivedAt: now, position: .start,
                sentiment: compound.map {
                    Sentiment(compound: $0, positive: 0.2, neutral: 0.7, negative: 0.1)
                })
        }
        return [
            article(
                "1", "NVDA", 3, 0.71,
                "Supplier lifts full-year outlook as data-centre orders beat every estimate",
                "Reuters"),
            article(
                "2", "TSLA", 20, -0.42, "Regulator opens inquiry into braking software", "Bloomberg"
            ),
            article("3", "AAPL", 36, 0.05, "Analyst day set for 12 December", "PR Newswire"),
            article("4", "MSFT", 61, nil, "マイクロソフト、新しいクラウド契約を発表 — 5年で20億ドル", "日経"),
            article(
                "5", "AMZN", 94, -0.66, "Warehouse strike spreads to three more states, union says",
                "AP"),
            article(
                "6", "NVDA", 1500, 0.30,
                "\u{1B}[31mEvil\u{1B}[0m headline \u{202E}with a bidi override", "x\u{200B}y"),
        ]
    }

    func status() -> PipelineStatus {
        var status = PipelineStatus()
        status.label = .live
        status.feedName = "massive wss://socket.massive.com/stocks"
        status.feed = .live
        status.startedAt = now.advanced(byNanoseconds: -22_320_000_000_000)
        status.receivedPerSecond = 812
        status.lastEventReceivedAt = now
        status.queueBytes = 12_400
        status.queueBytesMax = 67_108_864
        status.receiveToApplied.p50 = .microseconds(180)
        status.receiveToApplied.p99 = .microseconds(3100)
        status.receiveToApplied.max = .milliseconds(11)
        status.receiveToApplied.count = 8000
        status.receiveToDurable.p50 = .milliseconds(6)
        status.receiveToDurable.p99 = .milliseconds(17)
        status.receiveToDurable.max = .milliseconds(31)
        status.receiveToDurable.count = 8000
        status.commitLatency.p50 = .microseconds(2100)
        status.commitLatency.p99 = .microseconds(7900)
        status.commitLatency.max = .milliseconds(12)
        status.commitLatency.count = 900
        status.storeBytes = 412_300_000
        status.walBytes = 2_100_000
        status.journalBytes = 88_000_000
        status.deadLetterDepth = 3
        status.apiAddress = "http://127.0.0.1:8000"
        return status
    }
}
