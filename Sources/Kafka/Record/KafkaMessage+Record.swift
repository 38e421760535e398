import MarketModel

extension KafkaMessage {
    /// What the header says of the record that the payload is.
    public func recordHead() throws(KafkaRecordError) -> KafkaRecordHead {
        guard let bytes = lentHeader(KafkaRecordHead.headerName) else { throw .missingHeader }
        return try KafkaRecordHead(bytes)
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
