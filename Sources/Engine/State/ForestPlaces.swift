import Analytics
import MarketModel

/// The isolation forests there are, apart from their tickers: a quarter of a megabyte each, and no
/// more of them than the settings allow.
struct ForestPlaces: ~Copyable {
    /// By place.
    var forests = OwnedArray<TickerForest>()
    /// The number of the ticker that has each place.
    var holders: [Int32] = []
    let bench = ForestWorkbench()
    /// Where they lie, and what they are grown from.
    let memory = MarketMemory()

    var count: Int { holders.count }

    mutating func removeAll() {
        forests = OwnedArray<TickerForest>()
        holders = []
    }
}

/// How many complete vectors a ticker has had in this stretch of five minutes and the one before:
/// who is least active loses its forest first.
struct ForestActivity: Equatable, BitwiseCopyable {
    private static let stretchSeconds: Int64 = 300
    /// A ticker without a place asks for one at 64, 128, 256 ... vectors of a stretch.
    private static let askFrom: Int32 = 64

    private var stretch = Int64.min
    private var now: Int32 = 0
    private var before: Int32 = 0

    init() {}

    @inline(__always)
    mutating func note(at time: Timestamp) {
        let current = time.secondsFloor / ForestActivity.stretchSeconds
        if current != stretch {
            before = current == stretch &+ 1 ? now : 0
            now = 0
            stretch = current
        }
        now = now == .max ? now : now + 1
    }

    func vectors(at time: Timestamp) -> Int64 {
        let current = time.secondsFloor / ForestActivity.stretchSeconds
        if current <= stretch { return Int64(now) + Int64(before) }
        return current == stretch + 1 ? Int64(now) : 0
    }

    /// Whether it is worth looking for somebody less active.
    var isTimeToAsk: Bool { now >= ForestActivity.askFrom && now.nonzeroBitCount == 1 }

    func encode(into writer: inout StateWriter) {
        writer.write(stretch)
        writer.write(now)
        writer.write(before)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        stretch = try reader.read()
        now = try reader.read()
        before = try reader.read()
    }
}
