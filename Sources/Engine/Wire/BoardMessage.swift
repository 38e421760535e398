import Analytics
import MarketModel

/// A part of what hangs on a `SnapshotBoard`, as bytes for a screen on another machine.
///
/// Each message replaces the one of its kind before, a ticker's the one of that ticker. Those of
/// one moment end with `market`: then the parts belong together.
public enum BoardMessage: Sendable {
    /// Which form the bytes have; the first message of all.
    case greeting(format: UInt32)
    case ticker(TickerSnapshot)
    case episodes([Episode])
    case articles([ScoredArticle])
    case status(PipelineStatus)
    /// The snapshot but for its tickers, episodes and articles, and what the sender's clock read.
    case market(MarketSnapshot, sentAt: Timestamp)

    /// Rises with every change of the bytes: both ends must have the same.
    public static let format: UInt32 = 2

    public var bytes: [UInt8] {
        var writer = StateWriter()
        switch self {
        case .greeting(let format):
            writer.write(UInt8(0))
            writer.write(format)
        case .ticker(let ticker):
            writer.write(UInt8(1))
            ticker.encode(into: &writer)
        case .episodes(let episodes):
            writer.write(UInt8(2))
            writer.writeList(episodes) { writer, episode in episode.encode(into: &writer) }
        case .articles(let articles):
            writer.write(UInt8(3))
            writer.writeList(articles) { writer, article in article.encode(into: &writer) }
        case .status(let status):
            writer.write(UInt8(4))
            status.encode(into: &writer)
        case .market(let snapshot, let sentAt):
            writer.write(UInt8(5))
            writer.write(sentAt)
            snapshot.encodeTotals(into: &writer)
        }
        return writer.bytes
    }

    public init(_ bytes: [UInt8]) throws(StateCodecError) {
        var reader = StateReader(bytes)
        let kind: UInt8 = try reader.read()
        switch kind {
        // A later format may say more in its greeting.
        case 0:
            self = .greeting(format: try reader.read())
            return
        case 1: self = .ticker(try TickerSnapshot(from: &reader))
        case 2:
            self = .episodes(
                try reader.readList("episodes") { reader throws(StateCodecError) in
                    try Episode(from: &reader)
                })
        case 3:
            self = .articles(
                try reader.readList("articles") { reader throws(StateCodecError) in
                    try ScoredArticle(from: &reader)
                })
        case 4: self = .status(try PipelineStatus(from: &reader))
        case 5:
            let sentAt = try reader.readTimestamp()
            self = .market(try MarketSnapshot(totalsFrom: &reader), sentAt: sentAt)
        default: throw StateCodecError.malformed(field: "message kind", byteOffset: 0)
        }
        guard reader.isAtEnd else {
            throw StateCodecError.malformed(field: "message end", byteOffset: reader.offset)
        }
    }
}

extension MarketSnapshot {
    fileprivate func encodeTotals(into writer: inout StateWriter) {
        writer.write(takenAt)
        writer.write(position)
        writer.writeList(counts) { writer, tally in
            writer.write(tally.source.rawValue)
            tally.counts.encode(into: &writer)
        }
        writer.writeList(ignored) { writer, tally in
            writer.write(tally.type)
            writer.write(tally.count)
        }
    }

    fileprivate init(totalsFrom reader: inout StateReader) throws(StateCodecError) {
        self.init(takenAt: try reader.readTimestamp(), position: try reader.readPosition())
        counts = try reader.readList("counts") { reader throws(StateCodecError) in
            SourceTally(
                source: try FeedSource(from: &reader), counts: try SourceCounts(from: &reader))
        }
        ignored = try reader.readList("ignored") { reader throws(StateCodecError) in
            IgnoredTally(type: try reader.readString(), count: try reader.read())
        }
    }
}
