import MarketModel

/// How bars become final, and what is asked of them.
extension TickerBars {
    /// Makes every bar final that ends at or before `moment`, engine time less lateness, and sends
    /// it; and sends again what has been amended since.
    ///
    /// To be called at moments that the log decides, such as the turn of a second of engine time.
    public mutating func close(upTo moment: Timestamp, into bars: inout [Bar]) {
        let second = moment.secondsFloor
        keepDay(of: second)
        if hasUnsent { sendAmended(into: &bars) }
        let finalBefore = finalSecond
        finalSecond = max(finalSecond, second)
        guard second >= nextEnd else { return }
        nextEnd = .max
        for level in 0..<BarInterval.levels {
            if level == 0 {
                sendFinalSeconds(after: finalBefore, into: &bars)
            } else if second >= nextEnds[level] {
                sendFinal(level: level, after: finalBefore, into: &bars)
            }
            nextEnd = min(nextEnd, nextEnds[level])
        }
        foldSettled()
        reviewNewest()
    }

    /// The first moment at which `close` finds a bar to make final; the end of time without one.
    public var nextClose: Timestamp {
        @inline(__always) mutating get {
            nextEnd > Int64.max / 1_000_000_000
                ? Timestamp(nanoseconds: .max) : Timestamp(seconds: nextEnd)
        }
    }

    /// Lets time pass that makes no bar final: as `close`, to a moment before `nextClose`.
    public mutating func pass(upTo moment: Timestamp) {
        let second = moment.secondsFloor
        assert(second < nextEnd && !hasUnsent, "bars were to be sent")
        finalSecond = max(finalSecond, second)
    }

    private mutating func sendFinal(level: Int, after finalBefore: Int64, into bars: inout [Bar]) {
        var next = Int64.max
        var walk = BarWalk(level: level)
        while let sum = nextSum(&walk) {
            let end = span(of: sum.start, level: level).end
            if end > finalSecond {
                next = min(next, end)
            } else if end > finalBefore {
                send(sum, level: level, into: &bars)
            }
        }
        nextEnds[level] = next
    }

    /// The same for seconds, which are never in parts.
    private mutating func sendFinalSeconds(after finalBefore: Int64, into bars: inout [Bar]) {
        nextEnds[0] = .max
        for index in 0..<pendingCount {
            let end = pendingBar(index).second + 1
            if end > finalSecond {
                nextEnds[0] = end
                return
            }
            if end > finalBefore { send(pendingBar(index).sum, level: 0, into: &bars) }
        }
    }

    private mutating func sendAmended(into bars: inout [Bar]) {
        for level in 0..<BarInterval.levels {
            var walk = BarWalk(level: level)
            while let sum = nextSum(&walk) {
                guard sum.unsentLevels >> UInt8(level) & 1 == 1 else { continue }
                send(sum, level: level, into: &bars)
            }
        }
        markSent()
    }

    private mutating func send(_ sum: BarSum, level: Int, into bars: inout [Bar]) {
        if level == 1 {
            minutesRevision += 1
            minutes.record(
                minute: sum.start.flooredQuotient(60), volume: sum.volume,
                close: sum.intraday.hasOpenClose ? sum.intraday.close : nil)
        }
        guard sentLevels >> UInt8(level) & 1 == 1 else { return }
        bars.append(sum.bar(of: symbol, interval: BarInterval(level: level), isFinal: true))
    }

    /// Folds seconds that no trade within lateness can reach any more.
    private mutating func foldSettled() {
        var settled = 0
        while settled < pendingCount - 1 {
            let oldest = pendingBar(settled)
            let end = (oldest.second + 1) &* 1_000_000_000
            guard newestStart - end >= latenessNanoseconds else { break }
            fold(oldest.sum, level: 1)
            settled += 1
        }
        if settled > 0 { removeOldest(settled) }
    }

    /// Adds to the level's bar; when another bar begins there, the old one goes a level up.
    private mutating func fold(_ sum: BarSum, level: Int) {
        let start = span(of: sum.start, level: level).start
        if folded[level].start == start {
            folded[level].append(sum)
            return
        }
        if !folded[level].isNone, level + 1 < BarInterval.levels {
            fold(folded[level], level: level + 1)
        }
        folded[level] = sum
        folded[level].start = start
    }

