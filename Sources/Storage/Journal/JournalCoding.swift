import CZlib
import MarketModel

/// How a log record lies in a segment, and what a segment begins with. All integers little-endian.
///
/// Record: payload length (4), CRC-32 of everything else (4), kind (1), source (1), receive time
/// (8), payload. Segment: magic (8), format version (4), epoch (4), base offset (8), CRC-32 of
/// these (4).
enum JournalCoding {
    static let recordHeaderBytes = 18
    static let segmentHeaderBytes = 28
    /// A longer length in a file is damage, not a record.
    static let payloadBytesMax = 256 << 20
    private static let magic: UInt64 = 0x4C4E_524A_5054_5454  // "TTTPJRNL"
    private static let version: UInt32 = 1

    static func append(_ record: LogRecord, to bytes: inout [UInt8]) {
        let start = bytes.count
        append(UInt32(record.payload.count), to: &bytes)
        append(UInt32(0), to: &bytes)
        bytes.append(record.kind.rawValue)
        bytes.append(record.source.rawValue)
        append(UInt64(bitPattern: record.receivedAt.nanoseconds), to: &bytes)
        bytes.append(contentsOf: record.payload)
        let checksum = bytes.withUnsafeBytes { recordChecksum($0, at: start, end: $0.count) }
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: checksum.littleEndian, toByteOffset: start + 4, as: UInt32.self)
        }
    }

    enum Reading {
        case record(LogRecord, byteCount: Int)
        /// More bytes are needed to tell.
        case incomplete(bytesNeeded: Int)
        case damaged
    }

    static func readRecord(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Reading {
        let left = bytes.count - start
        guard left >= recordHeaderBytes else {
            return .incomplete(bytesNeeded: recordHeaderBytes)
        }
        let count = Int(load(bytes, start, UInt32.self))
        guard count <= payloadBytesMax else { return .damaged }
        let total = recordHeaderBytes + count
        guard left >= total else { return .incomplete(bytesNeeded: total) }
        guard
            load(bytes, start + 4, UInt32.self)
                == recordChecksum(bytes, at: start, end: start + total),
            let kind = LogRecordKind(rawValue: bytes[start + 8]),
            let source = FeedSource(rawValue: bytes[start + 9])
        else { return .damaged }
        let received = Int64(bitPattern: load(bytes, start + 10, UInt64.self))
        let payload = bytes[start + recordHeaderBytes..<start + total]
        let record = LogRecord(
            kind: kind, source: source, receivedAt: Timestamp(nanoseconds: received),
            payload: Array(payload))
        return .record(record, byteCount: total)
    }

    static func segmentHeader(epoch: Int32, base: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(magic, to: &bytes)
        append(version, to: &bytes)
        append(UInt32(bitPattern: epoch), to: &bytes)
        append(UInt64(bitPattern: base), to: &bytes)
        append(bytes.withUnsafeBytes { checksum($0) }, to: &bytes)
        return bytes
    }

    /// `nil` when the bytes are no whole header of this version.
    static func readSegmentHeader(_ bytes: [UInt8]) -> (epoch: Int32, base: Int64)? {
        guard bytes.count >= segmentHeaderBytes else { return nil }
        return bytes.withUnsafeBytes { raw in
            let end = segmentHeaderBytes - 4
            guard load(raw, 0, UInt64.self) == magic, load(raw, 8, UInt32.self) == version,
                load(raw, end, UInt32.self)
                    == checksum(UnsafeRawBufferPointer(rebasing: raw[..<end]))
            else { return nil }
            return (
                Int32(bitPattern: load(raw, 12, UInt32.self)),
                Int64(bitPattern: load(raw, 16, UInt64.self))
            )
        }
    }

    /// CRC-32 as zlib has it.
    static func checksum(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
        var value = UInt(start)
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(1 << 30)
            let address = UnsafeRawBufferPointer(rebasing: part)
                .bindMemory(to: UInt8.self).baseAddress
            value = crc32(value, address, UInt32(part.count))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        }
        return UInt32(truncatingIfNeeded: value)
    }

    /// Over the length and everything behind the checksum's own place.
    private static func recordChecksum(
        _ bytes: UnsafeRawBufferPointer, at start: Int, end: Int
    ) -> UInt32 {
        let length = checksum(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 4]))
        return checksum(UnsafeRawBufferPointer(rebasing: bytes[start + 8..<end]), from: length)
    }

    private static func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ type: Value.Type
    ) -> Value {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    private static func append(
        _ value: some FixedWidthInteger & BitwiseCopyable, to bytes: inout [UInt8]
    ) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
