import Analytics
import MarketModel

/// One ticker's figures as bytes, every digit of them.
extension TickerSnapshot {
    func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(market.rawValue)
        figures.encode(into: &writer)
        writer.writeOptional(lastTrade) { writer, trade in trade.encode(into: &writer) }
        writer.writeOptional(lastPrint) { writer, trade in trade.encode(into: &writer) }
        writer.writeOptional(quote) { writer, quote in quote.encode(into: &writer) }
        writer.writeOptional(band) { writer, band in band.encode(into: &writer) }
        writer.write(receivedAt)
        writer.write(sessionHigh)
        writer.write(sessionLow)
        writer.write(sessionTradeCount)
        writer.write(lateVolume.units)
        writer.write(unknownConditionCount)
        writer.writeOptional(features) { writer, vector in vector.encode(into: &writer) }
        writer.writeOptional(model) { writer, model in model.encode(into: &writer) }
        writer.writeList(provisionalBars) { writer, bar in bar.encode(into: &writer) }
        writer.writeOptional(indicators) { writer, readings in
            writer.writeList(readings) { writer, reading in reading.encode(into: &writer) }
        }
        writer.writeList(signals) { writer, signal in signal.encode(into: &writer) }
        writer.write(origin == .derived)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        let symbol = try reader.readSymbol()
        guard let market = Market(rawValue: try reader.read()) else {
            throw StateCodecError.malformed(field: "market", byteOffset: reader.offset)
        }
        self.init(symbol: symbol, market: market, figures: try RollingFigures(from: &reader))
        lastTrade = try reader.readOptional { reader throws(StateCodecError) in
            try Trade(from: &reader)
        }
        lastPrint = try reader.readOptional { reader throws(StateCodecError) in
            try Trade(from: &reader)
        }
        quote = try reader.readOptional { reader throws(StateCodecError) in
            try Quote(from: &reader)
        }
        band = try reader.readOptional { reader throws(StateCodecError) in
            try PriceBand(from: &reader)
        }
        receivedAt = try reader.readTimestampIfAny()
        sessionHigh = try reader.readPriceIfAny()
        sessionLow = try reader.readPriceIfAny()
        sessionTradeCount = try reader.read()
        lateVolume = Volume(units: try reader.read())
        unknownConditionCount = try reader.read()
        try readAnalytics(from: &reader)
    }

    private mutating func readAnalytics(from reader: inout StateReader) throws(StateCodecError) {
        features = try reader.readOptional { reader throws(StateCodecError) in
            try FeatureVector(from: &reader)
        }
        model = try reader.readOptional { reader throws(StateCodecError) in
            try ModelStatus(from: &reader)
        }
        provisionalBars = try reader.readList("bars") { reader throws(StateCodecError) in
            try Bar(from: &reader)
        }
        indicators = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readList("indicators") { reader throws(StateCodecError) in
                try IndicatorReading(from: &reader)
            }
        }
        signals = try reader.readList("signals") { reader throws(StateCodecError) in
            try IndicatorSignal(from: &reader)
        }
        origin = try reader.readBool() ? .derived : .engine
    }
}

extension RollingFigures {
    func encode(into writer: inout StateWriter) {
        for price in [
            price, vwapOneMinute, vwapFiveMinutes, vwapSession, rollingAverageFiveMinutes, spread,
            change,
        ] { writer.write(price) }
        for number in [
            volumeZScore, priceMomentum, spreadBasisPoints, vwapDeviation, vwapDeviationPercent,
            velocityFiveSeconds, changePercent,
        ] { writer.write(number) }
        writer.write(tradeFrequency)
        writer.write(changeBasis?.rawValue)
        writer.write(sessionVolume.units)
        writer.write(engineTime)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        price = try reader.readPriceIfAny()
        vwapOneMinute = try reader.readPriceIfAny()
        vwapFiveMinutes = try reader.readPriceIfAny()
        vwapSession = try reader.readPriceIfAny()
        rollingAverageFiveMinutes = try reader.readPriceIfAny()
        spread = try reader.readPriceIfAny()
        change = try reader.readPriceIfAny()
        volumeZScore = try reader.readDoubleIfAny()
        priceMomentum = try reader.readDoubleIfAny()
        spreadBasisPoints = try reader.readDoubleIfAny()
        vwapDeviation = try reader.readDoubleIfAny()
        vwapDeviationPercent = try reader.readDoubleIfAny()
        velocityFiveSeconds = try reader.readDoubleIfAny()
        changePercent = try reader.readDoubleIfAny()
        tradeFrequency = try reader.readDouble()
        changeBasis = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readName("change basis")
        }
        sessionVolume = Volume(units: try reader.read())
        engineTime = try reader.readTimestampIfAny()
    }
}

extension ModelStatus {
    func encode(into writer: inout StateWriter) {
        writer.write(vectorCount)
        writer.write(vectorsNeeded)
        writer.write(version)
        writer.write(trainedAt)
        writer.write(Int64(treeCount))
        writer.write(threshold)
        writer.write(lastScore)
        writer.write(scoredCount)
        writer.write(flaggedCount)
        writer.write(hitCount)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        vectorCount = try reader.read()
        vectorsNeeded = try reader.read()
        version = try reader.readIntegerIfAny()
        trainedAt = try reader.readTimestampIfAny()
        treeCount = try reader.readInt()
        threshold = try reader.readDoubleIfAny()
        lastScore = try reader.readDoubleIfAny()
        scoredCount = try reader.read()
        flaggedCount = try reader.read()
        hitCount = try reader.read()
    }
}
