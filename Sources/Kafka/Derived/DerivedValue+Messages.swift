import Foundation
import MarketModel

/// Of topic `aggregations`.
struct AggregationMessage: Decodable {
    struct Model: Decodable {
        var vectors: Int64
        var vectorsNeeded: Int64
        var version: Int64?
        var trainedAt: String?
        var trees: Int
        var threshold: Double?
        var lastScore: Double?
        var scored: Int64
        var flagged: Int64
        var hits: Int64

        func value() throws -> ModelStatus {
            var status = ModelStatus()
            status.vectorCount = vectors
            status.vectorsNeeded = vectorsNeeded
            status.version = version
            status.trainedAt = try trainedAt.map(MarketText.moment)
            status.treeCount = trees
            status.threshold = threshold
            status.lastScore = lastScore
            status.scoredCount = scored
            status.flaggedCount = flagged
            status.hitCount = hits
            return status
        }
    }

    var ticker: String
    var market: String
    var position: String
    var receivedAt: String?
    var volume: Decimal
    var timestamp: String
    var sequenceNumber: Int64
    var sessionHigh: Decimal?
    var sessionLow: Decimal?
    var sessionTradeCount: Int64
    var model: Model?
    var price: Decimal
    var vwap1Min: Decimal?
    var vwap5Min: Decimal?
    var vwapSession: Decimal?
    var rollingAvg5Min: Decimal?
    var volumeZscore: Double?
    var priceMomentum: Double?
    var tradeFrequency: Double
    var bidAskSpread: Decimal?
    var bidAskSpreadBps: Double?
    var vwapDeviation: Double?
    var vwapDeviationPct: Double?
    var velocity5S: Double?
    var change: Decimal?
    var changePct: Double?
    var changeBasis: String?
    var sessionVolume: Decimal
    var windowEnd: String?

    func value() throws -> TickerAggregate {
        let symbol = try MarketText.symbol(ticker)
        let figures = try figures()
        let trade = Trade(
            symbol: symbol, price: try MarketText.need(figures.price, "price"),
            size: try MarketText.size(volume), executedAt: try MarketText.moment(timestamp),
            sequence: sequenceNumber)
        let markets: [Market] = [.usEquities, .continuous]
        var aggregate = TickerAggregate(
            symbol: symbol,
            market: try MarketText.need(markets.first { $0.name == market }, "market"),
            position: try MarketText.position(position), figures: figures, lastTrade: trade)
        aggregate.receivedAt = try receivedAt.map(MarketText.moment)
        aggregate.sessionHigh = try MarketText.price(sessionHigh)
        aggregate.sessionLow = try MarketText.price(sessionLow)
        aggregate.sessionTradeCount = sessionTradeCount
        aggregate.model = try model?.value()
        return aggregate
    }

    private func figures() throws -> RollingFigures {
        var figures = RollingFigures()
        figures.price = try MarketText.price(price)
        figures.vwapOneMinute = try MarketText.price(vwap1Min)
        figures.vwapFiveMinutes = try MarketText.price(vwap5Min)
        figures.vwapSession = try MarketText.price(vwapSession)
        figures.rollingAverageFiveMinutes = try MarketText.price(rollingAvg5Min)
        figures.volumeZScore = volumeZscore
        figures.priceMomentum = priceMomentum
        figures.tradeFrequency = tradeFrequency
        figures.spread = try MarketText.price(bidAskSpread)
        figures.spreadBasisPoints = bidAskSpreadBps
        figures.vwapDeviation = vwapDeviation
        figures.vwapDeviationPercent = vwapDeviationPct
        figures.velocityFiveSeconds = velocity5S
        figures.change = try MarketText.price(change)
        figures.changePercent = changePct
        figures.changeBasis = changeBasis.flatMap { ChangeBasis(rawValue: $0) }
        figures.sessionVolume = try MarketText.volume(sessionVolume)
        figures.engineTime = try windowEnd.map(MarketText.moment)
        return figures
    }
}

/// Of topic `aggregations`.
struct QuoteMessage: Decodable {
    var ticker: String
    var source: String
    var position: String
    var receivedAt: String
    var bid: Decimal
    var ask: Decimal
    var bidSize: Decimal
    var askSize: Decimal
    var timestamp: String
    var sequenceNumber: Int64
    var hasExchangeTime: Bool

    func value() throws -> StoredQuote {
        let quote = Quote(
            symbol: try MarketText.symbol(ticker),
            bid: try MarketText.need(try MarketText.price(bid), "bid"),
            ask: try MarketText.need(try MarketText.price(ask), "ask"),
            bidSize: try MarketText.size(bidSize), askSize: try MarketText.size(askSize),
            quotedAt: try MarketText.moment(timestamp), sequence: sequenceNumber,
            hasExchangeTime: hasExchangeTime)
        return StoredQuote(
            quote: quote, source: try MarketText.source(source),
            receivedAt: try MarketText.moment(receivedAt),
            position: try MarketText.position(position))
    }
}

