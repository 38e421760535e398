/// How the brokers are reached and what the topics are called.
///
/// Secrets are apart in `secrets`, so that a description or a log of the rest shows none.
public struct KafkaSettings: Equatable, Sendable {
    /// `host:port`, several parted by commas.
    public var brokers: String
    public var clientID = "ticktop"
    /// The consumer group whose members share the partitions.
    public var group = "ticktop"
    public var topics = KafkaTopics()
    /// Partitions of `market.trades`, and of what is made from it. Another number needs a new
    /// topic.
    public var partitionCount = 6
    public var replicationFactor = 1
    public var compression = KafkaCompression.lz4
    /// How a group divides the partitions: librdkafka's `partition.assignment.strategy`.
    public var assignment = KafkaAssignment.cooperative
    /// librdkafka's own options by name (`security.protocol`, `sasl.mechanisms`, `ssl.ca.location`
    /// ...), over ours. Those that correctness rests on are refused (`KafkaError.reservedOption`).
    public var options: [String: String] = [:]
    public var secrets = KafkaSecrets()

    public init(brokers: String) { self.brokers = brokers }
}

/// The topics by what they hold.
public struct KafkaTopics: Equatable, Sendable {
    /// The engine's one input: key = ticker.
    public var trades = "market.trades"
    /// Articles for other readers.
    public var news = "market.news"
    public var deadLetters = "market.trades.dlq"
    public var aggregations = "market.aggregations"
    public var bars = "market.bars"
    public var anomalies = "market.anomalies"
    public var sentiment = "market.sentiment"
    /// Compacted: the latest of each episode.
    public var acknowledgements = "market.acknowledgements"
    /// Copies of the partitions' states, in chunks.
    public var states = "market.states"

    public init() {}
}

public enum KafkaCompression: String, CaseIterable, Sendable {
    case none, lz4, snappy, gzip, zstd
}

/// How the members of a group come to their partitions.
public enum KafkaAssignment: String, CaseIterable, Sendable {
    /// Only the partitions that move are given up (`cooperative-sticky`).
    case cooperative = "cooperative-sticky"
    /// Every member gives up all partitions at each rebalance (`range`).
    case eager = "range"
}
