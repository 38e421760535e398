import MarketModel
import TestSupport

@testable import Engine

/// Boards made at random: all that may be missing is there (`isFull`), or most of it.
struct RandomBoard {
    static let symbols: [Symbol] = ["AAPL", "AMZN", "BRK.B", "BTC/USD", "NVDA", "TSLA"]

    var random: SeededRandom
    let isFull: Bool
    let now: Timestamp

    init(seed: UInt64, isFull: Bool, now: Timestamp) {
        random = SeededRandom(seed: seed)
        self.isFull = isFull
        self.now = now
    }

    mutating func maybe<Value>(_ value: Value) -> Value? {
        isFull || Int.random(in: 0..<3, using: &random) > 0 ? value : nil
    }

    mutating func list<Value>(_ range: ClosedRange<Int>, _ make: (inout RandomBoard) -> Value)
        -> [Value]
    {
        let count = max(isFull ? 1 : 0, Int.random(in: range, using: &random))
        return (0..<count).map { _ in make(&self) }
    }

    mutating func count() -> Int64 { Int64.random(in: 1...9_000_000, using: &random) }
    mutating func price() -> Price {
        Price(units: Int64.random(in: 1...900_000_000_123, using: &random))
    }
    mutating func size() -> Size {
        Size(units: Int64.random(in: 1...90_000_000_001, using: &random))
    }
    mutating func number() -> Double { Double.random(in: -10...10, using: &random) }
    mutating func volume() -> Volume { Volume(units: Int128(count()) << 70 | 5) }

    mutating func moment() -> Timestamp {
        now.advanced(byNanoseconds: -Int64.random(in: 0...9_000_000_000, using: &random))
    }

    mutating func position() -> LogPosition {
        LogPosition(epoch: 3, offset: count(), index: Int32.random(in: 0...99, using: &random))
    }

    mutating func text() -> String {
        ["", "plain", "Überraschung \u{1F4C8} \"quoted\"", "zwei\nZeilen", "=1+1"].randomElement(
            using: &random)!
    }

    mutating func one<Value>(of values: [Value]) -> Value { values.randomElement(using: &random)! }

    // MARK: The market

    mutating func snapshot() -> MarketSnapshot {
        var snapshot = MarketSnapshot(takenAt: now, position: position())
        snapshot.tickers = RandomBoard.symbols.map { ticker($0) }
        snapshot.counts = list(0...3) {
            SourceTally(source: $0.one(of: FeedSource.allCases), counts: $0.counts())
        }
        snapshot.ignored = list(0...2) { IgnoredTally(type: $0.text(), count: $0.count()) }
        snapshot.episodes = list(0...5) { $0.episode() }
        snapshot.articles = list(0...5) { $0.article() }
        return snapshot
    }

    mutating func counts() -> SourceCounts {
        var counts = SourceCounts()
        counts.applied = count()
        counts.duplicate = count()
        counts.late = count()
        counts.deadLettered = count()
        counts.shed = count()
        counts.received =
            counts.applied + counts.duplicate + counts.late + counts.deadLettered + counts.shed
        return counts
    }

    mutating func ticker(_ symbol: Symbol) -> TickerSnapshot {
        var ticker = TickerSnapshot(
            symbol: symbol, market: one(of: [.usEquities, .continuous]), figures: figures())
        ticker.lastTrade = maybe(trade(symbol))
        ticker.lastPrint = maybe(trade(symbol))
        ticker.quote = maybe(
            Quote(
                symbol: symbol, bid: price(), ask: price(), bidSize: size(), askSize: size(),
                quotedAt: moment(), sequence: count(), hasExchangeTime: false))
        ticker.band = maybe(
            PriceBand(
                symbol: symbol, upper: price(), lower: price(), at: moment(), sequence: count()))
        ticker.receivedAt = maybe(moment())
        ticker.sessionHigh = maybe(price())
        ticker.sessionLow = maybe(price())
        ticker.sessionTradeCount = count()
        ticker.lateVolume = volume()
        ticker.unknownConditionCount = count()
        ticker.features = maybe(vector(symbol))
        ticker.model = maybe(model())
        ticker.provisionalBars = BarInterval.allCases.map { bar(symbol, $0) }
        ticker.indicators = maybe(BarInterval.allCases.map { reading($0) })
        ticker.signals = list(0...8) { $0.signal(symbol) }
        return ticker
    }

    mutating func figures() -> RollingFigures {
        var figures = RollingFigures()
        figures.price = maybe(price())
        figures.vwapOneMinute = maybe(price())
        figures.vwapFiveMinutes = maybe(price())
        figures.vwapSession = maybe(price())
        figures.rollingAverageFiveMinutes = maybe(price())
        figures.volumeZScore = maybe(number())
        figures.priceMomentum = maybe(number())
        figures.tradeFrequency = number()
        figures.spread = maybe(price())
        figures.spreadBasisPoints = maybe(number())
        figures.vwapDeviation = maybe(number())
        figures.vwapDeviationPercent = maybe(number())
        figures.velocityFiveSeconds = maybe(number())
        figures.change = maybe(price())
        figures.changePercent = maybe(number())
        figures.changeBasis = maybe(one(of: [.previousClose, .sessionOpen, .firstSeen]))
        figures.sessionVolume = volume()
        figures.engineTime = maybe(moment())
        return figures
    }