/// Of topic `bars`.
struct BarMessage: Decodable {
    var ticker: String
    var interval: String
    var start: String
    var open: Decimal?
    var high: Decimal?
    var low: Decimal?
    var close: Decimal?
    var volume: Decimal
    var notional: String
    var tradeCount: Int64
    var revision: Int32
    var final: Bool
    var reference: Bool

    func value() throws -> Bar {
        Bar(
            symbol: try MarketText.symbol(ticker),
            interval: try MarketText.need(BarInterval(name: interval), "interval"),
            start: try MarketText.moment(start), open: try MarketText.price(open),
            high: try MarketText.price(high), low: try MarketText.price(low),
            close: try MarketText.price(close), volume: try MarketText.volume(volume),
            notional: try MarketText.notional(notional), tradeCount: tradeCount,
            revision: revision, isFinal: final, isReference: reference)
    }
}

/// Of topic `anomalies`.
struct AnomalyMessage: Decodable {
    struct Features: Decodable {
        var updatedAt: String
        var position: String
        var price: Decimal?
        var volume: Decimal
        var volumeZscore: Double?
        var priceMomentum: Double?
        var vwapDeviation: Double?
        var tradeFrequency: Double
        var vwap1Min: Decimal?
        var vwap5Min: Decimal?
        var bidAskSpread: Decimal?
        var modelVersion: Int64?
    }

    var ticker: String
    var anomalyId: String
    var kind: String
    var severity: String
    var state: String
    var firstAt: String
    var lastAt: String
    var hits: Int64
    var worstScore: Double?
    var explanation: String
    var position: String
    var features: Features?

    func value() throws -> Episode {
        let symbol = try MarketText.symbol(ticker)
        return Episode(
            id: anomalyId, kind: try MarketText.need(AnomalyKind(rawValue: kind), "kind"),
            symbol: symbol,
            severity: try MarketText.need(Severity(name: severity), "severity"),
            firstAt: try MarketText.moment(firstAt), lastAt: try MarketText.moment(lastAt),
            hits: hits, worstScore: worstScore ?? .nan,
            features: try features.map { try vector($0, symbol) }, explanation: explanation,
            isOpen: state == "open", position: try MarketText.position(position))
    }

    private func vector(_ features: Features, _ symbol: Symbol) throws -> FeatureVector {
        var figures = RollingFigures()
        figures.price = try MarketText.price(features.price)
        figures.volumeZScore = features.volumeZscore
        figures.priceMomentum = features.priceMomentum
        figures.vwapDeviation = features.vwapDeviation
        figures.tradeFrequency = features.tradeFrequency
        figures.vwapOneMinute = try MarketText.price(features.vwap1Min)
        figures.vwapFiveMinutes = try MarketText.price(features.vwap5Min)
        figures.spread = try MarketText.price(features.bidAskSpread)
        var vector = FeatureVector(
            symbol: symbol, updatedAt: try MarketText.moment(features.updatedAt),
            position: try MarketText.position(features.position),
            size: try MarketText.size(features.volume), figures: figures)
        vector.modelVersion = features.modelVersion
        return vector
    }
}

/// Of topic `sentiment`.
struct ArticleMessage: Decodable {
    struct Scores: Decodable {
        var compound: Double
        var positive: Double
        var neutral: Double
        var negative: Double

        var value: Sentiment {
            Sentiment(
                compound: compound, positive: positive, neutral: neutral, negative: negative)
        }
    }

    var ticker: String
    var articleId: String
    var source: String
    var position: String
    var receivedAt: String
    var headline: String
    var summary: String
    var publisher: String
    var url: String
    var publishedAt: String
    var sentiment: Scores?
    var summarySentiment: Scores?
    var correlationStrength: String?
    var volumeZscore: Double?

    func value() throws -> ScoredArticle {
        var scored = ScoredArticle(
            article: NewsArticle(
                articleID: articleId, symbol: try MarketText.symbol(ticker), headline: headline,
                summary: summary, publisher: publisher, url: url,
                publishedAt: try MarketText.moment(publishedAt)),
            source: try MarketText.source(source),
            receivedAt: try MarketText.moment(receivedAt),
            position: try MarketText.position(position), sentiment: sentiment?.value)
        scored.summarySentiment = summarySentiment?.value
        scored.correlation = try correlationStrength.map { name in
            NewsCorrelation(
                strength: try MarketText.need(CorrelationStrength(rawValue: name), "strength"),
                volumeZScore: volumeZscore)
        }
        return scored
    }
}
