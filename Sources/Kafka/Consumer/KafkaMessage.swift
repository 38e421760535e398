import CRdKafka
import MarketModel

/// A consumed message, lent for the length of a call: its bytes are gone afterwards.
public struct KafkaMessage: ~Copyable {
    let raw: UnsafeMutablePointer<rd_kafka_message_t>

    public var partition: Int32 { raw.pointee.partition }
    public var offset: Int64 { raw.pointee.offset }
    /// Empty for an empty message and for a tombstone.
    public var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: raw.pointee.payload, count: raw.pointee.len)
    }
    /// A message without a value: in a compacted topic, its key's end.
    public var isTombstone: Bool { raw.pointee.payload == nil }
    /// Empty when there is none.
    public var key: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: raw.pointee.key, count: raw.pointee.key_len)
    }
    /// As the producer or the broker stamped it; `nil` when neither did.
    public var stampedAt: Timestamp? {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let milliseconds = rd_kafka_message_timestamp(raw, &kind)
        guard kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE, milliseconds >= 0 else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    /// The last header of that name; `nil` when there is none.
    public func header(_ name: StaticString) -> [UInt8]? { lentHeader(name).map { Array($0) } }

    /// The same, lent as the payload is. Headers cost librdkafka five allocations when a message is
    /// asked for them first, and one for each that it has.
    func lentHeader(_ name: StaticString) -> UnsafeRawBufferPointer? {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(raw, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return nil
        }
        let spelled = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        var value: UnsafeRawPointer?
        var count = 0
        guard
            rd_kafka_header_get_last(headers, spelled, &value, &count)
                == RD_KAFKA_RESP_ERR_NO_ERROR
        else { return nil }
        return UnsafeRawBufferPointer(start: value, count: count)
    }

    /// Every header in order; the bytes are lent.
    public func forEachHeader(
        _ body: (_ name: UnsafePointer<CChar>, _ value: UnsafeRawBufferPointer) -> Void
    ) {
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(raw, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while rd_kafka_header_get_all(headers, index, &name, &value, &count)
            == RD_KAFKA_RESP_ERR_NO_ERROR, let spelled = name
        {
            body(spelled, UnsafeRawBufferPointer(start: value, count: count))
            index += 1
        }
    }
}
