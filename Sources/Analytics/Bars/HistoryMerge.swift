import MarketModel

/// Merges the provider's one-minute history into the coarser intraday bars, so that charts and
/// indicators of these begin warm.
///
/// Minutes come oldest first; one that is not later than the last is passed over. A bar is complete
/// when a minute reaches its end, when a later bar begins, or when the history ends at or after it.
/// The bar that the history begins within, and the one that it ends within, are left out: of them
/// it has only a part.
public struct HistoryMerge: Sendable {
    private static let intervals: [BarInterval] = [.fiveMinutes, .fifteenMinutes, .hour]

    private struct Part {
        var bar: Bar
        /// The history began within it.
        var isCut: Bool
    }

    /// By interval, the one being merged.
    private var parts: [Part] = []
    /// Where the log's own trades begin after the minutes at hand; `nil` when there are none yet.
    private var stretchEnd: Timestamp?
    private var lastMinute = Timestamp.distantPast

    public init() {}

    /// Merges one minute in and hands over what it completes. A minute of another stretch without
    /// trades of our own, which end where these begin again, ends the history before it.
    public mutating func take(
        _ minute: Bar, ofStretchTo stretchEnd: Timestamp? = nil,
        _ complete: (Bar) -> Void
    ) {
        if stretchEnd != self.stretchEnd {
            end(at: self.stretchEnd ?? .distantPast, complete)
            self.stretchEnd = stretchEnd
        }
        guard minute.start > lastMinute else { return }
        let isFirst = lastMinute == .distantPast
        lastMinute = minute.start
        endParts(by: minute.start, complete)
        let end = HistoryMerge.end(of: minute)
        for interval in HistoryMerge.intervals {
            let start = Timestamp(
                seconds: minute.start.secondsFloor.flooredQuotient(interval.rawValue)
                    * interval.rawValue)
            if let place = parts.firstIndex(where: { $0.bar.interval == interval }) {
                parts[place].bar.append(minute)
            } else {
                var bar = minute
                bar.interval = interval
                bar.start = start
                parts.append(Part(bar: bar, isCut: isFirst && start < minute.start))
            }
        }
        endParts(by: end, complete)
    }

    /// The log's own trades begin at this moment: hands over what is complete, forgets the rest.
    /// Minutes that come later begin a history of their own.
    public mutating func end(at moment: Timestamp, _ complete: (Bar) -> Void) {
        endParts(by: moment, complete)
        self = HistoryMerge()
    }

    private mutating func endParts(by moment: Timestamp, _ complete: (Bar) -> Void) {
        for part in parts where HistoryMerge.end(of: part.bar) <= moment && !part.isCut {
            complete(part.bar)
        }
        parts.removeAll { HistoryMerge.end(of: $0.bar) <= moment }
    }

    private static func end(of bar: Bar) -> Timestamp {
        bar.start.advanced(byNanoseconds: bar.interval.rawValue * 1_000_000_000)
    }
}

extension Bar {
    /// Adds a later part of the same bar.
    fileprivate mutating func append(_ later: Bar) {
        open = open ?? later.open
        high = [high, later.high].compactMap { $0 }.max()
        low = [low, later.low].compactMap { $0 }.min()
        close = later.close ?? close
        volume += later.volume
        notional = Notional(units: clampedSum(notional.units, later.notional.units))
        tradeCount += later.tradeCount
    }
}

extension HistoryMerge {
    public func encode(into writer: inout StateWriter) {
        writer.write(lastMinute)
        writer.writeOptional(stretchEnd) { writer, moment in writer.write(moment) }
        writer.write(Int64(parts.count))
        for part in parts {
            writer.write(part.isCut)
            part.bar.encode(into: &writer)
        }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        lastMinute = try reader.readTimestamp()
        stretchEnd = try reader.readOptional { reader throws(StateCodecError) in
            try reader.readTimestamp()
        }
        for _ in 0..<(try reader.readCount("history bars")) {
            let isCut = try reader.readBool()
            parts.append(Part(bar: try Bar(from: &reader), isCut: isCut))
        }
    }
}

extension Bar {
    /// A bar of the provider's history: all four prices, never amended.
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(interval.rawValue)
        writer.write(start)
        for price in [open, high, low, close] {
            writer.writeOptional(price) { writer, price in writer.write(price) }
        }
        writer.write(volume.units)
        writer.write(notional.units)
        writer.write(tradeCount)
    }

    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        let symbol = try reader.readSymbol()
        let seconds: Int64 = try reader.read()
        guard let interval = BarInterval(rawValue: seconds) else {
            throw StateCodecError.malformed(field: "history bar", byteOffset: reader.offset)
        }
        let start = try reader.readTimestamp()
        var prices: [Price?] = []
        for _ in 0..<4 {
            prices.append(
                try reader.readOptional { reader throws(StateCodecError) in
                    try reader.readPrice()
                })
        }
        self.init(
            symbol: symbol, interval: interval, start: start, open: prices[0], high: prices[1],
            low: prices[2], close: prices[3], volume: Volume(units: try reader.read()),
            notional: Notional(units: try reader.read()), tradeCount: try reader.read(),
            isFinal: true, isReference: true)
    }
}
