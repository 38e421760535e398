import CRdKafka

/// The client library that speaks to the brokers.
public enum KafkaLibrary {
    /// As the library names itself, such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }
}
