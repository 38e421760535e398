import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Kafka

@Suite struct `Messages of derived topics` {
    private let position = LogPosition(epoch: 3, offset: 9_007_199_254_740_993, index: 2)
    private let moment = TestMorning.open.advanced(byNanoseconds: 123_456_789)

    /// Everything that may be `nil` is there, or nothing is.
    private func effects(full: Bool) -> EffectBatch {
        var effects = EffectBatch()
        effects.aggregates = [aggregate(full: full)]
        effects.quotes = [
            StoredQuote(
                quote: Quote(
                    symbol: "BRK.B", bid: "0.000000001", ask: "9000000000.123456789",
                    bidSize: "0.00000001", askSize: 100, quotedAt: moment, sequence: 7,
                    hasExchangeTime: full), source: .massive, receivedAt: moment,
                position: position)
        ]
        effects.bars = [bar(full: full)]
        effects.episodes = [episode(full: full)]
        effects.articles = [article(full: full)]
        return effects
    }

    private func figures(full: Bool) -> RollingFigures {
        var figures = RollingFigures()
        figures.price = "231.4401"
        figures.tradeFrequency = 12.5
        guard full else { return figures }
        figures.vwapOneMinute = "231.44"
        figures.vwapFiveMinutes = "231.440000001"
        figures.vwapSession = "230"
        figures.rollingAverageFiveMinutes = "231.5"
        figures.volumeZScore = 1.0 / 3
        figures.priceMomentum = -0.1
        figures.spread = "-0.01"
        figures.spreadBasisPoints = -0.43
        figures.vwapDeviation = 1e-12
        figures.vwapDeviationPercent = 0.2
        figures.velocityFiveSeconds = -3
        figures.change = "-1.5"
        figures.changePercent = -0.65
        figures.changeBasis = .previousClose
        figures.sessionVolume = Volume(units: 123_456_789_012_345_678_901)
        figures.engineTime = moment
        return figures
    }

    private func aggregate(full: Bool) -> TickerAggregate {
        var aggregate = TickerAggregate(
            symbol: "AAPL", market: full ? .usEquities : .continuous, position: position,
            figures: figures(full: full),
            lastTrade: Trade(
                symbol: "AAPL", price: "231.4401", size: "0.5", executedAt: moment, sequence: 12))
        guard full else { return aggregate }
        aggregate.receivedAt = moment
        aggregate.sessionHigh = "232"
        aggregate.sessionLow = "230.1"
        aggregate.sessionTradeCount = 4000
        var model = ModelStatus()
        model.vectorCount = 4321
        model.version = 3
        model.trainedAt = moment
        model.treeCount = 100
        model.threshold = -0.61
        model.lastScore = -1.0 / 3
        model.scoredCount = 3321
        model.flaggedCount = 12
        model.hitCount = 2
        aggregate.model = model
        return aggregate
    }

    private func bar(full: Bool) -> Bar {
        var bar = Bar(
            symbol: "AAPL", interval: .minute, start: TestMorning.open, volume: Volume(300),
            notional: Notional("231.44", times: 300), tradeCount: 3, revision: 1, isFinal: full,
            isReference: !full)
        guard full else { return bar }
        bar.open = "231"
        bar.high = "231.6"
        bar.low = "230.999999999"
        bar.close = "231.44"
        return bar
    }

    private func episode(full: Bool) -> Episode {
        let vector = FeatureVector(
            symbol: "AAPL", updatedAt: moment, position: position, size: 100,
            figures: figures(full: true))
        return Episode(
            id: "velocity-AAPL-\(position)", kind: .velocity, symbol: "AAPL", severity: .high,
            firstAt: moment, lastAt: moment, hits: 4, worstScore: 1.25,
            features: full ? vector : nil, explanation: "1.25 % in 5 s \"at once\"\n",
            isOpen: full, position: position)
    }

    private func article(full: Bool) -> ScoredArticle {
        let scores = Sentiment(compound: -0.6369, positive: 0, neutral: 0.5, negative: 0.5)
        var scored = ScoredArticle(
            article: NewsArticle(
                articleID: "77", symbol: "AAPL", headline: "Ärger \\ \"now\" \u{1}\u{7F} 📉",
                summary: "", publisher: "X", url: "https://example.test/?a=1&b=2",
                publishedAt: moment), source: .finnhub, receivedAt: moment, position: position,
            sentiment: full ? scores : nil)
        guard full else { return scored }
        scored.summarySentiment = scores
        scored.correlation = NewsCorrelation(strength: .strong, volumeZScore: 3.1)
        return scored
    }

    @Test(arguments: [true, false]) func `say what they are made from`(full: Bool) throws {
        let effects = effects(full: full)
        let values = try DerivedMessage.all(of: effects).map { try DerivedValue($0.bytes) }
        #expect(
            values == [
                .aggregate(effects.aggregates[0]), .quote(effects.quotes[0]),
                .bar(effects.bars[0]), .anomaly(effects.episodes[0]),
                .article(effects.articles[0]),
            ])
    }

    @Test func `keep to their schemas, with their own id and their ticker for a key`() throws {
        let messages =
            DerivedMessage.all(of: effects(full: true))
            + DerivedMessage.all(of: effects(full: false))
        var lines = Data()
        for message in messages {
            let text = String(decoding: message.bytes, as: UTF8.self)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(message.bytes)) as? [String: Any])
            #expect(object["id"] as? String == message.id)
            #expect(object["ticker"] as? String == message.key)
            lines += try JSONSerialization.data(
                withJSONObject: ["topic": message.topic.rawValue, "value": text])
            lines.append(10)
        }
        let checked = try ReferenceProgram.run(
            "Tests/PipelineTests/Reference/derived_schemas.py", input: lines)
        let counts = try JSONDecoder().decode([String: Int].self, from: checked)
        #expect(counts == ["aggregations": 4, "bars": 2, "anomalies": 2, "sentiment": 2])
        #expect(
            Set(messages.map(\.id)).count == 8, "positions of one quote and one figure are the same"
        )
    }

    @Test func `leave out what is observed beside the log`() {
        var effects = EffectBatch()
        effects.episodes = [episode(full: true)]
        effects.episodes[0].kind = .staleFeed
        #expect(DerivedMessage.all(of: effects).isEmpty)
    }

    @Test func `of another version or type are told apart from broken ones`() {
        func error(_ text: String) -> DerivedMessageError? {
            do {
                _ = try DerivedValue(text.utf8)
                return nil
            } catch {
                return error as? DerivedMessageError
            }
        }
        #expect(error(#"{"v":2,"type":"bar"}"#) == .unknown(type: "bar", version: 2))
        #expect(error(#"{"v":1,"type":"news"}"#) == .unknown(type: "news", version: 1))
        #expect(throws: DecodingError.self) { try DerivedValue(#"{"v":1,"type":"bar"}"#.utf8) }
    }

    @Test func `an acknowledgement says who, when and what, and none takes it back`() throws {
        let given = Acknowledgement(
            episodeID: "velocity-AAPL-3.1.0", by: "api", at: moment, note: "seen \"it\"",
            severity: .high)
        for acknowledgement in [given, nil] {
            let message = AcknowledgementMessage(
                episodeID: given.episodeID, acknowledgement: acknowledgement)
            #expect(
                try AcknowledgementMessage(key: given.episodeID.utf8, value: message.bytes)
                    == message)
        }
    }
}
