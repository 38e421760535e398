import MarketModel

extension Trade {
    func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(price)
        writer.write(size)
        writer.write(executedAt)
        writer.write(sequence)
        writer.write(conditions.packed)
        writer.write(tradeID)
        writer.write(exchange)
        writer.write(aggressor.rawValue)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), price: try reader.readPrice(),
            size: try reader.readSize(), executedAt: try reader.readTimestamp(),
            sequence: try reader.read(), conditions: TradeConditions(packed: try reader.read()),
            tradeID: try reader.read(), exchange: try reader.read())
        let side: UInt8 = try reader.read()
        guard let known = Aggressor(rawValue: side) else {
            throw StateCodecError.malformed(field: "aggressor", byteOffset: reader.offset)
        }
        aggressor = known
    }
}

extension Quote {
    func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(bid)
        writer.write(ask)
        writer.write(bidSize)
        writer.write(askSize)
        writer.write(quotedAt)
        writer.write(sequence)
        writer.write(hasExchangeTime)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), bid: try reader.readPrice(),
            ask: try reader.readPrice(), bidSize: try reader.readSize(),
            askSize: try reader.readSize(), quotedAt: try reader.readTimestamp(),
            sequence: try reader.read(), hasExchangeTime: try reader.readBool())
    }
}

extension PriceBand {
    func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(upper)
        writer.write(lower)
        writer.write(at)
        writer.write(sequence)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), upper: try reader.readPrice(),
            lower: try reader.readPrice(), at: try reader.readTimestamp(),
            sequence: try reader.read())
    }
}

extension FeedSource {
    init(from reader: inout StateReader) throws(StateCodecError) {
        let raw: UInt8 = try reader.read()
        guard let source = FeedSource(rawValue: raw) else {
            throw StateCodecError.malformed(field: "source", byteOffset: reader.offset)
        }
        self = source
    }
}

extension ScoredArticle {
    func encode(into writer: inout StateWriter) {
        writer.write(article.articleID)
        writer.write(article.symbol)
        writer.write(article.headline)
        writer.write(article.summary)
        writer.write(article.publisher)
        writer.write(article.url)
        writer.write(article.publishedAt)
        writer.write(source.rawValue)
        writer.write(receivedAt)
        writer.write(position)
        writer.writeOptional(sentiment) { writer, sentiment in sentiment.encode(into: &writer) }
        writer.writeOptional(summarySentiment) { writer, sentiment in
            sentiment.encode(into: &writer)
        }
        writer.writeOptional(correlation) { writer, correlation in
            correlation.encode(into: &writer)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        let article = NewsArticle(
            articleID: try reader.readString(), symbol: try reader.readSymbol(),
            headline: try reader.readString(), summary: try reader.readString(),
            publisher: try reader.readString(), url: try reader.readString(),
            publishedAt: try reader.readTimestamp())
        self.init(
            article: article, source: try FeedSource(from: &reader),
            receivedAt: try reader.readTimestamp(), position: try reader.readPosition(),
            sentiment: try reader.readOptional { reader throws(StateCodecError) in
                try Sentiment(from: &reader)
            })
        summarySentiment = try reader.readOptional { reader throws(StateCodecError) in
            try Sentiment(from: &reader)
        }
        correlation = try reader.readOptional { reader throws(StateCodecError) in
            try NewsCorrelation(from: &reader)
        }
    }
}

extension Sentiment {
    func encode(into writer: inout StateWriter) {
        writer.write(compound)
        writer.write(positive)
        writer.write(neutral)
        writer.write(negative)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            compound: try reader.readDouble(), positive: try reader.readDouble(),
            neutral: try reader.readDouble(), negative: try reader.readDouble())
    }
}

extension NewsCorrelation {
    func encode(into writer: inout StateWriter) {
        writer.write(strength.rawValue)
        writer.writeOptional(volumeZScore) { writer, score in writer.write(score) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        guard let strength = CorrelationStrength(rawValue: try reader.readString()) else {
            throw StateCodecError.malformed(field: "strength", byteOffset: reader.offset)
        }
        self.init(
            strength: strength,
            volumeZScore: try reader.readOptional { reader throws(StateCodecError) in
                try reader.readDouble()
            })
    }
}
