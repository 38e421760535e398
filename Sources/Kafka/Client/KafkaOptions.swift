/// The librdkafka options of a client: ours, then the user's over them, then those that may not be
/// changed.
struct KafkaOptions {
    enum Role { case producer, consumer(group: String?), admin }

    /// What the user may not set: exactly-once and the hand-over rest on these.
    static let reserved: Set<String> = [
        "enable.idempotence", "acks", "request.required.acks", "enable.auto.commit",
        "enable.auto.offset.store", "auto.offset.reset", "partitioner", "group.id",
        "bootstrap.servers", "metadata.broker.list", "client.id", "message.timeout.ms",
        "delivery.timeout.ms", "retries", "message.send.max.retries", "max.in.flight",
        "max.in.flight.requests.per.connection", "partition.assignment.strategy",
        "compression.codec", "compression.type", "transactional.id", "enable.partition.eof",
        "statistics.interval.ms", "allow.auto.create.topics", "isolation.level",
    ]
    /// The longest message a producer of ours sends, and topics of ours take: a payload of 1 MiB
    /// with its key and headers fits.
    static let messageBytesMax = 2 << 20

    let plain: [(name: String, value: String)]

    init(_ settings: KafkaSettings, _ role: Role) throws(KafkaError) {
        for name in settings.options.keys.sorted() {
            if KafkaOptions.reserved.contains(name) { throw .reservedOption(name: name) }
            if KafkaSecrets.optionNames.contains(name) { throw .secretOption(name: name) }
        }
        var options = KafkaOptions.defaults(role)
        for (name, value) in settings.options { options[name] = value }
        for (name, value) in KafkaOptions.fixed(settings, role) { options[name] = value }
        plain = options.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private static func defaults(_ role: Role) -> [String: String] {
        var options = [
            "socket.keepalive.enable": "true",
            "reconnect.backoff.ms": "100",
            "reconnect.backoff.max.ms": "2000",
            "broker.address.ttl": "5000",
        ]
        switch role {
        case .producer:
            options["linger.ms"] = "5"
            options["queue.buffering.max.messages"] = "100000"
            options["queue.buffering.max.kbytes"] = "65536"
            options["message.max.bytes"] = String(messageBytesMax)
        case .consumer:
            options["session.timeout.ms"] = "6000"
            options["heartbeat.interval.ms"] = "2000"
            // Whoever stands still for so long gives its partitions up, and a rebalance waits no
            // longer for anybody.
            options["max.poll.interval.ms"] = "60000"
            // With a queue of its own the bound holds for each partition. What is fetched beyond is
            // as little as the broker lets us ask for.
            options["queued.max.messages.kbytes"] = "4096"
            options["queued.min.messages"] = "20000"
            options["fetch.message.max.bytes"] = "1048576"
            options["fetch.wait.max.ms"] = "100"
            options["fetch.error.backoff.ms"] = "200"
            // Some brokers answer with more than was asked for.
            options["receive.message.max.bytes"] = "1000000000"
            options["check.crcs"] = "true"
        case .admin: break
        }
        return options
    }

    private static func fixed(_ settings: KafkaSettings, _ role: Role) -> [String: String] {
        var options = [
            "bootstrap.servers": settings.brokers, "client.id": settings.clientID,
        ]
        switch role {
        case .producer:
            options["enable.idempotence"] = "true"
            options["acks"] = "all"
            options["partitioner"] = "murmur2_random"
            options["compression.codec"] = settings.compression.rawValue
            // A message is never given up because of time: the bounded queue says full instead.
            options["message.timeout.ms"] = "0"
            options["statistics.interval.ms"] = "1000"
        case .consumer(let group):
            options["group.id"] = group ?? "\(settings.clientID)-reader"
            options["enable.auto.commit"] = "false"
            options["enable.auto.offset.store"] = "false"
            options["auto.offset.reset"] = "error"
            options["enable.partition.eof"] = "false"
            options["allow.auto.create.topics"] = "false"
            options["isolation.level"] = "read_committed"
            options["partition.assignment.strategy"] = settings.assignment.rawValue
            options["statistics.interval.ms"] = "1000"
        case .admin:
            options["allow.auto.create.topics"] = "false"
        }
        return options
    }
}