    mutating func trade(_ symbol: Symbol) -> Trade {
        Trade(
            symbol: symbol, price: price(), size: size(), executedAt: moment(), sequence: count(),
            conditions: TradeConditions([12, 37]), tradeID: .max - 3, exchange: 11,
            aggressor: one(of: [.unknown, .buyer, .seller]))
    }

    mutating func bar(_ symbol: Symbol, _ interval: BarInterval) -> Bar {
        Bar(
            symbol: symbol, interval: interval, start: moment(), open: maybe(price()),
            high: maybe(price()), low: maybe(price()), close: maybe(price()), volume: volume(),
            notional: Notional(units: Int128(count()) << 60 | 7), tradeCount: count(), revision: 2,
            isFinal: Bool.random(using: &random), isReference: Bool.random(using: &random))
    }

    mutating func vector(_ symbol: Symbol) -> FeatureVector {
        var vector = FeatureVector(
            symbol: symbol, updatedAt: moment(), position: position(), size: size(),
            figures: figures())
        vector.modelVersion = maybe(count())
        return vector
    }

    mutating func signal(_ symbol: Symbol) -> IndicatorSignal {
        IndicatorSignal(
            symbol: symbol, kind: one(of: IndicatorSignal.Kind.allCases),
            interval: one(of: BarInterval.allCases), barStart: moment(), at: moment(),
            close: price(), value: number(), reference: number(), position: position())
    }
}

// MARK: Analytics and news

extension RandomBoard {
    mutating func model() -> ModelStatus {
        var model = ModelStatus()
        model.vectorCount = count()
        model.vectorsNeeded = count()
        model.version = maybe(count())
        model.trainedAt = maybe(moment())
        model.treeCount = 150
        model.threshold = maybe(number())
        model.lastScore = maybe(number())
        model.scoredCount = count()
        model.flaggedCount = count()
        model.hitCount = count()
        return model
    }

    mutating func reading(_ interval: BarInterval) -> IndicatorReading {
        var reading = IndicatorReading(interval: interval, barCount: count())
        reading.closedStart = maybe(moment())
        reading.closed = maybe(values())
        reading.live = maybe(values())
        reading.liveStart = maybe(moment())
        return reading
    }

    mutating func values() -> IndicatorValues {
        var values = IndicatorValues()
        for period in [9, 20, 50] {
            var averages = IndicatorValues.MovingAverages(period: period)
            averages.simple = maybe(number())
            averages.exponential = maybe(number())
            averages.weighted = maybe(number())
            values.append(averages)
        }
        values.rsi = maybe(number())
        values.macd = maybe(number())
        values.macdSignal = maybe(number())
        values.standardDeviation = maybe(number())
        values.bollingerUpper = maybe(number())
        values.bollingerMiddle = maybe(number())
        values.bollingerLower = maybe(number())
        values.stochasticK = maybe(number())
        values.stochasticD = maybe(number())
        values.averageTrueRange = maybe(number())
        values.patterns.doji = 100
        values.patterns.hammer = -80
        values.patterns.shootingStar = 1
        values.patterns.engulfing = 2
        values.patterns.harami = 3
        values.patterns.morningStar = 4
        values.patterns.eveningStar = 5
        return values
    }

    mutating func episode() -> Episode {
        let symbol = one(of: RandomBoard.symbols)
        let kind = one(of: AnomalyKind.allCases)
        return Episode(
            id: "\(kind.rawValue)-\(symbol)-\(position())", kind: kind, symbol: maybe(symbol),
            severity: one(of: Severity.allCases), firstAt: moment(), lastAt: moment(),
            hits: count(), worstScore: number(), features: maybe(vector(symbol)),
            explanation: text(), isOpen: Bool.random(using: &random), position: position())
    }

    mutating func article() -> ScoredArticle {
        let article = NewsArticle(
            articleID: "\(count())", symbol: one(of: RandomBoard.symbols), headline: text(),
            summary: text(), publisher: text(), url: "https://example.test/\(count())",
            publishedAt: moment())
        let sentiment = Sentiment(
            compound: number(), positive: number(), neutral: number(), negative: number())
        var scored = ScoredArticle(
            article: article, source: .finnhub, receivedAt: moment(), position: position(),
            sentiment: maybe(sentiment))
        scored.summarySentiment = maybe(sentiment)
        scored.correlation = maybe(
            NewsCorrelation(
                strength: one(of: CorrelationStrength.allCases), volumeZScore: maybe(number())))
        return scored
    }

    mutating func storedTrade() -> StoredTrade {
        StoredTrade(
            trade: trade(one(of: RandomBoard.symbols)), source: .binance, receivedAt: moment(),
            position: position(), isLate: true)
    }

    mutating func episodeReading() -> EpisodeReading {
        let episode = episode()
        let acknowledgement = Acknowledgement(
            episodeID: episode.id, by: "ann", at: moment(), note: text(), severity: .high)
        return EpisodeReading(episode: episode, acknowledgement: maybe(acknowledgement))
    }

