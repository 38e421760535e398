import MarketModel

/// What a stretch of trades adds up to: a bar of any level, or a part of one.
struct BarSum: BitwiseCopyable, Sendable {
    static let none = BarSum(start: .min)

    /// Whole seconds since 1970.
    var start: Int64
    var volume: Int128 = 0
    var notional: Int128 = 0
    var tradeCount: Int64 = 0
    var intraday = BarPrices.none
    var regular = BarPrices.none
    /// By level. Only those of the bar's own level and coarser ones mean anything.
    var amendments = InlineArray<6, Int32>(repeating: 0)
    var unsentLevels: UInt8 = 0

    init(start: Int64) { self.start = start }

    var isNone: Bool { start == .min }

    /// Adds a later stretch of time.
    mutating func append(_ later: BarSum) {
        volume &+= later.volume
        notional = clampedSum(notional, later.notional)
        tradeCount += later.tradeCount
        intraday.append(later.intraday)
        regular.append(later.regular)
        for level in 0..<6 { amendments[level] += later.amendments[level] }
        unsentLevels |= later.unsentLevels
    }

    func bar(of symbol: Symbol, interval: BarInterval, isFinal: Bool) -> Bar {
        let prices = interval == .day ? regular : intraday
        return Bar(
            symbol: symbol, interval: interval, start: Timestamp(seconds: start),
            open: prices.hasOpenClose ? Price(units: prices.open) : nil,
            high: prices.hasHighLow ? Price(units: prices.high) : nil,
            low: prices.hasHighLow ? Price(units: prices.low) : nil,
            close: prices.hasOpenClose ? Price(units: prices.close) : nil,
            volume: Volume(units: volume), notional: Notional(units: notional),
            tradeCount: tradeCount, revision: amendments[interval.level], isFinal: isFinal)
    }

    func encode(into writer: inout StateWriter) {
        writer.write(start)
        writer.write(volume)
        writer.write(notional)
        writer.write(tradeCount)
        intraday.encode(into: &writer)
        regular.encode(into: &writer)
        for level in 0..<6 { writer.write(amendments[level]) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        start = try reader.read()
        volume = try reader.read()
        notional = try reader.read()
        tradeCount = try reader.read()
        intraday = try BarPrices(from: &reader)
        regular = try BarPrices(from: &reader)
        for level in 0..<6 { amendments[level] = try reader.read() }
    }
}

extension BarInterval {
    /// 0 for the finest to 5 for the day.
    var level: Int {
        switch self {
        case .second: 0
        case .minute: 1
        case .fiveMinutes: 2
        case .fifteenMinutes: 3
        case .hour: 4
        case .day: 5
        }
    }

    static let levels = 6

    init(level: Int) {
        switch level {
        case 0: self = .second
        case 1: self = .minute
        case 2: self = .fiveMinutes
        case 3: self = .fifteenMinutes
        case 4: self = .hour
        case 5: self = .day
        default: preconditionFailure("bars have levels 0 to 5, not \(level)")
        }
    }
}
