import MarketModel

/// The bars of one ticker and interval that the chart knows, oldest first.
struct ChartSeries: Sendable {
    let symbol: Symbol
    let interval: BarInterval
    private(set) var bars: [Bar] = []
    /// The store has nothing older.
    private(set) var reachesBack = false
    /// The store has answered once.
    private(set) var isLoaded = false
    /// Bars between the newest and the right edge of the chart; 0 follows the market.
    private(set) var pan = 0
    /// Indicators at the bars, as of the last `work`.
    private(set) var pointsByStart: [Timestamp: ChartPoint] = [:]
    /// Bars have come or closed since.
    private var isBehind = true

    init(symbol: Symbol, interval: BarInterval) {
        self.symbol = symbol
        self.interval = interval
    }

    /// Takes stored bars. A bar seen in a snapshot with a higher revision stays.
    mutating func take(stored: [Bar], before: Timestamp?) {
        isLoaded = true
        isBehind = true
        if stored.count < HistoryRequest.barsMax, before != nil || bars.isEmpty {
            reachesBack = true
        }
        let newest = bars.last?.start
        bars = ChartSeries.merged(bars, stored)
        if let newest { keepPlace(added: bars.count { $0.start > newest }) }
    }

    /// Both oldest first. Of two with the same start the second counts, unless it is an earlier
    /// revision.
    private static func merged(_ known: [Bar], _ stored: [Bar]) -> [Bar] {
        var merged: [Bar] = []
        merged.reserveCapacity(max(known.count, stored.count) + 8)
        var rest = known[...]
        for bar in stored {
            while let first = rest.first, first.start < bar.start {
                merged.append(first)
                rest.removeFirst()
            }
            if let first = rest.first, first.start == bar.start {
                merged.append(first.revision > bar.revision ? first : bar)
                rest.removeFirst()
            } else {
                merged.append(bar)
            }
        }
        return merged + rest
    }

    /// Takes the bars that are not final yet, out of a snapshot.
    mutating func take(provisional: [Bar]) {
        for bar in provisional where bar.interval == interval && bar.symbol == symbol {
            if let index = bars.lastIndex(where: { $0.start <= bar.start }) {
                if bars[index].start == bar.start {
                    if bar.revision >= bars[index].revision { bars[index] = bar }
                    continue
                }
                bars.insert(bar, at: index + 1)
            } else {
                bars.insert(bar, at: 0)
            }
            isBehind = true
            if bars.last?.start == bar.start { keepPlace(added: 1) }
        }
    }

    /// Has the indicators worked out where bars have come or closed since the last time.
    mutating func work(out indicators: ([Bar]) -> [IndicatorPoint]) {
        guard isBehind else { return }
        isBehind = false
        pointsByStart = Dictionary(
            indicators(bars).map { ($0.start, ChartPoint($0.values)) }, uniquingKeysWith: { $1 })
    }

    /// They are worked out anew the next time.
    mutating func forgetIndicators() { isBehind = true }

    /// Positive goes back in time.
    mutating func pan(by count: Int) { pan = min(max(0, pan + count), max(0, bars.count - 1)) }

    mutating func follow() { pan = 0 }

    private mutating func keepPlace(added: Int) {
        if pan > 0 { pan(by: added) }
    }
}

/// The session's volume-weighted average price at the end of each bar.
enum VWAPLine {
    /// Walks back from the session's figures of now, taking away bar after bar, so that it is exact
    /// however few bars are known. One value a bar; `nil` before the session and where the bars and
    /// the figures do not match.
    static func values(
        bars: ArraySlice<Bar>, sessionVWAP: Price?, sessionVolume: Volume,
        sessionStart: Timestamp
    ) -> [Price?] {
        var line: [Price?] = Array(repeating: nil, count: bars.count)
        guard let sessionVWAP else { return line }
        var volume = sessionVolume.asDouble
        var notional = volume * sessionVWAP.asDouble
        for index in bars.indices.reversed() {
            let bar = bars[index]
            guard bar.start >= sessionStart, volume > 1e-9, notional > 0 else { break }
            let price = notional / volume
            guard price < 9e9 else { break }
            line[index - bars.startIndex] = Price(units: Int64(price * Double(Price.scale)))
            volume -= bar.volume.asDouble
            notional -= bar.notional.asDouble
        }
        return line
    }
}
