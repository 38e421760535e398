import Analytics
import MarketModel

extension TickerState {
    borrowing func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(market.rawValue)
        windows.encode(into: &writer)
        writer.write(!bars.isEmpty)
        bars.pointer?.pointee.encode(into: &writer)
        writer.write(Int64(marks.count))
        for index in 0..<marks.count { marks.pointer(at: index).pointee.encode(into: &writer) }
        writer.write(watermark)
        writer.write(time)
        writer.write(secondEnd)
        encodeNewest(into: &writer)
        writer.write(receivedAt)
        writer.write(lateVolume.units)
        writer.write(unknownConditionCount)
        priceSpike.encode(into: &writer)
        volumeSpike.encode(into: &writer)
        velocity.encode(into: &writer)
        crossedMarket.encode(into: &writer)
        episodes.encode(into: &writer)
        news.encode(into: &writer)
        forestActivity.encode(into: &writer)
        indicators.encode(into: &writer)
        history.encode(into: &writer)
    }

    private borrowing func encodeNewest(into writer: inout StateWriter) {
        writer.writeOptional(quote) { writer, quote in quote.encode(into: &writer) }
        writer.write(quoteOrigin.source.rawValue)
        writer.write(quoteOrigin.receivedAt)
        writer.write(quoteOrigin.position)
        writer.write(isQuoteUnsampled)
        writer.write(quoteSecondEnd)
        writer.writeOptional(band) { writer, band in band.encode(into: &writer) }
        writer.writeOptional(lastEligible) { writer, trade in trade.encode(into: &writer) }
        writer.write(lastEligiblePosition)
        writer.write(isFeatureUnsent)
        writer.write(featureSecond)
        writer.writeOptional(lastPrint) { writer, trade in trade.encode(into: &writer) }
        writer.writeOptional(firstExecutedAt) { writer, moment in writer.write(moment) }
    }

    static func decoded(
        from reader: inout StateReader, number: Int, settings: AnalyticsSettings,
        plan: IndicatorPlan, _ table: borrowing TickerTable
    ) throws(StateCodecError) -> TickerState {
        let symbol = try reader.readSymbol()
        let raw: UInt8 = try reader.read()
        guard let market = Market(rawValue: raw) else {
            throw StateCodecError.malformed(field: "market", byteOffset: reader.offset)
        }
        var ticker = TickerState(
            number: number, symbol: symbol, market: market, settings: settings, table)
        let memory = table.memory
        ticker.windows = try TickerWindows(
            from: &reader, symbol: symbol, market: market, settings: settings, memory: memory)
        if try reader.readBool() {
            ticker.bars.put(
                try TickerBars(
                    from: &reader, symbol: symbol, market: market, settings: settings,
                    memory: memory))
        }
        for _ in 0..<(try reader.readCount("marks")) {
            ticker.marks.append(try SourceMarks.decoded(from: &reader, memory: memory))
        }
        ticker.mayHaveGaps = ticker.marks.count > 0
        ticker.watermark = try reader.readTimestamp()
        ticker.time = try reader.readTimestamp()
        ticker.secondEnd = try reader.readTimestamp()
        try ticker.decodeNewest(from: &reader)
        ticker.receivedAt = try reader.readTimestamp()
        ticker.lateVolume = Volume(units: try reader.read())
        ticker.unknownConditionCount = try reader.read()
        ticker.priceSpike = try PriceSpikeRule(from: &reader)
        ticker.volumeSpike = try VolumeSpikeRule(from: &reader)
        ticker.velocity = try VelocityRule(from: &reader)
        ticker.crossedMarket = try CrossedMarketRule(from: &reader)
        ticker.episodes = try TickerEpisodes.decoded(from: &reader, memory: memory)
        ticker.news = try TickerNews(from: &reader, memory)
        ticker.forestActivity = try ForestActivity(from: &reader)
        ticker.indicators = try TickerIndicators.decoded(from: &reader, plan, memory: memory)
        ticker.history = try HistoryMerge(from: &reader)
        return ticker
    }

    private mutating func decodeNewest(from reader: inout StateReader) throws(StateCodecError) {
        quote = try reader.readOptional { reader throws(StateCodecError) in
            try Quote(from: &reader)
        }
        quoteOrigin = Origin(
            source: try FeedSource(from: &reader), receivedAt: try reader.readTimestamp(),
            position: try reader.readPosition())
        isQuoteUnsampled = try reader.readBool()
        quoteSecondEnd = try reader.read()
        band = try reader.readOptional { reader throws(StateCodecError) in
            try PriceBand(from: &reader)
        }
        let eligible = try reader.readOptional { reader throws(StateCodecError) in
            try Trade(from: &reader)
        }
        let position = try reader.readPosition()
        isFeatureUnsent = try reader.readBool()
        featureSecond = try reader.read()
        let print = try reader.readOptional { reader throws(StateCodecError) in
            try Trade(from: &reader)
        }
        restore(print: print, eligible: eligible, at: position)
        firstExecutedAt = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readTimestamp()
        }
    }
}
