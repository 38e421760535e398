import API
import Engine
import MarketModel
import TestSupport

/// Friday 2026-01-02, 09:40 in New York: one ticker with everything, one with nothing yet.
enum Morning {
    static let now = TestMorning.open.advanced(by: .seconds(600))
    static let episodeID = "volume_spike-AAPL-0.4096.3"

    static var figures: RollingFigures {
        var figures = RollingFigures()
        figures.price = "231.440100001"
        figures.vwapOneMinute = "231.41"
        figures.vwapFiveMinutes = "231.333333333"
        figures.vwapSession = "230.9"
        figures.rollingAverageFiveMinutes = "231.3"
        figures.volumeZScore = 2.41
        figures.priceMomentum = 0.1
        figures.tradeFrequency = 1204
        figures.spread = "0.02"
        figures.vwapDeviation = 0.106766668
        figures.change = "-0.61"
        figures.changePercent = -0.26287
        figures.changeBasis = .previousClose
        figures.engineTime = now.advanced(by: .seconds(-1))
        return figures
    }

    static var snapshot: MarketSnapshot {
        var apple = TickerSnapshot(symbol: "AAPL", market: .usEquities, figures: figures)
        let trade = Trade.make(
            "AAPL", at: "231.440100001", size: "0.00000001", second: 599.123, sequence: 77,
            conditions: [12, 37])
        apple.lastTrade = trade
        apple.quote = Quote(
            symbol: "AAPL", bid: "231.43", ask: .zero, bidSize: 3, askSize: 0, quotedAt: now,
            sequence: 9)
        apple.receivedAt = now.advanced(byNanoseconds: -250_000_000)
        apple.features = FeatureVector(
            symbol: "AAPL", updatedAt: trade.executedAt, position: position(3), size: trade.size,
            figures: figures)
        apple.model = model
        apple.provisionalBars = [bar(minute: 9, isFinal: false)]
        apple.indicators = [reading]
        apple.signals = [signal]
        var quiet = TickerSnapshot(symbol: "BRK/B", market: .usEquities)
        quiet.indicators = []
        var counts = SourceCounts()
        counts.received = 10
        counts.applied = 7
        counts.duplicate = 1
        counts.late = 1
        counts.deadLettered = 1
        return MarketSnapshot(
            takenAt: now, position: position(3), tickers: [apple, quiet],
            counts: [SourceTally(source: .massive, counts: counts)],
            ignored: [IgnoredTally(type: "we\"ird\\\n", count: 2)])
    }

    static var model: ModelStatus {
        var model = ModelStatus()
        model.vectorCount = 1200
        model.version = 2
        model.trainedAt = now
        model.treeCount = 200
        model.threshold = -0.6
        model.lastScore = -0.45
        model.scoredCount = 200
        model.flaggedCount = 2
        return model
    }

    /// Of 1m bars, one of them closed.
    static var reading: IndicatorReading {
        var reading = IndicatorReading(interval: .minute, barCount: 9)
        var values = IndicatorValues()
        var averages = IndicatorValues.MovingAverages(period: 2)
        averages.simple = 231.4
        averages.exponential = 231.41
        values.append(averages)
        values.append(IndicatorValues.MovingAverages(period: 200))
        values.rsi = 55.25
        values.macd = 0.5
        values.macdSignal = 0.25
        values.patterns.engulfing = -80
        reading.closed = values
        reading.closedStart = TestMorning.open.advanced(by: .seconds(8 * 60))
        values.rsi = 71
        values.patterns = CandlePatterns()
        reading.live = values
        reading.liveStart = TestMorning.open.advanced(by: .seconds(9 * 60))
        return reading
    }

    static var signal: IndicatorSignal {
        IndicatorSignal(
            symbol: "AAPL", kind: .goldenCross, interval: .fiveMinutes,
            barStart: TestMorning.open, at: TestMorning.open.advanced(by: .seconds(300)),
            close: "231.4", value: 231.2, reference: 231.1, position: position(3))
    }

    /// Stands for the product's: RSI is the number of the bar.
    @Sendable static func series(_ bars: [Bar], last count: Int) -> [IndicatorPoint] {
        bars.enumerated().suffix(count).map { number, bar in
            var values = IndicatorValues()
            values.rsi = Double(number)
            return IndicatorPoint(start: bar.start, isFinal: bar.isFinal, values: values)
        }
    }

    /// Stand for the product's.
    static var calculations: APICalculations {
        APICalculations(indicatorSeries: series, forecast: forecast, earningsStudy: study)
    }

    /// The newest close and a cent, of two bars or more.
    @Sendable static func forecast(_ bars: [Bar]) -> PriceForecast? {
        guard bars.count >= 2, let last = bars.last, let close = last.close else { return nil }
        return PriceForecast(
            model: "cent-1", price: close, forecast: Price(units: close.units + 10_000_000),
            madeAt: last.start.advanced(by: .seconds(60)), horizon: .seconds(300),
            trainedOn: bars.count,
            score: PriceForecast.Score(forecasts: 30, error: 0.125, naiveError: 0.25))
    }