    mutating func hasBar(level: Int, start: Int64) -> Bool {
        var walk = BarWalk(level: level)
        while let sum = nextSum(&walk) {
            if sum.start == start { return true }
        }
        return false
    }

    /// The next bar of the walk's level: all its parts, in the order of time. `nil` after the
    /// newest.
    private mutating func nextSum(_ walk: inout BarWalk) -> BarSum? {
        guard let first = nextPart(&walk) else { return nil }
        var sum = first
        sum.start = span(of: first.start, level: walk.level).start
        while true {
            let resume = walk
            guard let part = nextPart(&walk) else { return sum }
            guard span(of: part.start, level: walk.level).start == sum.start else {
                walk = resume
                return sum
            }
            sum.append(part)
        }
    }

    private mutating func nextPart(_ walk: inout BarWalk) -> BarSum? {
        while walk.finer > 0 {
            walk.finer -= 1
            if !folded[walk.finer + 1].isNone { return folded[walk.finer + 1] }
        }
        guard walk.index < pendingCount else { return nil }
        walk.index += 1
        return pendingBar(walk.index - 1).sum
    }

    /// First second and end of the bar that a second lies in.
    ///
    /// A day's bar begins with its trading day and ends with after-hours; what trades later amends
    /// it.
    mutating func span(of second: Int64, level: Int) -> (start: Int64, end: Int64) {
        let length: Int64
        switch level {
        case 0: return (second, second + 1)
        case 1: length = 60
        case 2: length = 300
        case 3: length = 900
        case 4: length = 3600
        default:
            let today = tradingDay(at: second)
            return (today.startsAt.secondsFloor, today.endsAt.secondsFloor)
        }
        let start = second.flooredQuotient(length) * length
        return (start, start + length)
    }

    private mutating func tradingDay(at second: Int64) -> TradingDay {
        let moment = Timestamp(nanoseconds: second &* 1_000_000_000)
        return day.contains(moment) ? day : TradingCalendar.day(containing: moment, market: market)
    }

    /// Looks the trading day up once, not whenever somebody asks.
    mutating func keepDay(of second: Int64) {
        let moment = Timestamp(nanoseconds: second &* 1_000_000_000)
        if !day.contains(moment) { day = TradingCalendar.day(containing: moment, market: market) }
    }
}

/// Where a walk over the parts of a level's bars stands: folded bars from the level down, then
/// seconds.
private struct BarWalk {
    let level: Int
    /// Levels from here down are still to come.
    var finer: Int
    var index = 0

    init(level: Int) {
        self.level = level
        finer = level
    }
}

/// What is asked of the bars.
extension TickerBars {
    /// The bars that are not final yet, coarsest last; of one interval the older first.
    public var provisional: [Bar] {
        mutating get {
            var bars: [Bar] = []
            for level in 0..<BarInterval.levels where sentLevels >> UInt8(level) & 1 == 1 {
                let interval = BarInterval(level: level)
                var walk = BarWalk(level: level)
                while let sum = nextSum(&walk) {
                    guard span(of: sum.start, level: level).end > finalSecond else { continue }
                    bars.append(sum.bar(of: symbol, interval: interval, isFinal: false))
                }
            }
            return bars
        }
    }

    /// Mean, in price units, of at most the last `countMax` (20 at most) one-minute closes of the
    /// session that engine time is in, and how many there were. Only final bars count, and only
    /// those with a close.
    public mutating func minuteCloses(_ countMax: Int, at engineTime: Timestamp) -> (
        meanUnits: Double, count: Int
    ) {
        let today = tradingDay(at: engineTime.secondsFloor)
        return minutes.meanClose(
            since: today.sessionStart(at: engineTime).secondsFloor, countMax: countMax)
    }

    /// Mean, in size units, of at most the last `countMax` (20 at most) whole minutes that ended 60
    /// s before engine time or earlier, quiet ones counting 0, and how many there were since the
    /// ticker's first second.
    public mutating func minuteVolumes(_ countMax: Int, at engineTime: Timestamp) -> (
        meanUnits: Double, count: Int
    ) {
        minutes.meanVolume(
            endedBy: engineTime.secondsFloor - 60, since: firstSecond, countMax: countMax)
    }
}
