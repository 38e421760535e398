import MarketModel

/// The path sum below which a forest flags a trade.
///
/// It begins with the training rows' percentile, and is then calibrated on what the forest has not
/// seen: each flagged trade lowers it, each other one raises it, in the proportion at which it
/// rests when the share of flagged trades is the contamination (Gibbs and Candès, 2021). A price
/// that wanders is at the edge of its last ten minutes more often than not, so that without this 6
/// to 12 % of an ordinary market would lie below the percentile of 1 %.
struct FlagLevel: BitwiseCopyable {
    // In halvings of the score, by so many steps of path.
    /// How far one trade moves the level, if every trade were flagged.
    private static let pace = 1.2e-3
    /// The level stays this near to the percentile: below it even a storm is flagged, above it
    /// nothing ordinary is.
    private static let below = 0.33
    private static let above = 0.075

    private var percentile = 0.0
    private var level = 0.0
    private var lowest = 0.0
    private var highest = 0.0
    private var fall = 0.0
    private var rise = 0.0

    init() {}

    /// A forest has been grown. `percentile` and `cap` are path sums; `halving` is how many steps
    /// halve a score.
    mutating func begin(
        percentile newPercentile: Int32, cap: Int32, halving: Double, settings: ForestSettings
    ) {
        let margin = fall > 0 && settings.isCalibrated ? level - percentile : 0
        percentile = Double(newPercentile)
        guard settings.isCalibrated else {
            fall = 0
            rise = 0
            level = min(percentile, Double(cap))
            return
        }
        lowest = percentile - FlagLevel.below * halving
        highest = min(percentile + FlagLevel.above * halving, Double(cap))
        rise = FlagLevel.pace * halving * settings.contamination
        fall = FlagLevel.pace * halving * (1 - settings.contamination)
        level = max(lowest, min(highest, percentile + margin))
    }

    @inline(__always)
    var flaggedBelow: Int32 { Int32(level) }

    /// Counts a trade that the forest has judged.
    @inline(__always)
    mutating func note(isFlagged: Bool) {
        guard fall > 0 else { return }
        level = isFlagged ? max(lowest, level - fall) : min(highest, level + rise)
    }

    func encode(into writer: inout StateWriter) {
        for number in [percentile, level, lowest, highest, fall, rise] { writer.write(number) }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        percentile = try reader.readDouble()
        level = try reader.readDouble()
        lowest = try reader.readDouble()
        highest = try reader.readDouble()
        fall = try reader.readDouble()
        rise = try reader.readDouble()
        guard level >= 0, level <= Double(Int32.max) else {
            throw StateCodecError.malformed(field: "flag level", byteOffset: reader.offset)
        }
    }
}
