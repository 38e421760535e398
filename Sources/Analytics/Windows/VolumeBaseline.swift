import MarketModel

/// What a volume is measured against: the mean and spread of blocks of ten seconds, or of single
/// trades.
struct VolumeBaseline: BitwiseCopyable, Sendable {
    static let slotsPerBlock = 10
    static let blocksMax = 20
    static let blocksMin = 5
    /// Scores are reported within plus and minus this.
    static let scoreMax = 10.0
    /// The spread is taken as at least this part of the mean, or a dead calm would make everything
    /// a spike.
    static let deviationFloor = 0.05

    /// With too few blocks.
    static var tooEarly: VolumeBaseline { VolumeBaseline(mean: 0, deviation: -1) }

    /// In size units.
    let mean: Double
    let deviation: Double

    var isKnown: Bool { deviation >= 0 }

    private init(mean: Double, deviation: Double) {
        self.mean = mean
        self.deviation = deviation
    }

    /// Of the blocks 1 to `blockCount` before the newest ten seconds of the ring.
    init(of ring: borrowing SlotRing, blockCount: Int) {
        guard blockCount >= VolumeBaseline.blocksMin else {
            self = .tooEarly
            return
        }
        let slots = VolumeBaseline.slotsPerBlock
        var blocks = InlineArray<20, Double>(repeating: 0)
        var sum = 0.0
        var rank = ring.ages.count(below: slots)
        for block in 0..<blockCount {
            let kept = ring.ages.bits(from: (block + 1) * slots, count: slots).nonzeroBitCount
            guard kept > 0 else { continue }
            blocks[block] = wideAsDouble(ring.volume(from: rank, count: kept))
            sum += blocks[block]
            rank += kept
        }
        let mean = sum / Double(blockCount)
        var squares = 0.0
        for block in 0..<blockCount {
            squares += (blocks[block] - mean) * (blocks[block] - mean)
        }
        self.init(mean: mean, deviation: (squares / Double(blockCount)).squareRoot())
    }

    @inline(__always)
    func score(of volume: Int128) -> Double {
        guard mean > 0 else { return volume > 0 ? VolumeBaseline.scoreMax : 0 }
        let spread = max(deviation, VolumeBaseline.deviationFloor * mean)
        return clamped((wideAsDouble(volume) - mean) / spread)
    }
}

@inline(__always)
private func clamped(_ score: Double) -> Double {
    min(max(score, -VolumeBaseline.scoreMax), VolumeBaseline.scoreMax)
}

/// The sizes of the last 20 trades, for the per-trade form of the volume score. Without room until
/// there are any: the form is seldom asked for.
struct RecentSizes: Sendable {
    private static let countMin = 5
    private static let kept = 20
    /// A ring; empty before the first trade.
    private var sizes: [Int64] = []
    /// Of all trades so far.
    private var count: Int64 = 0

    init() {}

    mutating func append(_ size: Size) {
        makeRoom()
        sizes[Int(count % Int64(RecentSizes.kept))] = size.units
        count += 1
    }

    private mutating func makeRoom() {
        if sizes.isEmpty { sizes = [Int64](repeating: 0, count: RecentSizes.kept) }
    }

    /// The newest size against all 20, itself included; 0 when they are equal, `nil` below five
    /// trades.
    var score: Double? {
        guard count >= RecentSizes.countMin else { return nil }
        let filled = Int(min(count, Int64(RecentSizes.kept)))
        var sum = 0.0
        for index in 0..<filled { sum += Double(sizes[index]) }
        let mean = sum / Double(filled)
        var squares = 0.0
        for index in 0..<filled {
            squares += (Double(sizes[index]) - mean) * (Double(sizes[index]) - mean)
        }
        let deviation = (squares / Double(filled)).squareRoot()
        guard deviation > 0 else { return 0 }
        return clamped(
            (Double(sizes[Int((count - 1) % Int64(RecentSizes.kept))]) - mean) / deviation)
    }

    func encode(into writer: inout StateWriter) {
        writer.write(count)
        for index in 0..<RecentSizes.kept { writer.write(sizes.isEmpty ? 0 : sizes[index]) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        count = try reader.read()
        guard count >= 0 else {
            throw StateCodecError.malformed(field: "trade count", byteOffset: reader.offset)
        }
        if count > 0 { makeRoom() }
        for index in 0..<RecentSizes.kept {
            let size: Int64 = try reader.read()
            if count > 0 { sizes[index] = size }
        }
    }
}
