/// What an operation on Kafka failed with. No text in it holds a secret.
public enum KafkaError: Error, Equatable, Sendable {
    /// librdkafka does not know the option, or not the value.
    case option(name: String, reason: String)
    /// An option that exactly-once rests on: it is not for setting.
    case reservedOption(name: String)
    /// A secret among the plain options.
    case secretOption(name: String)
    /// The client could not be made.
    case client(reason: String)
    /// `code` is librdkafka's name of the error, such as `_TRANSPORT`.
    case operation(String, code: String, reason: String)
    /// The topic is there with another number of partitions.
    case partitionCount(topic: String, expected: Int, found: Int)
    case unknownTopic(String)
    /// The brokers did not answer within the time.
    case timedOut(operation: String)
    /// A stored copy of a partition's state is not one.
    case malformedState(field: String)
}

extension KafkaError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .option(let name, let reason): "the Kafka option \(name): \(reason)"
        case .reservedOption(let name):
            "the Kafka option \(name) is set by ticktop, because exactly-once rests on it"
        case .secretOption(let name):
            "the Kafka option \(name) is a secret: give it in "
                + "\(KafkaSecrets.variable(of: name)) or in a file that only you can read"
        case .client(let reason): "no Kafka client: \(reason)"
        case .operation(let name, let code, let reason): "Kafka: \(name): \(reason) (\(code))"
        case .partitionCount(let topic, let expected, let found):
            "the topic \(topic) has \(found) partitions, but \(expected) are configured: a "
                + "ticker's partition would change, so another number needs a new topic"
        case .unknownTopic(let topic): "the brokers have no topic \(topic)"
        case .timedOut(let operation): "Kafka: \(operation): no answer from the brokers in time"
        case .malformedState(let field): "a stored copy of a state has a malformed \(field)"
        }
    }
}

/// What stands between a consumer and its messages, or a producer and its brokers: a state to be
/// shown, not an end.
public enum KafkaTrouble: Error, Equatable, Sendable {
    /// No broker can be reached; the client goes on trying.
    case brokerAway(reason: String)
    /// The brokers refuse who we are, or their certificate is refused by us.
    case authentication(reason: String)
    case unknownTopic(String)
    /// The position lies outside the partition's log: records expired, or the log was cut or made
    /// anew (`LogContinuity` tells which).
    case offsetOutOfRange(partition: Int32, offset: Int64)
    /// Offsets jumped where each one is a record: those between are lost.
    case offsetGap(partition: Int32, expected: Int64, received: Int64)
    /// The group will not have us: a member id fenced, a protocol not shared.
    case group(reason: String)
    /// Another error of one partition.
    case partition(Int32, reason: String)
    /// The client cannot go on; only a new one can.
    case fatal(reason: String)
}

extension KafkaTrouble: CustomStringConvertible {
    public var description: String {
        switch self {
        case .brokerAway(let reason): "no Kafka broker answers: \(reason)"
        case .authentication(let reason): "Kafka refuses the credentials: \(reason)"
        case .unknownTopic(let topic): "the topic \(topic) is not there"
        case .offsetOutOfRange(let partition, let offset):
            "partition \(partition): the log does not hold offset \(offset)"
        case .offsetGap(let partition, let expected, let received):
            "partition \(partition): \(received - expected) records are missing from offset "
                + "\(expected) on"
        case .group(let reason): "the consumer group: \(reason)"
        case .partition(let partition, let reason): "partition \(partition): \(reason)"
        case .fatal(let reason): "Kafka client: \(reason)"
        }
    }
}
