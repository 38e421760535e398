import MarketModel

/// What the headers of a message on `market.trades` say; the payload is the record's.
///
/// Headers: `v` (format version), `kind`, `source`, `received` (Unix nanoseconds), `producer`
/// (which life of the ingesting process), `seq` (its own count in this partition, from 0).
public struct KafkaRecordHead: Equatable, BitwiseCopyable, Sendable {
    /// The version that is written. A reader refuses others.
    public static let version = "1"

    public var kind: LogRecordKind
    public var source: FeedSource
    public var receivedAt: Timestamp
    /// Drawn at random by each life of an ingesting process.
    public var producer: UInt64
    /// Counts 0, 1, 2 ... in one partition during one life, so that a jump is a loss and a repeat
    /// is seen.
    public var sequence: Int64

    public init(
        kind: LogRecordKind, source: FeedSource, receivedAt: Timestamp, producer: UInt64,
        sequence: Int64
    ) {
        self.kind = kind
        self.source = source
        self.receivedAt = receivedAt
        self.producer = producer
        self.sequence = sequence
    }

    /// Replaces what is in `headers`.
    public func write(to headers: inout KafkaHeaders) {
        headers.removeAll()
        headers.append("v", KafkaRecordHead.version)
        headers.append("kind", kind.wireName)
        headers.append("source", source.wireName)
        headers.append("received", receivedAt.nanoseconds)
        headers.append("producer", hexadecimal: producer)
        headers.append("seq", sequence)
    }
}

/// Why a message is no record of ours. It goes to the dead letters, whole.
public enum KafkaRecordError: Error, Equatable, Sendable {
    case missingHeader(String)
    /// Written by a later ticktop, or by something else.
    case unknownVersion(String)
    case unknownKind(String)
    case unknownSource(String)
    case malformedHeader(String, value: String)
}

extension KafkaRecordError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingHeader(let name): "no header \(name)"
        case .unknownVersion(let version): "format version \(version), not 1"
        case .unknownKind(let kind): "unknown kind \(kind)"
        case .unknownSource(let source): "unknown source \(source)"
        case .malformedHeader(let name, let value): "header \(name) is \(value)"
        }
    }
}

extension LogRecordKind {
    /// As the `kind` header spells it.
    public var wireName: String {
        switch self {
        case .frame: "frame"
        case .article: "article"
        case .clock: "clock"
        case .reference: "reference"
        case .settings: "settings"
        case .connection: "connection"
        case .shed: "shed"
        case .retry: "retry"
        }
    }
}

extension FeedSource {
    /// As the `source` header spells it.
    public var wireName: String {
        switch self {
        case .demo: "demo"
        case .massive: "massive"
        case .binance: "binance"
        case .finnhub: "finnhub"
        case .retry: "retry"
        case .ticktop: "ticktop"
        }
    }
}
