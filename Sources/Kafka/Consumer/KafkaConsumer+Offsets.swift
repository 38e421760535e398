import CRdKafka

extension KafkaConsumer {
    /// How far each owned partition's log reaches, as of the last answers of the brokers, at most
    /// about a second old: costs nothing. Absent before the first answer.
    public var extents: [Int32: LogExtent] {
        var found: [Int32: LogExtent] = [:]
        let ends = logEnds.ends
        for partition in partitions.keys {
            var extent = LogExtent(low: -1, high: -1)
            let code = rd_kafka_get_watermark_offsets(
                handle.client, topic, partition, &extent.low, &extent.high)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            extent.high = max(extent.high, ends[partition] ?? -1)
            if extent.high >= 0 {
                found[partition] = LogExtent(low: max(0, extent.low), high: extent.high)
            }
        }
        return found
    }

    /// Records of each owned partition that are in the log and not drained.
    public var lag: [Int32: Int64] {
        var lags: [Int32: Int64] = [:]
        for (partition, extent) in extents {
            guard let next = partitions[partition]?.next else { continue }
            lags[partition] = max(0, extent.high - next)
        }
        return lags
    }

    /// The offset of the record that `drain` would hand over next; `nil` where the first one has
    /// not come and the start was not an offset.
    public func position(_ partition: Int32) -> Int64? { partitions[partition]?.next }

    /// Keeps positions with the group, for whoever owns the partitions next. Waits for the brokers.
    ///
    /// Refused by them when the partitions are no longer ours. After a time-out it may still be
    /// taken.
    public func commit(_ commits: [Int32: KafkaCommit], timeout: Duration = .seconds(10))
        throws(KafkaError)
    {
        let list = rd_kafka_topic_partition_list_new(Int32(commits.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for (partition, commit) in commits {
            let element = rd_kafka_topic_partition_list_add(list, topic, partition)
            element?.pointee.offset = commit.offset
            if !commit.note.isEmpty { KafkaConsumer.setNote(commit.note, of: element) }
        }
        let answers = rd_kafka_queue_new(handle.client)
        defer { rd_kafka_queue_destroy(answers) }
        try check("commit", rd_kafka_commit_queue(handle.client, list, answers, nil, nil))
        guard let answer = rd_kafka_queue_poll(answers, timeout.milliseconds) else {
            throw .timedOut(operation: "commit")
        }
        defer { rd_kafka_event_destroy(answer) }
        try check("commit", rd_kafka_event_error(answer))
        let told = rd_kafka_event_topic_partition_list(answer)
        for index in 0..<Int(told?.pointee.cnt ?? 0) {
            guard let element = told?.pointee.elems[index] else { continue }
            try check("commit of partition \(element.partition)", element.err)
        }
    }

    /// What the group keeps for partitions; absent where it keeps nothing. Waits for the brokers.
    public func committed(_ asked: [Int32], timeout: Duration = .seconds(10)) throws(KafkaError)
        -> [Int32: KafkaCommit]
    {
        let list = rd_kafka_topic_partition_list_new(Int32(asked.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in asked { rd_kafka_topic_partition_list_add(list, topic, partition) }
        try check(
            "read the commits", rd_kafka_committed(handle.client, list, timeout.milliseconds))
        var found: [Int32: KafkaCommit] = [:]
        for index in 0..<Int(list?.pointee.cnt ?? 0) {
            guard let element = list?.pointee.elems[index] else { continue }
            try check("commit of partition \(element.partition)", element.err)
            guard element.offset >= 0 else { continue }
            let note = element.metadata.map {
                String(
                    decoding: UnsafeRawBufferPointer(start: $0, count: element.metadata_size),
                    as: UTF8.self)
            }
            found[element.partition] = KafkaCommit(offset: element.offset, note: note ?? "")
        }
        return found
    }

    /// librdkafka frees the text with the list.
    private static func setNote(
        _ note: String, of element: UnsafeMutablePointer<rd_kafka_topic_partition_t>?
    ) {
        let bytes = Array(note.utf8)
        guard let memory = rd_kafka_mem_malloc(nil, bytes.count) else { return }
        memory.copyMemory(from: bytes, byteCount: bytes.count)
        element?.pointee.metadata = memory
        element?.pointee.metadata_size = bytes.count
    }
}
