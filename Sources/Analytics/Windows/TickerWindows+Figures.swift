import MarketModel

/// What a rule or a screen asks: computed from the sums when asked, never before.
extension TickerWindows {
    /// Every figure of analytics.md section 2, as of the engine time the windows stand at.
    public func figures(quote: Quote?) -> RollingFigures {
        var figures = RollingFigures()
        withUnsafePointer(to: self) { TickerWindows.write(&figures, of: $0, quote) }
        figures.volumeZScore = volumeZScore
        return figures
    }

    /// The same, for asking on every trade: what the earlier seconds add up to is kept until the
    /// next one.
    ///
    /// What `figures` held before is gone. It is written where it lies, since so many fields cost
    /// more to move, or to empty first, than to compute.
    public mutating func writeFigures(_ figures: inout RollingFigures, quote: Quote?) {
        withUnsafePointer(to: &self) { TickerWindows.write(&figures, of: $0, quote) }
        figures.volumeZScore = volumeZScoreKept()
    }

    /// All but the volume score.
    ///
    /// Windows that are only borrowed would first be copied field by field, which costs as much as
    /// the figures; through a pointer each field is read where it is used.
    @inline(__always)
    private static func write(
        _ figures: inout RollingFigures, of windows: UnsafePointer<TickerWindows>, _ quote: Quote?
    ) {
        let price = windows.pointee.price
        figures.price = price
        // What takes longest comes first: the rest is made while its divisions go on.
        writeFiveMinutes(&figures, of: windows, price)
        writeSpread(&figures, quote)
        figures.vwapOneMinute = averagePrice(
            windows.pointee.minuteNotional &+ windows.pointee.current.notional,
            of: windows.pointee.minuteVolume &+ windows.pointee.current.volume)
        let sessionVolume =
            windows.pointee.session.totals.volume &+ windows.pointee.current.volume
        figures.vwapSession = averagePrice(
            clampedSum(
                windows.pointee.session.totals.notional, windows.pointee.current.notional),
            of: sessionVolume)
        figures.sessionVolume = Volume(units: sessionVolume)
        figures.rollingAverageFiveMinutes = averagePrice(
            windows.pointee.fiveMinutes.priceSum &+ windows.pointee.current.priceSum,
            of: Int128(
                windows.pointee.fiveMinutes.priceCount &+ windows.pointee.current.priceCount))
        figures.priceMomentum = windows.pointee.priceMomentum
        figures.tradeFrequency = windows.pointee.tradeFrequency
        figures.engineTime =
            windows.pointee.slot == .min ? nil : Timestamp(nanoseconds: windows.pointee.slotEnd)
        guard let price, let reference = windows.pointee.change.price else {
            (figures.velocityFiveSeconds, figures.change) = (nil, nil)
            (figures.changePercent, figures.changeBasis) = (nil, nil)
            return
        }
        figures.velocityFiveSeconds =
            windows.pointee.extremeAges == 0
            ? velocityPercent(windows.pointee.currentExtremes, against: reference)
            : velocityPercent(
                windows.pointee.earlierExtremes, windows.pointee.currentExtremes,
                against: reference)
        let difference = price.units - reference.units
        figures.change = Price(units: difference)
        figures.changePercent = 100 * Double(difference) / Double(reference.units)
        figures.changeBasis = windows.pointee.change.basis
    }

    @inline(__always)
    private static func writeSpread(_ figures: inout RollingFigures, _ quote: Quote?) {
        guard let quote, quote.bid.units > 0, quote.ask.units > 0 else {
            (figures.spread, figures.spreadBasisPoints) = (nil, nil)
            return
        }
        figures.spread = quote.spread
        figures.spreadBasisPoints = quote.spreadBasisPoints
    }