    /// One path of the days' closes, and the span as the correlation.
    @Sendable static func study(_ reports: [EarningsReport], days: [Bar], sessions: Int)
        -> EarningsStudy
    {
        let closes = days.compactMap { $0.close?.asDouble }
        let paths = reports.compactMap(\.reportedOn).map {
            EarningsStudy.Path(reportedOn: $0, values: closes)
        }
        return EarningsStudy(
            paths: closes.isEmpty ? [] : paths,
            correlation: closes.isEmpty ? nil : Double(sessions) / 10, pairCount: paths.count)
    }

    static var listings: [Listing] {
        [
            Listing(symbol: "AAPL", name: "Apple", segment: .mega, sector: "Manufacturing"),
            Listing(symbol: "BRK/B", name: "Berkshire Hathaway", segment: .mega),
        ]
    }

    static var earnings: [EarningsReport] {
        let reported = CivilDate(year: 2025, month: 10, day: 30)
        return [
            EarningsReport(
                symbol: "AAPL", fiscalYear: 2026, quarter: 1,
                reportedOn: CivilDate(year: 2026, month: 1, day: 29), estimate: "2.36"),
            EarningsReport(
                symbol: "AAPL", fiscalYear: 2025, quarter: 4,
                periodEnd: CivilDate(year: 2025, month: 9, day: 30), reportedOn: reported,
                hour: .afterClose, estimate: "1.6", actual: "1.85"),
        ]
    }

    static var rows: ScriptedHistory.Rows {
        var rows = ScriptedHistory.Rows()
        rows.bars = [bar(minute: 7, isFinal: true), bar(minute: 8, isFinal: true)]
        rows.trades = (1...3).map { index in
            StoredTrade(
                trade: .make(
                    "AAPL", at: "231.44", size: 100, second: Double(index),
                    sequence: SequenceNumber(index)),
                source: .massive, receivedAt: TestMorning.open.advanced(by: .seconds(index)),
                position: position(Int32(index)), isLate: index == 2)
        }
        rows.episodes = [
            episode(episodeID, .volumeSpike, "AAPL", .high, isOpen: true, minute: 9),
            episode("velocity-AAPL-0.8.1", .velocity, "AAPL", .medium, isOpen: false, minute: 3),
            episode("stale_feed-massive", .staleFeed, nil, .medium, isOpen: false, minute: -600),
        ]
        rows.articles = [article]
        rows.listings = listings
        rows.earnings = earnings
        var day = bar(minute: -1440, isFinal: true)
        day.interval = .day
        rows.bars.append(day)
        rows.deadLetters = [
            DeadLetter(
                position: position(5), source: .massive, receivedAt: TestMorning.open,
                refusal: Refusal(reason: .price, field: "p", symbol: "AAPL"),
                raw: Array(#"{"ev":"T","sym":"AAPL","p":-1}"#.utf8))
        ]
        return rows
    }

    static var findings: PipelineFindings {
        var findings = PipelineFindings()
        var effects = EffectBatch()
        effects.episodes = [
            episode(episodeID, .volumeSpike, "AAPL", .high, isOpen: true, minute: 9)
        ]
        effects.episodes[0].hits = 1
        effects.articles = [article]
        effects.deadLetters = rows.deadLetters
        findings.count(effects)
        findings.receiveToApplied.record(nanoseconds: 900_000, times: 10)
        findings.receiveToApplied.record(nanoseconds: 80_000_000, times: 2)
        return findings
    }

    static func position(_ index: Int32) -> LogPosition {
        LogPosition(epoch: 0, offset: 4096, index: index)
    }

    static func bar(minute: Int, isFinal: Bool) -> Bar {
        Bar(
            symbol: "AAPL", interval: .minute,
            start: TestMorning.open.advanced(by: .seconds(60 * minute)), open: "231.4",
            high: "231.5", low: "231.3", close: "231.44", volume: Volume(Size("1200.5")),
            notional: Notional("231.42", times: "1200.5"), tradeCount: 12, revision: 1,
            isFinal: isFinal)
    }

    static func episode(
        _ id: String, _ kind: AnomalyKind, _ symbol: Symbol?, _ severity: Severity, isOpen: Bool,
        minute: Int
    ) -> Episode {
        let at = TestMorning.open.advanced(by: .seconds(60 * minute))
        return Episode(
            id: id, kind: kind, symbol: symbol, severity: severity, firstAt: at,
            lastAt: at.advanced(by: .seconds(5)), hits: 3, worstScore: 3.5,
            features: symbol.map {
                FeatureVector(
                    symbol: $0, updatedAt: at, position: position(1), size: 100,
                    figures: Morning.figures)
            }, explanation: "volume 3.5 x the mean of 20 minutes", isOpen: isOpen,
            position: position(1))
    }

    static var article: ScoredArticle {
        var scored = ScoredArticle(
            article: NewsArticle(
                articleID: "1", symbol: "AAPL", headline: "Apple \"beats\"\u{1B} — by far",
                summary: "Costs fell short.", publisher: "Example Wire",
                url: "https://example.test/a?b=1",
                publishedAt: TestMorning.open),
            source: .finnhub, receivedAt: TestMorning.open, position: position(2),
            sentiment: Sentiment(compound: 0.6249, positive: 0.5, neutral: 0.5, negative: 0))
        scored.summarySentiment = Sentiment(
            compound: -0.296, positive: 0, neutral: 0.5, negative: 0.5)
        scored.correlation = NewsCorrelation(strength: .strong, volumeZScore: 4.25)
        return scored
    }
}
