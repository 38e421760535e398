import Analytics
import MarketModel

/// The bars of one ticker that are still open, made from the closed ones below them: exact up to
/// the newest closed second, where the ticker's engine tells seconds.
struct OpenBars {
    /// An interval, and the one that its parts are of.
    private static let steps: [(interval: BarInterval, parts: BarInterval)] = [
        (.minute, .second), (.fiveMinutes, .minute), (.fifteenMinutes, .fiveMinutes),
        (.hour, .fifteenMinutes), (.day, .fifteenMinutes),
    ]

    /// A minute has 60 parts and a day 96; more are never closed.
    private static let partsMax = 128

    /// Closed bars whose coarser bar is open, oldest first, by their interval.
    private var parts: [BarInterval: [Bar]] = [:]
    /// Of each interval: where its newest closed bar ends.
    private var closedTo: [BarInterval: Timestamp] = [:]
    private let market: Market

    init(market: Market) { self.market = market }

    /// Takes a closed bar. One that comes again replaces the first, by its revision.
    mutating func apply(_ bar: Bar) {
        let end = end(of: bar)
        if let step = OpenBars.steps.first(where: { $0.interval == bar.interval }),
            end > closedTo[bar.interval] ?? .distantPast
        {
            closedTo[bar.interval] = end
            release(step.parts)
        }
        guard bar.start >= horizon(of: bar.interval) else { return }
        keep(bar)
    }

    /// The open bars that anything is known of, coarsest last; of one interval the older first.
    func bars() -> [Bar] {
        var open: [BarInterval: [Bar]] = [:]
        for (interval, parts) in OpenBars.steps {
            let from = closedTo[interval] ?? .distantPast
            let members = (self.parts[parts] ?? []) + (open[parts] ?? [])
            for part in members where part.start >= from {
                add(part, to: &open[interval, default: []], of: interval)
            }
        }
        return OpenBars.steps.flatMap { open[$0.interval] ?? [] }
    }

    private mutating func keep(_ bar: Bar) {
        var known = parts[bar.interval] ?? []
        let place = known.firstIndex { $0.start >= bar.start } ?? known.count
        if place < known.count, known[place].start == bar.start {
            if bar.revision >= known[place].revision { known[place] = bar }
        } else {
            known.insert(bar, at: place)
        }
        if known.count > OpenBars.partsMax { known.removeFirst() }
        parts[bar.interval] = known
    }

    /// Lets go of parts that no open bar is made of any more.
    private mutating func release(_ interval: BarInterval) {
        let horizon = horizon(of: interval)
        parts[interval]?.removeAll { $0.start < horizon }
    }

    /// The first moment that a coarser bar which is made of such parts is open at.
    private func horizon(of interval: BarInterval) -> Timestamp {
        OpenBars.steps.filter { $0.parts == interval }
            .map { closedTo[$0.interval] ?? .distantPast }.min() ?? Timestamp(nanoseconds: .max)
    }

    private func add(_ part: Bar, to open: inout [Bar], of interval: BarInterval) {
        let start = start(of: interval, at: part.start)
        if open.last?.start != start {
            open.append(Bar(symbol: part.symbol, interval: interval, start: start))
        }
        open[open.count - 1].takeVolume(of: part)
        if interval != .day || isRegular(part) { open[open.count - 1].takePrices(of: part) }
    }

    fileprivate static func clampedSum<Number: FixedWidthInteger>(_ left: Number, _ right: Number)
        -> Number
    {
        let (sum, isOver) = left.addingReportingOverflow(right)
        return isOver ? (right > 0 ? .max : .min) : sum
    }

    /// The prices of a day are those of its regular session.
    private func isRegular(_ bar: Bar) -> Bool {
        TradingCalendar.phase(at: bar.start, market: market) == .regular
    }

    private func start(of interval: BarInterval, at moment: Timestamp) -> Timestamp {
        if interval == .day {
            return TradingCalendar.day(containing: moment, market: market).startsAt
        }
        return Timestamp(
            seconds: moment.secondsFloor.flooredQuotient(interval.rawValue) * interval.rawValue)
    }

    private func end(of bar: Bar) -> Timestamp {
        if bar.interval == .day {
            return TradingCalendar.day(containing: bar.start, market: market).endsAt
        }
        return bar.start.advanced(byNanoseconds: bar.interval.rawValue * 1_000_000_000)
    }
}

extension Bar {
    /// What others tell is not believed to stay within bounds.
    fileprivate mutating func takeVolume(of later: Bar) {
        volume.units = OpenBars.clampedSum(volume.units, later.volume.units)
        notional.units = OpenBars.clampedSum(notional.units, later.notional.units)
        tradeCount = OpenBars.clampedSum(tradeCount, later.tradeCount)
        revision = OpenBars.clampedSum(revision, later.revision)
    }

    /// Of a later stretch of time.
    fileprivate mutating func takePrices(of later: Bar) {
        open = open ?? later.open
        close = later.close ?? close
        high = [high, later.high].compactMap { $0 }.max()
        low = [low, later.low].compactMap { $0 }.min()
    }
}