    @inline(__always)
    private static func writeFiveMinutes(
        _ figures: inout RollingFigures, of windows: UnsafePointer<TickerWindows>, _ price: Price?
    ) {
        let volume = windows.pointee.fiveMinutes.volume &+ windows.pointee.current.volume
        let notional = windows.pointee.fiveMinutes.notional &+ windows.pointee.current.notional
        // As `averagePrice`: a price and a volume of one word each, nearly always.
        let divisor = Int64(truncatingIfNeeded: volume)
        let high = UInt64(truncatingIfNeeded: notional >> 64)
        guard volume >> 64 == 0, divisor > 0, high < divisor.magnitude >> 2,
            price.map({ $0.units >= 0 }) ?? true
        else { return writeWideFiveMinutes(&figures, notional, of: volume, price) }
        let (whole, rest) = divisor.magnitude.dividingFullWidth(
            (high, UInt64(truncatingIfNeeded: notional)))
        let roundsUp = rest >= divisor.magnitude &- rest
        figures.vwapFiveMinutes = Price(units: Int64(bitPattern: whole &+ (roundsUp ? 1 : 0)))
        guard let price else {
            (figures.vwapDeviation, figures.vwapDeviationPercent) = (nil, nil)
            return
        }
        let vwap = Int64(bitPattern: whole)
        writeDeviation(
            &figures, above: Double(price.units &- vwap), Double(vwap),
            fraction: Double(Int64(bitPattern: rest)) / Double(divisor))
    }

    @inline(never)
    private static func writeWideFiveMinutes(
        _ figures: inout RollingFigures, _ notional: Int128, of volume: Int128, _ price: Price?
    ) {
        (figures.vwapFiveMinutes, figures.vwapDeviation) = (nil, nil)
        figures.vwapDeviationPercent = nil
        guard volume > 0 else { return }
        let (whole, rest) = divided(notional, by: volume)
        figures.vwapFiveMinutes = roundedPrice(whole, rest, of: volume)
        guard let price else { return }
        writeDeviation(
            &figures, above: wideAsDouble(Int128(price.units) - whole), wideAsDouble(whole),
            fraction: wideAsDouble(rest) / wideAsDouble(volume))
    }

    /// Of a VWAP that is split into whole price units and the fraction of one before the
    /// conversion: of a low-priced coin, a rounded VWAP has few digits.
    @inline(__always)
    private static func writeDeviation(
        _ figures: inout RollingFigures, above difference: Double, _ whole: Double,
        fraction: Double
    ) {
        let deviation = difference - fraction
        figures.vwapDeviation = deviation / Double(Price.scale)
        let vwap = whole + fraction
        figures.vwapDeviationPercent = vwap > 0 ? 100 * deviation / vwap : nil
    }

    /// The eligible price with the largest (event time, sequence, log position).
    @inline(__always) public var price: Price? {
        lastOrder == .none ? nil : Price(units: lastPrice)
    }

    /// Whether `price` is this trade's, which has just been applied.
    @inline(__always)
    public mutating func isPrice(of trade: Trade) -> Bool { lastOrder == TradeOrder(trade) }

    /// Event time of `price`.
    public var pricedAt: Timestamp? {
        lastOrder == .none ? nil : Timestamp(nanoseconds: lastOrder.executed)
    }

    /// Of the trailing 60 s.
    ///
    /// Asked on every trade, and so mutating in name only: borrowed windows would be copied.
    public var volumeOneMinute: Volume {
        @inline(__always) mutating get { Volume(units: minuteVolume &+ current.volume) }
    }

    /// Highest and lowest eligible price of the last five slots; both zero without one. Mutating as
    /// `volumeOneMinute` is.
    public var velocityExtremes: (high: Price, low: Price) {
        @inline(__always) mutating get {
            var (high, low) = (currentExtremes.high, currentExtremes.low)
            if extremeAges != 0 {
                high = max(high, earlierExtremes.high)
                low = min(low, earlierExtremes.low)
            }
            return high < low ? (.zero, .zero) : (Price(units: high), Price(units: low))
        }
    }

    /// Percent; negative when the high came first; `nil` without an eligible price in the last five
    /// slots.
    public var velocityPercent: Double? {
        @inline(__always) mutating get {
            guard let reference = change.price else { return nil }
            return TickerWindows.velocityPercent(
                extremeAges == 0 ? .empty : earlierExtremes, currentExtremes, against: reference)
        }
    }

    /// The same while no earlier second has extremes.
    @inline(__always)
    private static func velocityPercent(
        _ current: PriceExtremes, against reference: Price
    ) -> Double? {
        guard !current.isEmpty else { return nil }
        let velocity = 100 * Double(current.high - current.low) / Double(reference.units)
        return current.high == current.low || current.isRising ? velocity : -velocity
    }

    @inline(__always)
    private static func velocityPercent(
        _ earlier: PriceExtremes, _ current: PriceExtremes, against reference: Price
    ) -> Double? {
        let (high, low) = (max(earlier.high, current.high), min(earlier.low, current.low))
        guard high >= low else { return nil }
        let velocity = 100 * Double(high - low) / Double(reference.units)
        guard high > low else { return velocity }
        var extremes = earlier
        extremes.append(current)
        return extremes.isRising ? velocity : -velocity
    }

