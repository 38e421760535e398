/// How Kafka is reached, and how the work is divided over it.
public struct KafkaKeys: Equatable, Sendable {
    public enum Role: String, CaseIterable, Sendable {
        /// Computes what its partitions hold.
        case engine
        /// Shows what engines elsewhere have computed.
        case viewer
    }

    /// How an engine comes to its partitions.
    public enum Assignment: String, CaseIterable, Sendable {
        /// Only the partitions that move are given up at a rebalance.
        case cooperative
        /// All are given up at each rebalance.
        case eager
        /// Takes them all, without a group.
        case alone
    }

    /// The topics by what they hold.
    public struct Topics: Equatable, Sendable {
        public var trades: String
        public var news: String
        public var deadLetters: String
        public var aggregations: String
        public var bars: String
        public var anomalies: String
        public var sentiment: String
        public var acknowledgements: String
        public var states: String
    }

    public var brokers: String
    public var role: Role
    /// Whether figures, bars, anomalies and sentiment are told on topics of their own.
    public var tellsDerived: Bool
    public var group: String
    public var clientID: String
    public var partitionCount: Int
    public var replicationFactor: Int
    /// As librdkafka spells it.
    public var compression: String
    public var assignment: Assignment
    /// librdkafka's own, by name.
    public var options: [String: String]
    public var passwordFile: String?
    public var topics: Topics
    /// What ingest keeps on disk while the brokers are away, before it sheds.
    public var spillBytesMax: Int64
    /// Consumption rests when commits take longer than this, or the store's queue is fuller.
    public var commitMax: Duration
    public var queuePercentMax: Int
    public var pauseMin: Duration
}

extension SettingTable {
    static let kafka = kafkaBrokers + kafkaTopics + kafkaFlow

    private static let kafkaBrokers = [
        SettingKey(
            "kafka", "brokers", .text, .text("localhost:9092"),
            "HOST:PORT, several parted by commas."),
        SettingKey(
            "kafka", "role", .choice(KafkaKeys.Role.allCases.map(\.rawValue)), .text("engine"),
            "engine computes; viewer shows what engines elsewhere have computed."),
        SettingKey(
            "kafka", "derived", .flag, .flag(false),
            "An engine tells figures, bars, anomalies and sentiment on topics of their own."),
        SettingKey(
            "kafka", "group", .text, .text("ticktop"),
            "Engines of one group share the partitions."),
        SettingKey(
            "kafka", "client_id", .text, .text("ticktop"), "What brokers call this client."),
        SettingKey(
            "kafka", "partitions", .integer(1...1000), .integer(6),
            "Of topics that ticktop makes. Another number later needs a new topic."),
        SettingKey(
            "kafka", "replication", .integer(1...10), .integer(1),
            "Copies of topics that ticktop makes."),
        SettingKey(
            "kafka", "compression", .choice(["none", "lz4", "snappy", "gzip", "zstd"]),
            .text("lz4"), "Of what is published."),
        SettingKey(
            "kafka", "assignment", .choice(KafkaKeys.Assignment.allCases.map(\.rawValue)),
            .text("cooperative"),
            "How a group hands partitions on: those that move, or all (eager). alone: no group."),
        SettingKey(
            "kafka", "options", .pairs, .list([]),
            "librdkafka's own by name, such as security.protocol=SASL_SSL; no secrets."),
        SettingKey(
            "kafka", "password_file", .text, .text(""),
            "A 0600 file with sasl.password and the like; TICKTOP_KAFKA_PASSWORD comes before it."),
    ]

    private static let kafkaTopics = [
        SettingKey(
            "kafka", "trades_topic", .text, .text("market.trades"),
            "Trades, quotes, clock, news: the engine's one input."),
        SettingKey(
            "kafka", "news_topic", .text, .text("market.news"), "Headlines, for other readers."),
        SettingKey(
            "kafka", "dead_letters_topic", .text, .text("market.trades.dlq"), "What was refused."),
        SettingKey(
            "kafka", "aggregations_topic", .text, .text("market.aggregations"), "Rolling figures."),
        SettingKey("kafka", "bars_topic", .text, .text("market.bars"), "Closed bars."),
        SettingKey("kafka", "anomalies_topic", .text, .text("market.anomalies"), "Anomalies."),
        SettingKey(
            "kafka", "sentiment_topic", .text, .text("market.sentiment"), "Scored headlines."),
        SettingKey(
            "kafka", "acknowledgements_topic", .text, .text("market.acknowledgements"),
            "What people have acknowledged."),
        SettingKey(
            "kafka", "states_topic", .text, .text("market.states"),
            "Copies of the partitions' states, for whoever takes one over."),
    ]

    private static let kafkaFlow = [
        SettingKey(
            "kafka", "spill_bytes_max", .integer(1_048_576...Int.max), .integer(8_589_934_592),
            "What ingest keeps on disk while no broker answers; then quotes go first."),
        SettingKey(
            "kafka", "commit_milliseconds_max", .integer(1...60_000), .integer(100),
            "Consumption rests when commits take longer (p99 of the last seconds)."),
        SettingKey(
            "kafka", "queue_percent_max", .integer(1...100), .integer(50),
            "Or when the store's queue is fuller than this."),
        SettingKey(
            "kafka", "pause_milliseconds_min", .integer(1...60_000), .integer(500),
            "For this long at least."),
    ]

    /// Secrets of Kafka, which are no keys of the configuration.
    static let kafkaSecretVariables = [
        "TICKTOP_KAFKA_PASSWORD", "TICKTOP_KAFKA_SASL_PASSWORD", "TICKTOP_KAFKA_SSL_KEY_PASSWORD",
        "TICKTOP_KAFKA_SSL_KEYSTORE_PASSWORD", "TICKTOP_KAFKA_SSL_KEY_PEM",
        "TICKTOP_KAFKA_SASL_OAUTHBEARER_CONFIG", "TICKTOP_KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET",
    ]
}
