import Foundation
import Kafka
import Logging
import MarketModel
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct `Kafka's secrets` {
    private static let canary = "canary-5f1e-do-not-show"

    @Test func `come from the environment before the file`() throws {
        let fromFile = try KafkaSecrets.read(
            environment: [:], file: ("secret", "# the broker's\n\(Self.canary)\n"))
        #expect(fromFile == KafkaSecrets(["sasl.password": Self.canary]))
        let both = try KafkaSecrets.read(
            environment: ["TICKTOP_KAFKA_PASSWORD": "d"],
            file: ("secret", "sasl.password=a=b\nssl.key.password = c\n"))
        #expect(both == KafkaSecrets(["sasl.password": "d", "ssl.key.password": "c"]))
        let named = try KafkaSecrets.read(environment: ["TICKTOP_KAFKA_SSL_KEY_PASSWORD": "e"])
        #expect(named == KafkaSecrets(["ssl.key.password": "e"]))
    }

    @Test func `are refused where the file is malformed, without showing them`() {
        do throws(KafkaSecretError) {
            _ = try KafkaSecrets.read(
                environment: [:],
                file: ("/etc/secret", "sasl.password=x\nsasl.passwort=\(Self.canary)\n"))
            Issue.record("taken")
        } catch {
            #expect(error == .malformed(path: "/etc/secret", line: 2))
            #expect(!"\(error)".contains(Self.canary))
        }
    }

    @Test func `are in no description`() {
        var settings = KafkaSettings(brokers: "localhost:9092")
        settings.secrets = KafkaSecrets(["sasl.password": Self.canary])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains(Self.canary))
        }
    }

    @Test func `have their own place: among the plain options they are refused`() {
        var settings = KafkaSettings(brokers: "localhost:9092")
        settings.options = ["sasl.password": Self.canary]
        #expect(throws: KafkaError.secretOption(name: "sasl.password")) {
            try TopicAdmin(settings, logger: .quiet)
        }
        #expect(!KafkaError.secretOption(name: "sasl.password").description.contains(Self.canary))
    }

    @Test(arguments: ["enable.auto.commit", "acks", "auto.offset.reset", "enable.idempotence"])
    func `an option that exactly-once rests on is refused`(_ name: String) {
        var settings = KafkaSettings(brokers: "localhost:9092")
        settings.options = [name: "all"]
        #expect(throws: KafkaError.reservedOption(name: name)) {
            try KafkaProducer(settings, logger: .quiet)
        }
    }

    @Test func `an option or a value that librdkafka does not know is named`() {
        var settings = KafkaSettings(brokers: "localhost:9092")
        settings.options = ["security.protokoll": "ssl"]
        #expect {
            try TopicAdmin(settings, logger: .quiet)
        } throws: {
            "\($0)".contains("security.protokoll")
        }
    }

    /// librdkafka's own log at its most talkative, its errors and ours, while the credentials are
    /// refused.
    @Test func `stay unseen while a broker refuses them`() throws {
        let rig = try BrokerRig(partitions: 1)
        var settings = rig.settings
        settings.options = [
            "security.protocol": "sasl_plaintext", "sasl.mechanisms": "SCRAM-SHA-256",
            "sasl.username": "trader", "debug": "all",
        ]
        settings.secrets = KafkaSecrets(["sasl.password": Self.canary])
        let log = LogKeeper()
        let logger = Logger(label: "test", factory: { _ in log })
        let consumer = try KafkaConsumer(
            settings, topic: "market.trades", membership: .group("g"), logger: logger)
        let producer = try KafkaProducer(settings, logger: logger)
        var troubles: [KafkaTrouble] = []
        _ = eventually {
            if case .trouble(let trouble) = consumer.poll(wait: .milliseconds(50)) {
                troubles.append(trouble)
            }
            return !troubles.isEmpty && producer.figures.trouble != nil
        }
        let told = (troubles + [producer.figures.trouble].compactMap { $0 }).map(\.description)
        #expect(!told.isEmpty)
        #expect(told.allSatisfy { $0.hasPrefix("Kafka refuses the credentials") }, "\(told)")
        let lines = log.lines
        #expect(lines.count > 10)
        #expect(!(lines + told).contains { $0.contains(Self.canary) })
    }
}

/// Keeps every line that is logged.
private struct LogKeeper: LogHandler {
    private final class Lines: Sendable { let kept = Mutex<[String]>([]) }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    private let store = Lines()

    var lines: [String] { store.kept.withLock { $0 } }

    func log(event: LogEvent) { store.kept.withLock { $0.append("\(event.message)") } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
