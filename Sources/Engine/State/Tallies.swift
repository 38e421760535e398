import MarketModel

/// What was received, by source, and what became of it; and messages that are not received, by
/// type.
struct Tallies {
    /// Types beyond this many are counted together as `other`, so that hostile input cannot eat the
    /// memory.
    static let ignoredTypesMax = 64
    static let ignoredTypeLengthMax = 32

    /// By the source's raw value.
    private var counts = InlineArray<8, SourceCounts>(repeating: SourceCounts())
    /// In the order in which the log first names them.
    private(set) var ignored: [IgnoredTally] = []

    @inline(__always)
    subscript(source: FeedSource) -> SourceCounts {
        get { counts[Int(source.rawValue) & 7] }
        set { counts[Int(source.rawValue) & 7] = newValue }
    }

    /// What becomes of a received event.
    enum Class { case applied, duplicate, late, deadLettered }

    /// Counts one event as received, and in its class, in the same breath.
    @inline(__always)
    mutating func receive(_ source: FeedSource, as outcome: Class) {
        let index = Int(source.rawValue) & 7
        counts[index].received &+= 1
        switch outcome {
        case .applied: counts[index].applied &+= 1
        case .duplicate: counts[index].duplicate &+= 1
        case .late: counts[index].late &+= 1
        case .deadLettered: counts[index].deadLettered &+= 1
        }
    }

    /// Counts events given up before the log.
    mutating func shed(_ source: FeedSource, _ count: Int64) {
        self[source].received += count
        self[source].shed += count
    }

    /// Those that have sent anything, in the order of their raw values.
    var bySource: [SourceTally] {
        FeedSource.allCases.compactMap { source in
            self[source].received > 0 ? SourceTally(source: source, counts: self[source]) : nil
        }
    }

    /// The totals so far, in the room that the batch has for them.
    func write(into effects: inout EffectBatch) {
        effects.counts.removeAll(keepingCapacity: true)
        for index in counts.indices where counts[index].received > 0 {
            guard let source = FeedSource(rawValue: UInt8(index)) else { continue }
            effects.counts.append((source: source, counts: counts[index]))
        }
        effects.ignored.removeAll(keepingCapacity: true)
        for tally in ignored { effects.ignored.append((type: tally.type, count: tally.count)) }
    }

    mutating func ignore(_ type: String) {
        let name = String(type.prefix(Tallies.ignoredTypeLengthMax))
        if let index = ignored.firstIndex(where: { $0.type == name }) {
            ignored[index].count += 1
        } else if ignored.count < Tallies.ignoredTypesMax {
            ignored.append(IgnoredTally(type: name, count: 1))
        } else if let last = ignored.firstIndex(where: { $0.type == "other" }) {
            ignored[last].count += 1
        } else {
            ignored.append(IgnoredTally(type: "other", count: 1))
        }
    }
}

extension Tallies {
    func encode(into writer: inout StateWriter) {
        for source in FeedSource.allCases {
            let counts = self[source]
            writer.write(counts.received)
            writer.write(counts.applied)
            writer.write(counts.duplicate)
            writer.write(counts.late)
            writer.write(counts.deadLettered)
            writer.write(counts.shed)
        }
        writer.write(Int64(ignored.count))
        for tally in ignored {
            writer.write(tally.type)
            writer.write(tally.count)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        for source in FeedSource.allCases {
            self[source].received = try reader.read()
            self[source].applied = try reader.read()
            self[source].duplicate = try reader.read()
            self[source].late = try reader.read()
            self[source].deadLettered = try reader.read()
            self[source].shed = try reader.read()
        }
        for _ in 0..<(try reader.readCount("ignored types")) {
            ignored.append(
                IgnoredTally(type: try reader.readString(), count: try reader.read()))
        }
    }
}
