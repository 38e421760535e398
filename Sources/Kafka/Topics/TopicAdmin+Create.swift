import CRdKafka

extension TopicAdmin {
    /// False when somebody else made it in the meantime.
    func create(_ plan: KafkaTopicPlan, timeout: Duration) throws(KafkaError) -> Bool {
        var reason = [CChar](repeating: 0, count: 512)
        guard
            let creation = rd_kafka_NewTopic_new(
                plan.name, Int32(plan.partitionCount), Int32(plan.replicationFactor), &reason,
                reason.count)
        else {
            throw .operation(
                "create \(plan.name)", code: "_INVALID_ARG", reason: KafkaHandle.text(reason))
        }
        defer { rd_kafka_NewTopic_destroy(creation) }
        for (name, value) in plan.settings.sorted(by: { $0.key < $1.key }) {
            let code = rd_kafka_NewTopic_set_config(creation, name, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw handle.failure("setting \(name) of \(plan.name)", code)
            }
        }
        var requests: [OpaquePointer?] = [creation]
        do {
            try request("create \(plan.name)", timeout) { options, queue in
                rd_kafka_CreateTopics(handle.client, &requests, 1, options, queue)
            } read: { event in
                var count = 0
                guard let result = rd_kafka_event_CreateTopics_result(event),
                    let topics = rd_kafka_CreateTopics_result_topics(result, &count), count == 1
                else { return nil }
                return topics[0]
            }
            return true
        } catch .operation(_, code: "TOPIC_ALREADY_EXISTS", reason: _) {
            return false
        }
    }

    /// Sends one request and waits for its answer about one topic.
    func request(
        _ operation: String, _ timeout: Duration,
        send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
        read: (_ event: OpaquePointer) -> OpaquePointer?
    ) throws(KafkaError) {
        let queue = rd_kafka_queue_new(handle.client)
        let options = rd_kafka_AdminOptions_new(handle.client, RD_KAFKA_ADMIN_OP_ANY)
        defer {
            rd_kafka_AdminOptions_destroy(options)
            rd_kafka_queue_destroy(queue)
        }
        rd_kafka_AdminOptions_set_request_timeout(options, timeout.milliseconds, nil, 0)
        send(options, queue)
        guard let event = rd_kafka_queue_poll(queue, timeout.milliseconds + 1000) else {
            throw .timedOut(operation: operation)
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw handle.failure(operation, code) }
        guard let topic = read(event) else {
            throw .operation(operation, code: "_BAD_MSG", reason: "no answer about the topic")
        }
        let told = rd_kafka_topic_result_error(topic)
        guard told == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = rd_kafka_topic_result_error_string(topic).map { String(cString: $0) }
            throw .operation(
                operation, code: KafkaHandle.name(told),
                reason: handle.redacting(text ?? String(cString: rd_kafka_err2str(told))))
        }
    }
}
