import MarketModel

/// The indicators of one ticker, on each interval that has had a bar, and its newest signals.
///
/// An interval costs no memory before its first bar closes.
public struct TickerIndicators: ~Copyable {
    public static let signalsKept = 8

    /// By level of bars.
    private var slots = InlineArray<6, UnsafeMutablePointer<IntervalIndicators>?>(repeating: nil)
    /// The newest first.
    public private(set) var signals: [IndicatorSignal] = []

    private let memory: MarketMemory

    /// Each interval is kept in `memory`.
    public init(memory: MarketMemory = MarketMemory()) { self.memory = memory }

    deinit {
        for level in 0..<BarInterval.levels {
            guard let slot = slots[level] else { continue }
            slot.deinitialize(count: 1)
            memory.giveBack(slot, count: 1)
        }
    }

    /// Counts in a bar that has become final; false when it is not later than the last of its
    /// interval, or none are made on that. Its signals are appended, and kept.
    public mutating func close(
        _ bar: Bar, market: Market, position: LogPosition, _ plan: IndicatorPlan,
        into raised: inout [IndicatorSignal]
    ) -> Bool {
        guard plan.isMade(level: bar.interval.level) else { return false }
        let slot = slot(bar.interval.level, plan)
        let raises = plan.raisesSignals(level: bar.interval.level)
        let raisedBefore = raised.count
        let candle = Candle(bar)
        let isCounted = slot.pointee.close(candle, start: bar.start, plan) { signal in
            guard raises, let candle else { return }
            raised.append(
                IndicatorSignal(
                    symbol: bar.symbol, kind: signal.kind, interval: bar.interval,
                    barStart: bar.start, at: TickerIndicators.end(of: bar, market: market),
                    close: Price(units: candle.close), value: signal.value,
                    reference: signal.reference, position: position))
        }
        for index in raisedBefore..<raised.count { keep(raised[index]) }
        return isCounted
    }

    /// Counts in a bar of the provider's history: a warm-up, which raises no signals.
    public mutating func warmUp(_ bar: Bar, _ plan: IndicatorPlan) {
        guard plan.isMade(level: bar.interval.level) else { return }
        _ = slot(bar.interval.level, plan).pointee.close(
            Candle(bar), start: bar.start, plan
        ) { _ in }
    }

    private mutating func keep(_ signal: IndicatorSignal) {
        if signals.isEmpty { signals.reserveCapacity(TickerIndicators.signalsKept) }
        if signals.count == TickerIndicators.signalsKept { signals.removeLast() }
        signals.insert(signal, at: 0)
    }

    private mutating func slot(
        _ level: Int, _ plan: IndicatorPlan
    ) -> UnsafeMutablePointer<IntervalIndicators> {
        if let slot = slots[level] { return slot }
        let slot = memory.take(IntervalIndicators.self, count: 1)
        slot.initialize(to: IntervalIndicators(plan, memory: memory))
        slots[level] = slot
        return slot
    }

    /// The end of a day's bar is that of its trading day.
    private static func end(of bar: Bar, market: Market) -> Timestamp {
        bar.interval == .day
            ? TradingCalendar.day(containing: bar.start, market: market).endsAt
            : bar.start.advanced(byNanoseconds: bar.interval.rawValue * 1_000_000_000)
    }

    /// RSI on closed one-minute bars; `nil` while it says nothing.
    public func minuteRSI(_ plan: IndicatorPlan) -> Double? {
        slots[BarInterval.minute.level]?.pointee.rsiUnlessFlat(plan)
    }

    /// What readers see of every interval that has had a closed bar. `open` are the bars not final
    /// yet, of one interval the older first.
    public func readings(open: [Bar], _ plan: IndicatorPlan) -> [IndicatorReading] {
        var readings: [IndicatorReading] = []
        for level in 0..<BarInterval.levels {
            guard let slot = slots[level] else { continue }
            let interval = BarInterval(level: level)
            readings.append(
                slot.pointee.reading(
                    interval, open: open.filter { $0.interval == interval }, plan))
        }
        return readings
    }

    /// What the intervals take of memory, beside this value.
    public var byteCount: Int {
        var sum = signals.capacity * MemoryLayout<IndicatorSignal>.stride
        for level in 0..<BarInterval.levels { sum += slots[level]?.pointee.byteCount ?? 0 }
        return sum
    }
}

extension TickerIndicators {
    public func encode(into writer: inout StateWriter) {
        for level in 0..<BarInterval.levels {
            writer.write(slots[level] != nil)
            if let slot = slots[level] { slot.pointee.encode(into: &writer) }
        }
        writer.write(Int64(signals.count))
        for signal in signals.reversed() { signal.encode(into: &writer) }
    }

    /// Reads what `encode` wrote under the same settings.
    public static func decoded(
        from reader: inout StateReader, _ plan: IndicatorPlan,
        memory: MarketMemory = MarketMemory()
    ) throws(StateCodecError) -> TickerIndicators {
        var indicators = TickerIndicators(memory: memory)
        for level in 0..<BarInterval.levels {
            guard try reader.readBool() else { continue }
            let decoded = try IntervalIndicators.decoded(from: &reader, plan, memory)
            indicators.slot(level, plan).pointee = decoded
        }
        for _ in 0..<(try reader.readCount("signals")) {
            indicators.keep(try IndicatorSignal(from: &reader))
        }
        return indicators
    }
}

extension IndicatorSignal {
    public func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(kind.rawValue)
        writer.write(interval.rawValue)
        writer.write(barStart)
        writer.write(at)
        writer.write(close)
        writer.write(value)
        writer.write(reference)
        writer.write(position)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        let symbol = try reader.readSymbol()
        let name = try reader.readString()
        let seconds: Int64 = try reader.read()
        guard let kind = Kind(rawValue: name), let interval = BarInterval(rawValue: seconds) else {
            throw StateCodecError.malformed(field: "signal", byteOffset: reader.offset)
        }
        self.init(
            symbol: symbol, kind: kind, interval: interval,
            barStart: try reader.readTimestamp(), at: try reader.readTimestamp(),
            close: try reader.readPrice(), value: try reader.readDouble(),
            reference: try reader.readDouble(), position: try reader.readPosition())
    }
}