    /// Percent over 60 s; `nil` until the session has a price that old.
    @inline(__always) public var priceMomentum: Double? {
        guard orderMinuteAgo != .none, lastOrder != .none, priceMinuteAgo > 0 else { return nil }
        return 100 * Double(lastPrice - priceMinuteAgo) / Double(priceMinuteAgo)
    }

    /// Trades of the last 60 s, a minute; scaled up while the ticker is younger than that.
    @inline(__always) public var tradeFrequency: Double {
        let first = currentTradeCount > 0 ? min(firstSlot, slot) : firstSlot
        guard first <= slot else { return 0 }
        let elapsed = slot - first + 1
        let trades = Double(minuteTradeCount + currentTradeCount)
        return elapsed < 60 ? trades * 60 / Double(elapsed) : trades
    }

    /// Since the session's open; `nil` without a trade that may set it.
    public var sessionHigh: Price? { session.high < session.low ? nil : Price(units: session.high) }
    public var sessionLow: Price? { session.high < session.low ? nil : Price(units: session.low) }
    /// Trades since the session's open that count for volume.
    public var sessionTradeCount: Int64 { session.tradeCount + currentTradeCount }

    /// The trading day that engine time is in, or may well be in while nothing has traded.
    public var likelyDay: TradingDay? {
        mutating get { day }
    }

    /// The trading day that engine time is in; `nil` before the first event.
    public var tradingDay: TradingDay? { slot == .min ? nil : day }

    /// Where the session ends that the windows stand in; long ago before the first event.
    public var sessionEnd: Timestamp {
        @inline(__always) mutating get { Timestamp(seconds: session.nextStartSlot) }
    }

    /// What `change` and velocity are measured against; `nil` while nothing is known.
    @inline(__always) public var changeReference: Price? { change.price }

    /// The provider's close of an earlier trading day.
    public mutating func notePreviousClose(_ price: Price, tradingDate: CivilDate) {
        change.setOfficialClose(price, of: tradingDate, today: today)
    }

    /// The official opening price of the trading day that a moment belongs to. That of another day
    /// is ignored.
    public mutating func noteSessionOpen(_ price: Price, at moment: Timestamp) {
        guard slot == .min || day?.contains(moment) == true else { return }
        change.setSessionOpen(price, today: today)
    }

    /// Before the first event every day is in the past.
    var today: CivilDate {
        guard slot != .min, let day else { return CivilDate(daysSince1970: .max) }
        return day.date
    }
}

/// The volume score.
extension TickerWindows {
    /// Within [-10, 10]; `nil` while the ticker is too young.
    public var volumeZScore: Double? {
        if usesSizes { return sizes.score }
        guard !baselineIsFresh else { return score(baseline, blockVolume) }
        return score(VolumeBaseline(of: ring, blockCount: blockCount), ring.blockVolume)
    }

    /// The same, for asking on every trade: what the earlier seconds add up to is kept until the
    /// next one.
    public mutating func volumeZScoreKept() -> Double? {
        if usesSizes { return sizes.score }
        if !baselineIsFresh { keepBaseline() }
        return score(baseline, blockVolume)
    }

    @inline(never)
    private mutating func keepBaseline() {
        baseline = VolumeBaseline(of: ring, blockCount: blockCount)
        // Without a baseline there is nothing to measure it against.
        if baseline.isKnown { blockVolume = ring.blockVolume }
        baselineIsFresh = true
    }

    @inline(__always)
    private func score(_ baseline: VolumeBaseline, _ earlier: Int128) -> Double? {
        baseline.isKnown ? baseline.score(of: earlier &+ current.volume) : nil
    }

    /// Whole blocks of ten seconds before the newest one, since the ticker's first slot.
    private var blockCount: Int {
        guard firstSlot <= slot else { return 0 }
        let seconds = slot - firstSlot + 1 - Int64(VolumeBaseline.slotsPerBlock)
        return Int(max(0, min(seconds / 10, Int64(VolumeBaseline.blocksMax))))
    }
}

extension SlotRing {
    /// Of the nine closed slots that share a block of ten with the current one.
    var blockVolume: Int128 {
        volume(
            from: 0, count: ages.count(below: VolumeBaseline.slotsPerBlock))
    }
}
