import CRdKafka

extension KafkaHandle {
    /// Copies a message into librdkafka's queue. Allocates nothing of ours.
    func produce(
        to target: KafkaTopicHandle, partition: Int32?, key: UnsafeRawBufferPointer?,
        payload: UnsafeRawBufferPointer?, headers: KafkaHeaders, token: UInt
    ) -> rd_kafka_resp_err_t {
        let count = 6 + headers.fields.count
        return headers.bytes.withUnsafeBytes { headerBytes in
            withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: count) { parts in
                parts[0] = .init(RD_KAFKA_VTYPE_RKT) { $0.rkt = target.topic }
                parts[1] = .init(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = partition ?? -1 }
                parts[2] = .init(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = Int32(RD_KAFKA_MSG_F_COPY) }
                parts[3] = .init(RD_KAFKA_VTYPE_VALUE, bytes: payload)
                parts[4] = .init(RD_KAFKA_VTYPE_KEY, bytes: key)
                parts[5] = .init(RD_KAFKA_VTYPE_OPAQUE) {
                    $0.ptr = UnsafeMutableRawPointer(bitPattern: token)
                }
                for (index, field) in headers.fields.enumerated() {
                    let value = UnsafeRawBufferPointer(
                        rebasing: headerBytes[field.start..<field.start + field.count])
                    parts[6 + index] = .init(RD_KAFKA_VTYPE_HEADER) {
                        $0.header.name = UnsafeRawPointer(field.name.utf8Start)
                            .assumingMemoryBound(to: CChar.self)
                        $0.header.val = value.baseAddress
                        $0.header.size = value.count
                    }
                }
                guard let error = rd_kafka_produceva(client, parts.baseAddress, count) else {
                    return RD_KAFKA_RESP_ERR_NO_ERROR
                }
                defer { rd_kafka_error_destroy(error) }
                return rd_kafka_error_code(error)
            }
        }
    }
}

extension rd_kafka_vu_t {
    fileprivate typealias Content = rd_kafka_vu_s.__Unnamed_union_u

    fileprivate init(_ type: rd_kafka_vtype_t, _ fill: (inout Content) -> Void) {
        self.init()
        vtype = type
        fill(&u)
    }

    fileprivate init(_ type: rd_kafka_vtype_t, bytes: UnsafeRawBufferPointer?) {
        self.init(type) {
            $0.mem.ptr = UnsafeMutableRawPointer(mutating: bytes?.baseAddress)
            $0.mem.size = bytes?.count ?? 0
        }
    }
}
