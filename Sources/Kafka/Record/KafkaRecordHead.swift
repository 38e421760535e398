import MarketModel

/// What the header `record` of a message on `market.trades` says; the payload is the record's.
///
/// One header of 28 bytes, numbers big-endian: version (1 byte), kind (1), source (1), zero (1),
/// received (8, Unix nanoseconds), producer (8), sequence (8). A header each would cost a reader
/// an allocation each.
public struct KafkaRecordHead: Equatable, BitwiseCopyable, Sendable {
    /// The header's name.
    public static let headerName: StaticString = "record"
    /// The version that is written. A reader refuses others.
    public static let version: UInt8 = 2
    static let bytesCount = 28

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

    /// From the header's bytes.
    init(_ bytes: UnsafeRawBufferPointer) throws(KafkaRecordError) {
        guard let version = bytes.first else { throw .malformedHead(bytes: 0) }
        // Outranks the rest: what a later version means by them is not known.
        guard version == KafkaRecordHead.version else { throw .unknownVersion(version) }
        guard bytes.count == KafkaRecordHead.bytesCount else {
            throw .malformedHead(bytes: bytes.count)
        }
        guard let kind = LogRecordKind(rawValue: bytes[1]) else { throw .unknownKind(bytes[1]) }
        guard let source = FeedSource(rawValue: bytes[2]) else { throw .unknownSource(bytes[2]) }
        func number(at place: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        let received = Int64(bitPattern: number(at: 4))
        let sequence = Int64(bitPattern: number(at: 20))
        guard received >= 0 else { throw .negative("received", received) }
        guard sequence >= 0 else { throw .negative("sequence", sequence) }
        self.init(
            kind: kind, source: source, receivedAt: Timestamp(nanoseconds: received),
            producer: number(at: 12), sequence: sequence)
    }

    /// Replaces what is in `headers`.
    public func write(to headers: inout KafkaHeaders) {
        headers.removeAll()
        headers.append(KafkaRecordHead.headerName) { bytes in
            bytes.append(KafkaRecordHead.version)
            bytes.append(kind.rawValue)
            bytes.append(source.rawValue)
            bytes.append(0)
            func append(_ number: UInt64) {
                withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            }
            append(UInt64(bitPattern: receivedAt.nanoseconds))
            append(producer)
            append(UInt64(bitPattern: sequence))
        }
    }
}

/// Why a message is no record of ours. It goes to the dead letters, whole.
public enum KafkaRecordError: Error, Equatable, Sendable {
    case missingHeader
    /// Written by another ticktop, or by something else.
    case unknownVersion(UInt8)
    case unknownKind(UInt8)
    case unknownSource(UInt8)
    /// The header has another length than its version's.
    case malformedHead(bytes: Int)
    /// A time or a count that is none.
    case negative(_ field: String, Int64)
}

extension KafkaRecordError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingHeader: "no header \(KafkaRecordHead.headerName)"
        case .unknownVersion(let version):
            "format version \(version), not \(KafkaRecordHead.version)"
        case .unknownKind(let kind): "unknown kind \(kind)"
        case .unknownSource(let source): "unknown source \(source)"
        case .malformedHead(let bytes):
            "a header of \(bytes) bytes, not \(KafkaRecordHead.bytesCount)"
        case .negative(let field, let value): "\(field) is \(value)"
        }
    }
}
