import MarketModel

/// The events of a simulated provider, each at its planned time, and what faults make of their
/// order.
///
/// The events are a function of the seed and the start alone; faults draw from a generator of their
/// own.
struct SimulatedStream {
    /// An event as it goes out: its JSON object, and what a subscription needs to know of it.
    struct Element {
        var bytes: Range<Int>
        var listing: Int
        var isTrade: Bool
    }

    /// What is due in one tick.
    struct Tick {
        /// The JSON objects, end to end, with separators between some of them.
        var bytes: [UInt8] = []
        var elements: [Element] = []
        /// The same tick without faults.
        var clean: [Element] = []
        /// Text that is no proper frame, to be sent before the tick's own.
        var garbage: [UInt8]?
    }

    private static let weightsTable = 65_536
    private static let nanosecondsPerSecond = 1e9

    private struct Quoted {
        var middleE4: Double
        var spreadCents: Int64
        var sequence: Int64
    }

    private struct Held {
        var due: Int64
        var bytes: [UInt8]
        var listing: Int
        var isTrade: Bool
    }

    private let options: ProviderSimulatorOptions
    private let names: [[UInt8]]
    private let pick: [Int32]
    private var tickers: [Quoted]
    private var random: SimulatedRandom
    private var faultRandom: SimulatedRandom
    private var writer = MassiveFrameWriter()
    private var held: [Held] = []
    private var nextPlanned: Double
    var eventsPerSecond: Double
    private(set) var counts = SimulatorCounts()

    /// Prices start where the market of the same seed stands, so that they join up with its
    /// history.
    init(_ options: ProviderSimulatorOptions, start: Timestamp) {
        self.options = options
        let noise = SimulatedNoise(seed: options.seed)
        let symbols = options.symbols
        let listings = DemoListing.listings(symbols, noise: noise)
        let plan = DemoBurstPlan(symbols: symbols, noise: noise, every: nil)
        let price = DemoPrice(noise: noise, plan: plan)
        let market = price.market(at: start)
        names = listings.map(\.name)
        tickers = listings.map {
            Quoted(
                middleE4: price.priceE4(of: $0, at: start, market: market, bursts: []),
                spreadCents: 2, sequence: start.nanoseconds / 1000)
        }
        pick = SimulatedStream.table(tickers: symbols.count)
        random = SimulatedRandom(seed: options.seed)
        faultRandom = SimulatedRandom(seed: ~options.seed)
        nextPlanned = Double(start.nanoseconds)
        eventsPerSecond = options.eventsPerSecond
    }

    /// Everything planned at or before `now`, and held events whose time has come.
    mutating func tick(until now: Timestamp) -> Tick {
        var tick = Tick()
        writer.removeAll()
        releaseHeld(until: now.nanoseconds, into: &tick)
        let step = SimulatedStream.nanosecondsPerSecond / eventsPerSecond
        while Int64(nextPlanned) <= now.nanoseconds {
            plan(at: Timestamp(nanoseconds: Int64(nextPlanned)), into: &tick)
            nextPlanned += step
        }
        tick.bytes = writer.bytes
        if options.faults.garbage > 0, !tick.elements.isEmpty,
            faultRandom.chance(options.faults.garbage)
        {
            tick.garbage = garbage()
            counts.garbage += 1
        }
        return tick
    }

    private mutating func plan(at time: Timestamp, into tick: inout Tick) {
        let listing = Int(pick[random.below(SimulatedStream.weightsTable)])
        let isTrade = random.chance(options.tradeShare)
        write(listing, isTrade, at: time)
        let element = Element(
            bytes: writer.eventStart..<writer.bytes.count, listing: listing, isTrade: isTrade)
        counts.planned += 1
        tick.clean.append(element)
        let faults = options.faults
        if faults.drop > 0, faultRandom.chance(faults.drop) {
            counts.dropped += 1
            return
        }
        if faults.reorder > 0, faultRandom.chance(faults.reorder) {
            counts.reordered += 1
            hold(element, from: time)
            return
        }
        tick.elements.append(element)
        if faults.duplicate > 0, faultRandom.chance(faults.duplicate) {
            counts.duplicated += 1
            hold(element, from: time)
        }
    }

