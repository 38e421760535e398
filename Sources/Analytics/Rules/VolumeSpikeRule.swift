import MarketModel

/// `volume_spike`: the volume of the trailing 60 s is more than a multiple of the mean minute
/// before them.
public struct VolumeSpikeRule: Equatable, BitwiseCopyable, Sendable {
    public static let minutesMin = 5
    public static let minutesMax = 20

    /// In size units; fires above.
    private var limit = Int128.max
    private var mean = 0.0
    private var count: Int64 = 0
    private var threshold = 0.0

    public init() {}

    /// Measures against the mean volume (in size units) of `count` minutes that ended 60 s ago or
    /// earlier.
    ///
    /// Silent while there are fewer than five, and when all were quiet: there is nothing to be a
    /// multiple of.
    public mutating func update(meanUnits: Double, count: Int, threshold: Double) {
        guard count >= VolumeSpikeRule.minutesMin, meanUnits > 0 else {
            self = VolumeSpikeRule()
            return
        }
        mean = meanUnits
        self.count = Int64(count)
        self.threshold = threshold
        limit = Int128((meanUnits * threshold).rounded(.down))
    }

    /// `nil` while the volume of the trailing 60 s is within bounds.
    @inlinable public func hit(_ volume: Volume) -> RuleHit? {
        isWithin(volume) ? nil : figures(volume)
    }

    @usableFromInline func isWithin(_ volume: Volume) -> Bool { volume.units <= limit }

    @usableFromInline func figures(_ volume: Volume) -> RuleHit? {
        let score = wideAsDouble(volume.units) / mean
        guard RuleHit.exceeds(score, threshold) else { return nil }
        return RuleHit(
            kind: .volumeSpike, severity: RuleHit.reaches(score, 2 * threshold) ? .high : .medium,
            score: score,
            threshold: threshold, amount: Int64(clamping: volume.units),
            reference: Int64(clamping: Int128(mean.rounded())), count: count)
    }

    public func encode(into writer: inout StateWriter) {
        writer.write(limit)
        writer.write(mean)
        writer.write(count)
        writer.write(threshold)
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        limit = try reader.read()
        mean = try reader.readDouble()
        count = try reader.read()
        threshold = try reader.readDouble()
    }
}
