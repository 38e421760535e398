import MarketModel

/// The newest stretches in which a source's log has nothing, because it was away or not connected:
/// there the provider's history is believed.
struct OutageMemory {
    static let countMax = 256

    private struct Stretch {
        var source: FeedSource
        var from: Timestamp
        var to: Timestamp
    }

    /// The oldest first.
    private var stretches: [Stretch] = []

    init() {}

    mutating func note(_ source: FeedSource, from: Timestamp, to: Timestamp) {
        if stretches.count == OutageMemory.countMax { stretches.removeFirst() }
        stretches.append(Stretch(source: source, from: from, to: to))
    }

    /// The end of the stretch that has all of `span` in it; `nil` when there is none.
    func end(around span: Range<Timestamp>, of source: FeedSource) -> Timestamp? {
        stretches.last {
            $0.source == source && $0.from <= span.lowerBound && span.upperBound <= $0.to
        }?.to
    }

    func encode(into writer: inout StateWriter) {
        writer.write(Int64(stretches.count))
        for stretch in stretches {
            writer.write(Int64(stretch.source.rawValue))
            writer.write(stretch.from)
            writer.write(stretch.to)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        for _ in 0..<(try reader.readCount("outages")) {
            let number: Int64 = try reader.read()
            guard let source = UInt8(exactly: number).flatMap({ FeedSource(rawValue: $0) }) else {
                throw StateCodecError.malformed(field: "outage", byteOffset: reader.offset)
            }
            stretches.append(
                Stretch(
                    source: source, from: try reader.readTimestamp(),
                    to: try reader.readTimestamp()))
        }
    }
}
