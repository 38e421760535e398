import MarketModel

/// The payload of a retry record: a head of fixed length, then the letter's raw bytes.
///
/// The head is a version byte, the original source's raw value, then little-endian when it was
/// received at first (Int64 nanoseconds) and the letter's epoch (Int32), offset (Int64) and index
/// (Int32).
public enum RetryPayload {
    static let version: UInt8 = 1
    static let headBytes = 26

    /// The record that takes a letter up again.
    public static func record(of letter: DeadLetter, at now: Timestamp) -> LogRecord {
        LogRecord(kind: .retry, source: .retry, receivedAt: now, payload: encode(letter))
    }

    public static func encode(_ letter: DeadLetter) -> [UInt8] {
        var payload = [version, letter.source.rawValue]
        payload.reserveCapacity(headBytes + letter.raw.count)
        append(letter.receivedAt.nanoseconds, to: &payload)
        append(letter.position.epoch, to: &payload)
        append(letter.position.offset, to: &payload)
        append(letter.position.index, to: &payload)
        return payload + letter.raw
    }

    /// The letter, without its events, and where its bytes lie; `nil` when the payload is not what
    /// `encode` makes.
    static func decode(_ payload: Range<Int>, in bytes: [UInt8]) -> (RetriedLetter, Range<Int>)? {
        let start = payload.lowerBound
        guard payload.count >= headBytes, bytes[start] == version,
            let source = FeedSource(rawValue: bytes[start + 1])
        else { return nil }
        let letter = LogPosition(
            epoch: read(bytes, at: start + 10), offset: read(bytes, at: start + 14),
            index: read(bytes, at: start + 22))
        let receivedAt = Timestamp(nanoseconds: read(bytes, at: start + 2))
        return (
            RetriedLetter(letter: letter, source: source, receivedAt: receivedAt),
            start + headBytes..<payload.upperBound
        )
    }

    private static func append(
        _ value: some FixedWidthInteger & BitwiseCopyable, to payload: inout [UInt8]
    ) {
        withUnsafeBytes(of: value.littleEndian) { payload.append(contentsOf: $0) }
    }

    private static func read<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: [UInt8], at offset: Int
    ) -> Value {
        let value = bytes.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: offset, as: Value.self)
        }
        return Value(littleEndian: value)
    }
}
