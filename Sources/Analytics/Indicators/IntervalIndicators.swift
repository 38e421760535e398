import MarketModel

/// The indicators of one ticker on one interval of bars.
///
/// Each closed bar is counted in once, in the order of time: what has amended a bar after it was
/// final does not reach it. Counting one in costs the same however long the windows are, but for
/// the Bollinger band and the stochastic; the averages over closes are made when somebody asks.
public struct IntervalIndicators: ~Copyable {
    private var core = IndicatorCore()
    private var watch = SignalWatch()
    private var ring: CandleRing
    /// Start of the last bar counted in, with or without prices.
    private(set) var lastStart = Timestamp.distantPast
    /// Start of the last that had prices.
    private var closedStart = Timestamp.distantPast

    /// The prices it looks back on are kept in `memory`.
    public init(_ plan: IndicatorPlan, memory: MarketMemory = MarketMemory()) {
        ring = CandleRing(plan, memory)
    }

    /// Closed bars with prices so far.
    public var barCount: Int64 { core.count }

    /// RSI at the last closed bar; `nil` while there are too few, or when the last closes, as many
    /// as its period, are equal.
    public func rsiUnlessFlat(_ plan: IndicatorPlan) -> Double? {
        core.isFlat(plan) ? nil : core.rsi(plan)
    }

    /// Counts a bar in that has become final. False for one that is not later than the last.
    ///
    /// A bar without prices is passed over. Calls `raise` for each signal of the bar.
    mutating func close(
        _ candle: Candle?, start: Timestamp, _ plan: IndicatorPlan, _ raise: (RaisedSignal) -> Void
    ) -> Bool {
        guard start > lastStart else { return false }
        lastStart = start
        guard let candle else { return true }
        closedStart = start
        watch.slide(candle, count: core.count, over: ring, plan)
        core.take(candle, over: ring, plan)
        ring.push(candle)
        // Of the two the small one is moved aside.
        var looking = watch
        looking.look(at: core, close: candle.close, over: ring, plan, raise)
        watch = looking
        return true
    }

    /// Counts a closed candle in, later than all before; nothing comes of its signals.
    public mutating func close(_ candle: Candle, _ plan: IndicatorPlan) {
        _ = close(candle, start: lastStart.advanced(byNanoseconds: 1), plan) { _ in }
    }

    /// At the last closed bar; `nil` before the first.
    public func closed(_ plan: IndicatorPlan) -> IndicatorValues? {
        core.count == 0 ? nil : closedValues(plan)
    }

    /// At the last closed bar; before the first there is none of them.
    public func closedValues(_ plan: IndicatorPlan) -> IndicatorValues {
        values(core, lead: nil, plan)
    }

    /// As if the open bar closed now. The state stays as it is.
    public func live(_ open: Candle, _ plan: IndicatorPlan) -> IndicatorValues {
        var next = core
        next.take(open, over: ring, plan)
        return values(next, lead: open.close, plan)
    }

    private func values(
        _ core: borrowing IndicatorCore, lead: Int64?, _ plan: IndicatorPlan
    ) -> IndicatorValues {
        var values = IndicatorValues()
        core.write(&values, plan)
        core.writeAverages(&values, over: ring, lead: lead, plan)
        if let band = core.band(over: ring, lead: lead, plan) {
            let width = plan.bollingerDeviations * band.standard
            values.bollingerUpper = band.mean + width
            values.bollingerMiddle = band.mean
            values.bollingerLower = band.mean - width
            if plan.standardDeviationPeriod == plan.bollingerPeriod {
                values.standardDeviation = band.standard
            }
        }
        if plan.standardDeviationPeriod != plan.bollingerPeriod {
            values.standardDeviation =
                ring.deviation(plan.standardDeviationPeriod, lead: lead)?.standard
        }
        return values
    }

    /// What a reader sees. `open` are the bars not final yet, the older first: all but the newest
    /// are over, and are counted in on a copy.
    func reading(
        _ interval: BarInterval, open: [Bar], _ plan: IndicatorPlan
    ) -> IndicatorReading {
        var reading = IndicatorReading(interval: interval, barCount: core.count)
        reading.closed = closed(plan)
        reading.closedStart = core.count == 0 ? nil : closedStart
        let candles = open.filter { $0.start > lastStart }.compactMap { bar in
            Candle(bar).map { (start: bar.start, candle: $0) }
        }
        guard let newest = candles.last else { return reading }
        reading.liveStart = newest.start
        if candles.count == 1 {
            reading.live = live(newest.candle, plan)
        } else {
            var ahead = copy(plan)
            for (start, candle) in candles.dropLast() {
                _ = ahead.close(candle, start: start, plan) { _ in }
            }
            reading.live = ahead.live(newest.candle, plan)
        }
        return reading
    }

    private func copy(_ plan: IndicatorPlan) -> IntervalIndicators {
        var copy = IntervalIndicators(plan, memory: ring.memory)
        copy.core = core
        copy.watch = watch
        copy.lastStart = lastStart
        copy.closedStart = closedStart
        copy.ring = ring.copy()
        return copy
    }

    /// What it takes of memory, with the prices it looks back on.
    var byteCount: Int { MemoryLayout<IntervalIndicators>.stride + ring.byteCount }
}

extension IntervalIndicators {
    func encode(into writer: inout StateWriter) {
        writer.write(lastStart)
        writer.write(closedStart)
        core.encode(into: &writer)
        watch.encode(into: &writer)
        ring.encode(into: &writer)
    }

    static func decoded(
        from reader: inout StateReader, _ plan: IndicatorPlan,
        _ memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) -> IntervalIndicators {
        var indicators = IntervalIndicators(plan, memory: memory)
        indicators.lastStart = try reader.readTimestamp()
        indicators.closedStart = try reader.readTimestamp()
        indicators.core = try IndicatorCore(from: &reader)
        indicators.watch = try SignalWatch(from: &reader)
        indicators.ring = try CandleRing(from: &reader, plan, memory)
        let count = indicators.core.count
        guard count >= 0, indicators.ring.closeCount == min(count, Int64(plan.closesKept)),
            indicators.ring.candleCount == min(count, Int64(plan.candlesKept))
        else {
            throw StateCodecError.malformed(field: "indicator count", byteOffset: reader.offset)
        }
        indicators.core.sumUp(indicators.ring, plan)
        return indicators
    }
}
