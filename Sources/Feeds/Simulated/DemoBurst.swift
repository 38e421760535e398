import MarketModel

/// Something that happens to one ticker of the demo market, and that the rules should notice.
public struct DemoBurst: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Many and large trades for a while, the price nearly unmoved.
        case volume
        /// A quick move of around one percent that fades within minutes.
        case price
        /// Price and volume together, 10 to 40 s after a headline.
        case news
        /// A crossed market for two or three seconds.
        case crossed
        /// Rare: a move of more than 5 % with heavy volume.
        case shock
    }

    public var kind: Kind
    public var symbol: Symbol
    public var start: Timestamp
    public var end: Timestamp
    /// The price's largest move, as a share of the price; its sign is the direction. 0 when the
    /// price does not move.
    public var move: Double
    /// How many times more trades there are meanwhile.
    public var rateFactor: Double
    /// How many times larger they are.
    public var sizeFactor: Double
    /// When the headline came that explains it; `nil` for none.
    public var headlineAt: Timestamp?

    /// Seconds over which the move builds up, and the time constant by which it fades after the
    /// end.
    private static let riseSeconds = 3.0
    private static let fadeSeconds = 240.0
    /// Beyond this age nothing of a move is left to see.
    static let memorySeconds = 1800.0

    func isActive(at time: Timestamp) -> Bool { start <= time && time < end }

    /// What it adds to the logarithm of the price: a quick rise, a plateau, a slow fade.
    func excursion(at time: Timestamp) -> Double {
        let seconds = Double(time.nanosecondsSince(start)) / 1e9
        guard move != 0, seconds > 0, seconds < DemoBurst.memorySeconds else { return 0 }
        let risen = min(1, seconds / DemoBurst.riseSeconds)
        let faded = max(0, Double(time.nanosecondsSince(end)) / 1e9)
        return move * risen * SimulatedNoise.exponential(-faded / DemoBurst.fadeSeconds)
    }
}

/// When and where the bursts happen: one in every slot of time, a function of the seed and the
/// slot's number alone.
struct DemoBurstPlan {
    let symbols: [Symbol]
    let noise: SimulatedNoise
    /// One burst in every such stretch; `nil` for none at all.
    let every: Duration?
    private static let stream: UInt64 = 0xB425

    /// The burst of the slot that holds `time`, which may lie before or after it.
    func burst(slot: Int64) -> DemoBurst? {
        guard let every, !symbols.isEmpty else { return nil }
        func unit(_ what: Int) -> Double { noise.unit(DemoBurstPlan.stream, what, slot) }
        let length = nanoseconds(every)
        let kind = kind(unit(0))
        let symbol = symbols[Int(unit(1) * Double(symbols.count))]
        // The first part of a slot is left for the headline, the last for the burst's own length.
        let start = Timestamp(
            nanoseconds: slot * length + length / 3 + Int64(unit(2) * Double(length) / 3))
        let direction = unit(3) < 0.5 ? -1.0 : 1.0
        let (move, rate, size, seconds) = figures(kind, unit(4))
        let lead = kind == .news ? 10 + 30 * unit(5) : nil
        return DemoBurst(
            kind: kind, symbol: symbol, start: start,
            end: start.advanced(byNanoseconds: Int64(seconds * 1e9)), move: direction * move,
            rateFactor: rate, sizeFactor: size,
            headlineAt: lead.map { start.advanced(byNanoseconds: -Int64($0 * 1e9)) })
    }

    /// Every burst that starts in `from..<to`, oldest first.
    func bursts(from: Timestamp, to: Timestamp) -> [DemoBurst] {
        guard let every else { return [] }
        let length = nanoseconds(every)
        let slots =
            from.nanoseconds.flooredQuotient(length)...to.nanoseconds.flooredQuotient(length)
        return slots.compactMap { burst(slot: $0) }.filter { from <= $0.start && $0.start < to }
    }

    private func kind(_ draw: Double) -> DemoBurst.Kind {
        switch draw {
        case ..<0.30: .volume
        case ..<0.57: .price
        case ..<0.87: .news
        case ..<0.985: .crossed
        default: .shock
        }
    }

    private func figures(_ kind: DemoBurst.Kind, _ draw: Double)
        -> (move: Double, rate: Double, size: Double, seconds: Double)
    {
        switch kind {
        case .volume: (0.0004, 5 + 5 * draw, 2 + draw, 20 + 20 * draw)
        case .price: (0.006 + 0.005 * draw, 2 + draw, 1, 8 + 10 * draw)
        case .news: (0.007 + 0.008 * draw, 5 + 4 * draw, 1.5 + draw, 25 + 20 * draw)
        case .crossed: (0, 1.2, 1, 2 + draw)
        case .shock: (0.055 + 0.02 * draw, 8, 2, 30)
        }
    }

    private func nanoseconds(_ duration: Duration) -> Int64 {
        Timestamp(nanoseconds: 0).advanced(by: duration).nanoseconds
    }
}
