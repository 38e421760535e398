import MarketModel

/// The day before the demo market opened for us: minute bars and the previous close, from the same
/// prices that trade now.
struct DemoHistory {
    /// Prices looked at within a minute; its open and close are those of the minute's edges.
    private static let looks: Int64 = 4
    private static let minutes: Int64 = 1440
    /// Days that are looked back at most.
    private static let daysMax: Int64 = 1000
    /// A day trades as much as so many minutes after midnight.
    private static let sessionMinutes: Int64 = 390
    /// The largest volume of a bar: a tape of hundreds of thousands of trades a second reaches it.
    private static let sharesMax = Int64.max / Size.scale
    private static let volumeStream: UInt64 = 0x564F_4C55

    let listings: [DemoListing]
    let plan: DemoBurstPlan
    let price: DemoPrice
    let eventsPerSecond: Double

    /// One-minute bars of the 24 hours up to the last full minute before `start`, by minute, then
    /// in the listings' order.
    func bars(before start: Timestamp) -> [ProviderBar] {
        let end = start.secondsFloor.flooredQuotient(60) * 60
        var opening = prices(at: Timestamp(seconds: end - DemoHistory.minutes * 60))
        var bars: [ProviderBar] = []
        bars.reserveCapacity(listings.count * Int(DemoHistory.minutes))
        for minute in -DemoHistory.minutes..<0 {
            let from = end + minute * 60
            var looks = [opening]
            for look in 1...DemoHistory.looks {
                looks.append(prices(at: Timestamp(seconds: from + 60 * look / DemoHistory.looks)))
            }
            for index in listings.indices {
                bars.append(bar(index, from: from, pricesE4: looks.map { $0[index] }))
            }
            opening = looks[looks.count - 1]
        }
        return bars
    }

    /// The close of the previous session, which in a market without pause ended at midnight UTC.
    func previousCloses(before start: Timestamp) -> [(
        symbol: Symbol, price: Price, date: CivilDate
    )] {
        let today = start.secondsFloor.flooredQuotient(86_400)
        let closes = prices(at: Timestamp(seconds: today * 86_400))
        return zip(listings, closes).map { listing, close in
            (listing.symbol, DemoHistory.cents(close), CivilDate(daysSince1970: today - 1))
        }
    }

    /// The bars of a ticker's trading days, oldest first; none of one that is not listed. A day is
    /// New York's, from midnight on.
    func days(of ticker: String, from first: CivilDate, through last: CivilDate) -> [ProviderBar] {
        guard let index = listings.firstIndex(where: { $0.symbol.description == ticker }) else {
            return []
        }
        var bars: [ProviderBar] = []
        var date = max(first, last.adding(days: -DemoHistory.daysMax))
        while date <= last {
            if TradingCalendar.isTradingDay(date, market: .usEquities) {
                bars.append(day(index, date))
            }
            date = date.adding(days: 1)
        }
        return bars
    }

    private func day(_ index: Int, _ date: CivilDate) -> ProviderBar {
        let noon = Timestamp(seconds: date.daysSince1970 * 86_400 + 17 * 3600)
        let offset = MarketModel.NewYorkTime.offsetSeconds(at: noon)
        let start = date.daysSince1970 * 86_400 - offset
        let looks = (0...DemoHistory.looks).map { look in
            prices(at: Timestamp(seconds: start + 86_400 * look / DemoHistory.looks))[index]
        }
        var bar = bar(index, from: start, pricesE4: looks)
        bar.end = Timestamp(seconds: start + 86_400)
        let shares = bar.volume.units / Size.scale * DemoHistory.sessionMinutes
        bar.volume = Size(units: min(shares, DemoHistory.sharesMax) * Size.scale)
        bar.tradeCount = bar.tradeCount.map {
            Int32(clamping: Int64($0) * DemoHistory.sessionMinutes)
        }
        return bar
    }

    private func prices(at time: Timestamp) -> [Double] {
        let memory = Int64(DemoBurst.memorySeconds * 1e9)
        let bursts = plan.bursts(from: time.advanced(byNanoseconds: -memory), to: time)
        let market = price.market(at: time)
        return listings.map { price.priceE4(of: $0, at: time, market: market, bursts: bursts) }
    }

    private func bar(_ index: Int, from second: Int64, pricesE4: [Double]) -> ProviderBar {
        let start = Timestamp(seconds: second)
        let expected = min(expectedShares(index, from: start), Double(DemoHistory.sharesMax))
        let shares = max(1, Int64(expected))
        let low = pricesE4.min() ?? 0
        let high = pricesE4.max() ?? 0
        let mean = pricesE4.reduce(0, +) / Double(pricesE4.count)
        return ProviderBar(
            symbol: listings[index].symbol, start: start,
            end: start.advanced(byNanoseconds: 60_000_000_000),
            open: DemoHistory.cents(pricesE4[0]), high: DemoHistory.cents(high),
            low: DemoHistory.cents(low), close: DemoHistory.cents(pricesE4[pricesE4.count - 1]),
            volume: Size(units: shares * Size.scale), vwap: DemoHistory.cents(mean),
            tradeCount: Int32(clamping: max(1, shares / Int64(DemoListing.sharesMean))))
    }

    /// What the tape would have traded in that minute, give or take.
    private func expectedShares(_ index: Int, from start: Timestamp) -> Double {
        let listing = listings[index]
        let number = start.secondsFloor.flooredQuotient(60)
        let mood = SimulatedNoise.exponential(
            0.3 * price.noise.normal(DemoHistory.volumeStream ^ listing.stream, 0, number))
        let end = start.advanced(byNanoseconds: 60_000_000_000)
        let bursts = plan.bursts(from: start, to: end).filter { $0.symbol == listing.symbol }
        let excess = bursts.reduce(1.0) { factor, burst in
            let seconds = Double(burst.end.nanosecondsSince(burst.start)) / 1e9
            return factor + (burst.rateFactor * burst.sizeFactor - 1) * min(1, seconds / 60)
        }
        let trades =
            60 * eventsPerSecond * listing.share * DemoTape.tradeShare
            * DemoDay.activity(at: start)
        return trades * DemoListing.sharesMean * mood * excess
    }

    private static func cents(_ priceE4: Double) -> Price {
        Price(units: Int64((priceE4 / 100).rounded()) * (Price.scale / 100))
    }
}
