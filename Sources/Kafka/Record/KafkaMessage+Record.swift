import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension KafkaMessage {
    /// What the headers say of the record that the payload is.
    public func recordHead() throws(KafkaRecordError) -> KafkaRecordHead {
        var fields = RecordFields()
        forEachHeader { fields.take($0, $1) }
        return try fields.head()
    }

    /// Tells this record from another at the same offset: stored with the position behind it.
    ///
    /// Reads the whole payload: for the last record of a batch, not for each.
    public func fingerprint() -> RecordFingerprint {
        var hash = FNV1a()
        hash.add(key)
        hash.add(payload)
        forEachHeader { hash.add($1) }
        do {
            let head = try recordHead()
            return RecordFingerprint(
                hash: hash.value, producer: head.producer, sequence: head.sequence,
                receivedAt: head.receivedAt)
        } catch {
            // No record of ours: its bytes are all there is to know it by.
            return RecordFingerprint(
                hash: hash.value, producer: 0, sequence: -1, receivedAt: stampedAt ?? .distantPast)
        }
    }
}

/// Gathers the headers of a record in one pass, without allocating.
private struct RecordFields {
    private var hasVersion = false
    private var kind: LogRecordKind?
    private var source: FeedSource?
    private var received: Int64?
    private var producer: UInt64?
    private var sequence: Int64?
    private var failure: KafkaRecordError?

    mutating func take(_ name: UnsafePointer<CChar>, _ value: UnsafeRawBufferPointer) {
        switch UInt8(bitPattern: name[0]) {
        case UInt8(ascii: "v") where strcmp(name, "v") == 0:
            hasVersion = true
            if !value.elementsEqual(KafkaRecordHead.version.utf8) {
                // Outranks the rest: what a later version means by them is not known.
                failure = .unknownVersion(RecordFields.text(value))
            }
        case UInt8(ascii: "k") where strcmp(name, "kind") == 0:
            kind = LogRecordKind(wire: value)
            if kind == nil { fail(.unknownKind(RecordFields.text(value))) }
        case UInt8(ascii: "s") where strcmp(name, "source") == 0:
            source = FeedSource(wire: value)
            if source == nil { fail(.unknownSource(RecordFields.text(value))) }
        case UInt8(ascii: "r") where strcmp(name, "received") == 0:
            received = RecordFields.decimal(value)
            if received == nil {
                fail(.malformedHeader("received", value: RecordFields.text(value)))
            }
        case UInt8(ascii: "p") where strcmp(name, "producer") == 0:
            producer = RecordFields.hexadecimal(value)
            if producer == nil {
                fail(.malformedHeader("producer", value: RecordFields.text(value)))
            }
        case UInt8(ascii: "s") where strcmp(name, "seq") == 0:
            sequence = RecordFields.decimal(value)
            if sequence == nil { fail(.malformedHeader("seq", value: RecordFields.text(value))) }
        default: break
        }
    }

    func head() throws(KafkaRecordError) -> KafkaRecordHead {
        if let failure { throw failure }
        guard hasVersion else { throw .missingHeader("v") }
        guard let kind else { throw .missingHeader("kind") }
        guard let source else { throw .missingHeader("source") }
        guard let received else { throw .missingHeader("received") }
        guard let producer else { throw .missingHeader("producer") }
        guard let sequence else { throw .missingHeader("seq") }
        return KafkaRecordHead(
            kind: kind, source: source, receivedAt: Timestamp(nanoseconds: received),
            producer: producer, sequence: sequence)
    }

    private mutating func fail(_ error: KafkaRecordError) {
        if failure == nil { failure = error }
    }

    private static func text(_ value: UnsafeRawBufferPointer) -> String {
        String(decoding: value.prefix(64), as: UTF8.self)
    }

    private static func decimal(_ value: UnsafeRawBufferPointer) -> Int64? {
        guard !value.isEmpty, value.count <= 19 else { return nil }
        // Nineteen digits fit into 64 bits without a sign.
        var number: UInt64 = 0
        for byte in value {
            let digit = byte &- 48
            guard digit <= 9 else { return nil }
            number = number &* 10 &+ UInt64(digit)
        }
        return Int64(exactly: number)
    }

    private static func hexadecimal(_ value: UnsafeRawBufferPointer) -> UInt64? {
        guard value.count == 16 else { return nil }
        var number: UInt64 = 0
        for byte in value {
            switch byte {
            case 48...57: number = number << 4 | UInt64(byte - 48)
            case 97...102: number = number << 4 | UInt64(byte - 87)
            default: return nil
            }
        }
        return number
    }
}

extension LogRecordKind {
    /// `nil` for a name that this version does not know.
    fileprivate init?(wire: UnsafeRawBufferPointer) {
        let named: LogRecordKind
        switch (wire.first, wire.count) {
        case (UInt8(ascii: "f"), _): named = .frame
        case (UInt8(ascii: "a"), _): named = .article
        case (UInt8(ascii: "c"), 5): named = .clock
        case (UInt8(ascii: "c"), _): named = .connection
        case (UInt8(ascii: "s"), 4): named = .shed
        case (UInt8(ascii: "s"), _): named = .settings
        case (UInt8(ascii: "r"), 5): named = .retry
        case (UInt8(ascii: "r"), _): named = .reference
        default: return nil
        }
        guard wire.elementsEqual(named.wireName.utf8) else { return nil }
        self = named
    }
}

extension FeedSource {
    /// `nil` for a name that this version does not know.
    fileprivate init?(wire: UnsafeRawBufferPointer) {
        let named: FeedSource
        switch wire.first {
        case UInt8(ascii: "m"): named = .massive
        case UInt8(ascii: "d"): named = .demo
        case UInt8(ascii: "b"): named = .binance
        case UInt8(ascii: "f"): named = .finnhub
        case UInt8(ascii: "r"): named = .retry
        case UInt8(ascii: "t"): named = .ticktop
        default: return nil
        }
        guard wire.elementsEqual(named.wireName.utf8) else { return nil }
        self = named
    }
}

/// The FNV-1a hash of 64 bits: the same on every machine and in every version.
struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The bytes and their number, so that two fields cannot be told for one.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes { add(byte) }
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { for byte in $0 { add(byte) } }
    }

    private mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}
