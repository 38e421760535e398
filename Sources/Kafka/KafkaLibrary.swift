import CRdKafka

/// The client library that speaks to the brokers.
public enum KafkaLibrary {
    /// As the library names itself, such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Memory that fetched messages have used, up to 64 MiB, is kept for the next ones. Given back
    /// to the system and taken again each time, its pages cost a sixth of all consumption.
    ///
    /// Holds for the whole process. True when the allocator has taken it.
    static let keepsMemory: Bool = {
        let bytes: Int32 = 64 << 20
        return mallopt(M_TRIM_THRESHOLD, bytes) == 1
            && mallopt(M_MMAP_THRESHOLD, bytes / 2) == 1
    }()
}
