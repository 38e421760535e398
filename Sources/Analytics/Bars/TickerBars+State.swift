import MarketModel

/// State as bytes.
extension TickerBars {
    public func encode(into writer: inout StateWriter) {
        writer.write(finalSecond)
        writer.write(firstSecond)
        minutes.encode(into: &writer)
        for level in 1..<BarInterval.levels {
            writer.write(!folded[level].isNone)
            if !folded[level].isNone { folded[level].encode(into: &writer) }
        }
        for level in 0..<BarInterval.levels { writer.write(nextEnds[level]) }
        writer.write(hasUnsent)
        writer.write(Int64(pendingCount))
        for index in 0..<pendingCount { pendingBar(index).encode(into: &writer) }
    }

    /// Reads what `encode` wrote. Settings are not in it: they come with the log.
    public init(
        from reader: inout StateReader, symbol: Symbol, market: Market,
        settings: AnalyticsSettings, memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) {
        self.init(symbol: symbol, market: market, settings: settings, memory: memory)
        finalSecond = try reader.read()
        let first: Int64 = try reader.read()
        minutes = try MinuteHistory(from: &reader)
        for level in 1..<BarInterval.levels {
            if try reader.readBool() { folded[level] = try BarSum(from: &reader) }
        }
        for level in 0..<BarInterval.levels {
            nextEnds[level] = try reader.read()
            nextEnd = min(nextEnd, nextEnds[level])
        }
        hasUnsent = try reader.readBool()
        for _ in 0..<(try reader.readCount("pending seconds")) {
            appendPending(try SecondBar(from: &reader))
        }
        firstSecond = first
    }
}