    mutating func listing() -> Listing {
        Listing(
            symbol: one(of: RandomBoard.symbols), name: text(),
            segment: maybe(one(of: CapitalizationSegment.allCases)), sector: maybe(text()))
    }

    mutating func report() -> EarningsReport {
        let day = CivilDate(daysSince1970: 20_000)
        return EarningsReport(
            symbol: "AAPL", fiscalYear: 2026, quarter: 3, periodEnd: maybe(day),
            reportedOn: maybe(day), hour: maybe(one(of: EarningsReport.Hour.allCases)),
            estimate: maybe(price()), actual: maybe(price()))
    }

    mutating func deadLetter() -> DeadLetter {
        DeadLetter(
            position: position(), source: .massive, receivedAt: moment(),
            refusal: Refusal(
                reason: one(of: RefusalReason.allCases), field: text(), symbol: maybe("AAPL")),
            raw: (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
}

// MARK: The pipeline

extension RandomBoard {
    mutating func status() -> PipelineStatus {
        var status = PipelineStatus()
        status.label = one(of: [.live, .demo])
        status.feedName = text()
        status.feed = feedState()
        status.startedAt = maybe(moment())
        status.reconnects = 7
        status.news = maybe(news())
        status.replay = maybe(replay())
        status.recording = maybe(recording())
        status.kafka = maybe(kafka())
        status.lastEventReceivedAt = maybe(moment())
        status.receivedPerSecond = 812.5
        status.queueBytes = 4096
        status.queueBytesMax = 1 << 26
        status.journalBytes = count()
        status.applied = arrival()
        status.durable = arrival()
        status.findings = findings()
        status.store = one(of: [.ok, .failing(reason: "the disk is full")])
        status.storePath = text()
        status.storeBytes = count()
        status.walBytes = count()
        status.commitLatency = latency()
        status.commits.record(nanoseconds: count(), times: 3)
        status.committedPosition = position()
        status.deadLetterDepth = 12
        status.backpressureCount = 3
        status.storeCapReached = true
        status.apiAddress = "http://127.0.0.1:8000"
        status.apiError = maybe(text())
        status.recoveryNote = text()
        status.warnings = list(0...2) { $0.text() }
        return status
    }

    mutating func feedState() -> FeedState {
        one(of: [
            .starting, .connecting(attempt: 4), .live,
            .disconnected(reason: text(), retryAt: maybe(moment())),
            .refused(reason: text(), remedy: text()), .ended,
        ])
    }

    private mutating func replay() -> ReplayStatus {
        var replay = ReplayStatus(speed: maybe(2.5))
        replay.isPaused = true
        replay.goal = maybe(one(of: [.time(moment()), .anomaly]))
        replay.share = 0.25
        replay.beganAt = maybe(moment())
        return replay
    }

    private mutating func recording() -> RecordingStatus {
        var recording = RecordingStatus(path: text(), startedAt: moment())
        recording.bytes = count()
        return recording
    }

    private mutating func kafka() -> KafkaStatus {
        var kafka = KafkaStatus(topic: "market.trades", group: maybe("desk"))
        kafka.state = feedState()
        kafka.partitions = list(0...3) { maker in
            var partition = KafkaPartitionStatus(partition: 2, offset: maker.count())
            partition.state = maker.one(of: [
                .checking, .reading, .stopped(reason: "gone", remedy: "look"),
            ])
            partition.lag = maker.maybe(maker.count())
            partition.copiedAt = maker.maybe(maker.moment())
            return partition
        }
        kafka.rebalances = 2
        kafka.isResting = true
        kafka.rests = 4
        kafka.restedFor = .milliseconds(1234)
        kafka.repeats = count()
        kafka.missing = count()
        kafka.foreign = count()
        return kafka
    }

    private mutating func news() -> NewsStatus {
        var news = NewsStatus(provider: "finnhub")
        news.state = feedState()
        news.requests = count()
        news.articles = count()
        news.errors = count()
        news.limited = count()
        news.lastPollAt = maybe(moment())
        news.lastError = maybe(text())
        return news
    }

    private mutating func arrival() -> ArrivalSummary {
        ArrivalSummary(
            received: latency(), happened: latency(), receivedInAll: latency(),
            happenedInAll: latency())
    }

    private mutating func latency() -> LatencySummary {
        var latency = LatencySummary()
        latency.p50 = .nanoseconds(count())
        latency.p99 = .nanoseconds(count())
        latency.p999 = .nanoseconds(count())
        latency.max = .nanoseconds(count())
        latency.count = count()
        return latency
    }

    private mutating func findings() -> PipelineFindings {
        var findings = PipelineFindings()
        for kind in AnomalyKind.allCases { findings.episodesOpened[kind] = count() }
        findings.articlesScored = count()
        findings.refusals = ["p": count(), "none": count()]
        findings.countedTo = [-1: position(), 3: position()]
        findings.receiveToApplied.record(nanoseconds: count(), times: 2)
        return findings
    }
}
