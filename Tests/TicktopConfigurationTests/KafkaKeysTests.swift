import Foundation
import Testing

@testable import TicktopConfiguration

@Suite struct `Keys of Kafka` {
    private func settings(_ overrides: [(String, String)]) throws -> Settings {
        let sources = ConfigurationSources(
            environment: ["HOME": "/nowhere"], file: nil,
            overrides: overrides.map { .init($0.0, $0.1, flag: "--test") })
        return try EffectiveConfiguration.load(sources).settings(sources.directories)
    }

    @Test func `have defaults that a broker on this machine takes`() throws {
        let kafka = try settings([]).kafka
        #expect(kafka.brokers == "localhost:9092")
        #expect(kafka.topics.trades == "market.trades")
        #expect(kafka.partitionCount == 6)
        #expect(kafka.assignment == .cooperative)
        #expect(kafka.options.isEmpty && kafka.passwordFile == nil)
        #expect(kafka.commitMax == .milliseconds(100) && kafka.pauseMin == .milliseconds(500))
    }

    @Test func `take librdkafka's options as pairs, each name once`() throws {
        let kafka = try settings([
            ("kafka.options", "security.protocol=SASL_SSL,sasl.mechanisms=PLAIN,a=b=c"),
            ("kafka.assignment", "alone"),
        ]).kafka
        #expect(
            kafka.options == [
                "security.protocol": "SASL_SSL", "sasl.mechanisms": "PLAIN", "a": "b=c",
            ])
        #expect(kafka.assignment == .alone)
        for text in ["=x", "x", "a=1,a=2"] {
            #expect(throws: ConfigurationError.self) { try settings([("kafka.options", text)]) }
        }
    }

    @Test func `leave the names of secrets alone`() throws {
        let sources = ConfigurationSources(
            environment: ["HOME": "/nowhere", "TICKTOP_KAFKA_PASSWORD": "x"], file: nil,
            overrides: [])
        #expect(try EffectiveConfiguration.load(sources).warnings.isEmpty)
    }
}