    private mutating func hold(_ element: Element, from time: Timestamp) {
        let delay = Duration.nanoseconds(1) + options.faults.within * faultRandom.unit()
        held.append(
            Held(
                due: time.advanced(by: delay).nanoseconds,
                bytes: Array(writer.bytes[element.bytes]), listing: element.listing,
                isTrade: element.isTrade))
    }

    private mutating func releaseHeld(until now: Int64, into tick: inout Tick) {
        guard !held.isEmpty else { return }
        let due = held.filter { $0.due <= now }.sorted { $0.due < $1.due }
        held.removeAll { $0.due <= now }
        for event in due {
            let start = writer.append(rendered: event.bytes)
            tick.elements.append(
                Element(
                    bytes: start..<start + event.bytes.count, listing: event.listing,
                    isTrade: event.isTrade))
        }
    }

    private mutating func write(_ listing: Int, _ isTrade: Bool, at time: Timestamp) {
        tickers[listing].sequence += 1
        tickers[listing].middleE4 *= 1 + (random.unit() - 0.5) * 4e-5
        let cents = Int64(tickers[listing].middleE4 / 100)
        let spread = tickers[listing].spreadCents
        let bid = max(1, cents - spread / 2)
        guard isTrade else {
            tickers[listing].spreadCents = 1 + Int64(random.geometric(0.5, atMost: 5))
            let quote = SimulatedQuote(
                bidE4: bid * 100, askE4: (bid + spread) * 100, bidLots: 1 + Int64(random.below(9)),
                askLots: 1 + Int64(random.below(9)), bidExchange: 11, askExchange: 12,
                milliseconds: time.milliseconds, sequence: tickers[listing].sequence)
            writer.append(quote, name: names[listing])
            return
        }
        var trade = SimulatedTrade(
            priceE4: (random.chance(0.5) ? bid : bid + spread) * 100,
            shares: 100 * (1 + Int64(random.geometric(0.6, atMost: 20))), exchange: 12,
            milliseconds: time.milliseconds, sequence: tickers[listing].sequence)
        if random.chance(0.4) {
            trade.shares = 1 + Int64(random.below(99))
            trade.conditions = (37, 0)
        } else if random.chance(0.1) {
            trade.conditions = (14, 41)
        }
        writer.append(trade, name: names[listing])
    }

    /// One dead letter each: no JSON, an event cut off, an event without its price.
    private mutating func garbage() -> [UInt8] {
        let name = String(decoding: names[0], as: UTF8.self)
        let number = faultRandom.below(1_000_000)
        switch faultRandom.below(3) {
        case 0: return Array("%% \(number) is no JSON {{".utf8)
        case 1: return Array("[{\"ev\":\"T\",\"sym\":\"\(name)\",\"p\":\(number)".utf8)
        default: return Array("[{\"ev\":\"T\",\"sym\":\"\(name)\",\"s\":1,\"q\":\(number)}]".utf8)
        }
    }

    /// A ticker for each of 65 536 equally likely draws.
    private static func table(tickers: Int) -> [Int32] {
        let exponent = tickers > DemoMarketOptions.symbolsDefault.count
        let weights = (0..<tickers).map { exponent ? 1 / Double($0 + 1) : 1 }
        let total = weights.reduce(0, +)
        var table: [Int32] = []
        table.reserveCapacity(weightsTable)
        var sum = 0.0
        for (ticker, weight) in weights.enumerated() {
            sum += weight
            let end = Int((sum / total * Double(weightsTable)).rounded())
            while table.count < min(end, weightsTable) { table.append(Int32(ticker)) }
        }
        while table.count < weightsTable { table.append(0) }
        return table
    }
}
