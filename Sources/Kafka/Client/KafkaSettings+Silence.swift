import Logging

extension KafkaSettings {
    /// For clients whose log lines nobody reads: what matters of them comes as events and figures.
    public static var silence: Logger {
        Logger(label: "kafka", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}
