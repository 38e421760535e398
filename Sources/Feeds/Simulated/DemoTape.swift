import MarketModel

/// The demo market's tape: every trade and quote from its start on, as a function of the options
/// and the start alone.
///
/// It moves in whole steps of 20 ms, so how often it is asked changes neither events nor frames.
struct DemoTape {
    static let stepNanoseconds: Int64 = 20_000_000
    /// The share of trades among the events; the rest are quotes.
    static let tradeShare = 0.4
    /// Busy and quiet spells of about this many seconds lie over the daily shape.
    private static let spellSeconds = 20.0
    private static let spellStream: UInt64 = 0x5350_454C

    let listings: [DemoListing]
    let plan: DemoBurstPlan
    let price: DemoPrice
    private let eventsPerSecond: Double
    private var random: SimulatedRandom
    private var books: [DemoBook]
    private var bursts: [DemoBurst] = []
    private var arrivals: [Arrival] = []
    private var writer = MassiveFrameWriter()
    /// Everything before this moment has been told.
    private(set) var toldUntil: Timestamp
    private var second: Int64 = .min

    private struct Arrival {
        var offset: Int64
        var listing: Int
        var isTrade: Bool
    }

    init(_ options: DemoMarketOptions, start: Timestamp) {
        let noise = SimulatedNoise(seed: options.seed)
        let step = DemoTape.stepNanoseconds
        listings = DemoListing.listings(options.symbols, noise: noise)
        plan = DemoBurstPlan(symbols: options.symbols, noise: noise, every: options.burstEvery)
        price = DemoPrice(noise: noise, plan: plan)
        eventsPerSecond = options.eventsPerSecond
        toldUntil = Timestamp(nanoseconds: start.nanoseconds.flooredQuotient(step) * step)
        random = SimulatedRandom(
            seed: options.seed ^ UInt64(bitPattern: toldUntil.nanoseconds))
        // Microseconds since 1970: ids of a later life lie above all of an earlier one.
        books = listings.map { DemoBook($0, firstSequence: start.nanoseconds / 1000) }
    }

    /// Leaves out everything before `time`: after the process was stopped for a while.
    mutating func skip(to time: Timestamp) {
        let step = DemoTape.stepNanoseconds
        toldUntil = max(
            toldUntil, Timestamp(nanoseconds: time.nanoseconds.flooredQuotient(step) * step))
    }

    /// The frames of all whole steps that end at or before `time`, in order; at most one a step.
    mutating func frames(until time: Timestamp) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while toldUntil.advanced(byNanoseconds: DemoTape.stepNanoseconds) <= time {
            step()
            if let frame = writer.takeFrame() { frames.append(frame) }
            toldUntil = toldUntil.advanced(byNanoseconds: DemoTape.stepNanoseconds)
        }
        return frames
    }

    private mutating func step() {
        if toldUntil.secondsFloor != second { beginSecond(toldUntil.secondsFloor) }
        let activity = DemoDay.activity(at: toldUntil)
        let seconds = Double(DemoTape.stepNanoseconds) / 1e9
        arrivals.removeAll(keepingCapacity: true)
        for index in listings.indices {
            let spell = Double(toldUntil.secondsFloor) / DemoTape.spellSeconds
            let mood = SimulatedNoise.exponential(
                0.25 * price.noise.line(DemoTape.spellStream ^ listings[index].stream, 0, at: spell)
            )
            let burst = burst(of: listings[index].symbol)
            let rate =
                eventsPerSecond * listings[index].share * activity * mood
                * (burst?.rateFactor ?? 1)
            arrive(random.poisson(rate * DemoTape.tradeShare * seconds), index, isTrade: true)
            arrive(
                random.poisson(rate * (1 - DemoTape.tradeShare) * seconds), index, isTrade: false)
        }
        arrivals.sort { ($0.offset, $0.listing) < ($1.offset, $1.listing) }
        for arrival in arrivals { write(arrival) }
    }

    private mutating func arrive(_ count: Int, _ listing: Int, isTrade: Bool) {
        for _ in 0..<count {
            let offset = Int64(random.below(Int(DemoTape.stepNanoseconds)))
            arrivals.append(Arrival(offset: offset, listing: listing, isTrade: isTrade))
        }
    }

    private mutating func write(_ arrival: Arrival) {
        let time = toldUntil.advanced(byNanoseconds: arrival.offset)
        let burst = burst(of: listings[arrival.listing].symbol)
        let name = listings[arrival.listing].name
        if arrival.isTrade {
            let trade = books[arrival.listing].trade(at: time, burst: burst, random: &random)
            writer.append(trade, name: name)
        } else {
            let quote = books[arrival.listing].quote(at: time, burst: burst, random: &random)
            writer.append(quote, name: name)
        }
    }

    private func burst(of symbol: Symbol) -> DemoBurst? {
        bursts.first { $0.symbol == symbol && $0.isActive(at: toldUntil) }
    }

    /// Once a second: where the price is heading, and, at the full minute, the minute's bar and
    /// band.
    private mutating func beginSecond(_ number: Int64) {
        second = number
        let now = Timestamp(seconds: number)
        let next = Timestamp(seconds: number + 1)
        let memory = Int64(DemoBurst.memorySeconds * 1e9)
        bursts = plan.bursts(from: now.advanced(byNanoseconds: -memory), to: next)
        let market = (price.market(at: now), price.market(at: next))
        for index in listings.indices {
            let from = price.priceE4(
                of: listings[index], at: now, market: market.0, bursts: bursts)
            let to = price.priceE4(
                of: listings[index], at: next, market: market.1, bursts: bursts)
            books[index].head(from: from, to: to, second: number)
            guard number % 60 == 0 else { continue }
            if let bar = books[index].takeMinute(endingAt: number) {
                writer.append(bar, name: listings[index].name)
            }
            let band = books[index].band
            writer.appendBand(
                name: listings[index].name, upperE4: band.upperE4, lowerE4: band.lowerE4,
                milliseconds: number * 1000, sequence: number)
        }
    }
}
