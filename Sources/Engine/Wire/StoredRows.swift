import Analytics
import MarketModel

/// How stored rows of one kind travel to a screen on another machine: every digit of them.
public struct StoredRows<Row: Sendable>: Sendable {
    private let encode: @Sendable (Row, inout StateWriter) -> Void
    private let decode: @Sendable (inout StateReader) throws(StateCodecError) -> Row

    init(
        encode: @escaping @Sendable (Row, inout StateWriter) -> Void,
        decode: @escaping @Sendable (inout StateReader) throws(StateCodecError) -> Row
    ) {
        self.encode = encode
        self.decode = decode
    }

    /// The format's number, how many rows there are, then each.
    public func bytes(_ rows: [Row]) -> [UInt8] {
        var writer = StateWriter()
        writer.write(BoardMessage.format)
        writer.writeList(rows) { writer, row in encode(row, &writer) }
        return writer.bytes
    }

    /// Throws for bytes of another format.
    public func rows(_ bytes: [UInt8]) throws(StateCodecError) -> [Row] {
        var reader = StateReader(bytes)
        let format: UInt32 = try reader.read()
        guard format == BoardMessage.format else {
            throw StateCodecError.malformed(field: "format", byteOffset: 0)
        }
        var rows: [Row] = []
        for _ in 0..<(try reader.readCount("rows")) { rows.append(try decode(&reader)) }
        return rows
    }
}

extension StoredRows where Row == Bar {
    public static var bars: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try Bar(from: &reader) })
    }
}

extension StoredRows where Row == StoredTrade {
    public static var trades: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try StoredTrade(from: &reader) })
    }
}

extension StoredRows where Row == EpisodeReading {
    public static var episodes: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try EpisodeReading(from: &reader) })
    }
}

extension StoredRows where Row == ScoredArticle {
    public static var articles: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try ScoredArticle(from: &reader) })
    }
}

extension StoredRows where Row == DeadLetter {
    public static var deadLetters: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try DeadLetter(from: &reader) })
    }
}

extension StoredRows where Row == FeatureVector {
    public static var features: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try FeatureVector(from: &reader) })
    }
}

extension StoredRows where Row == IndicatorSignal {
    public static var signals: StoredRows {
        StoredRows(
            encode: { $0.encode(into: &$1) },
            decode: { reader throws(StateCodecError) in try IndicatorSignal(from: &reader) })
    }
}

extension StoredRows where Row == Int64 {
    public static var counts: StoredRows {
        StoredRows(
            encode: { $1.write($0) },
            decode: { reader throws(StateCodecError) in try reader.read() })
    }
}

extension Bar {
    func encode(into writer: inout StateWriter) {
        writer.write(symbol)
        writer.write(interval.rawValue)
        writer.write(start)
        for price in [open, high, low, close] { writer.write(price) }
        writer.write(volume.units)
        writer.write(notional.units)
        writer.write(tradeCount)
        writer.write(revision)
        writer.write(isFinal)
        writer.write(isReference)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            symbol: try reader.readSymbol(), interval: try reader.readInterval(),
            start: try reader.readTimestamp(), open: try reader.readPriceIfAny(),
            high: try reader.readPriceIfAny(), low: try reader.readPriceIfAny(),
            close: try reader.readPriceIfAny(), volume: Volume(units: try reader.read()),
            notional: Notional(units: try reader.read()), tradeCount: try reader.read(),
            revision: try reader.read(), isFinal: try reader.readBool(),
            isReference: try reader.readBool())
    }
}

extension StoredTrade {
    func encode(into writer: inout StateWriter) {
        trade.encode(into: &writer)
        writer.write(source.rawValue)
        writer.write(receivedAt)
        writer.write(position)
        writer.write(isLate)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            trade: try Trade(from: &reader), source: try FeedSource(from: &reader),
            receivedAt: try reader.readTimestamp(), position: try reader.readPosition(),
            isLate: try reader.readBool())
    }
}

extension EpisodeReading {
    func encode(into writer: inout StateWriter) {
        episode.encode(into: &writer)
        writer.writeOptional(acknowledgement) { writer, given in
            writer.write(given.episodeID)
            writer.write(given.by)
            writer.write(given.at)
            writer.write(given.note)
            writer.write(Int64(given.severity.rawValue))
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        let episode = try Episode(from: &reader)
        let acknowledgement = try reader.readOptional { reader throws(StateCodecError) in
            try Acknowledgement(from: &reader)
        }
        self.init(episode: episode, acknowledgement: acknowledgement)
    }
}

extension Acknowledgement {
    fileprivate init(from reader: inout StateReader) throws(StateCodecError) {
        let id = try reader.readString()
        let name = try reader.readString()
        let moment = try reader.readTimestamp()
        let note = try reader.readString()
        guard let severity = Severity(rawValue: try reader.readInt()) else {
            throw StateCodecError.malformed(field: "severity", byteOffset: reader.offset)
        }
        self.init(episodeID: id, by: name, at: moment, note: note, severity: severity)
    }
}

extension DeadLetter {
    func encode(into writer: inout StateWriter) {
        writer.write(position)
        writer.write(source.rawValue)
        writer.write(receivedAt)
        writer.write(refusal.reason.rawValue)
        writer.write(refusal.field)
        writer.write(refusal.symbol)
        writer.writeList(raw) { writer, byte in writer.write(byte) }
        writer.write(fate.rawValue)
        writer.write(Int64(retries))
        writer.write(retriedAt)
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init(
            position: try reader.readPosition(), source: try FeedSource(from: &reader),
            receivedAt: try reader.readTimestamp(),
            refusal: Refusal(
                reason: try reader.readName("reason"), field: try reader.readString(),
                symbol: try reader.readSymbolIfAny()),
            raw: try reader.readList("raw") { reader throws(StateCodecError) in
                try reader.read()
            })
        fate = try reader.readName("fate")
        retries = try reader.readInt()
        retriedAt = try reader.readTimestampIfAny()
    }
}

extension SourceCounts {
    func encode(into writer: inout StateWriter) {
        for count in [received, applied, duplicate, late, deadLettered, shed] {
            writer.write(count)
        }
    }

    init(from reader: inout StateReader) throws(StateCodecError) {
        self.init()
        received = try reader.read()
        applied = try reader.read()
        duplicate = try reader.read()
        late = try reader.read()
        deadLettered = try reader.read()
        shed = try reader.read()
    }
}
