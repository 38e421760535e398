import Foundation
import Kafka
import MarketModel
import TestSupport
import Testing

/// A broker, and `ticktop` on both sides of it.
final class KafkaRig {
    let broker: TestBroker
    let relay: TestRelay
    /// Programs speak to the broker itself, and not through the relay: for what is measured.
    var isDirect = false
    private var address: String { isDirect ? broker.address : relay.address }
    let scratch: Scratch
    static let partitions = 3

    init(_ scratch: Scratch) throws {
        self.scratch = scratch
        broker = try TestBroker()
        relay = try TestRelay(to: broker.port)
    }

    /// The broker by its own address: for what a test does itself.
    var settings: KafkaSettings {
        var settings = KafkaSettings(brokers: broker.address)
        settings.partitionCount = KafkaRig.partitions
        return settings
    }

    var environment: [String: String] {
        [
            "TICKTOP_KAFKA_PARTITIONS": String(KafkaRig.partitions),
            "TICKTOP_KAFKA_ASSIGNMENT": "alone", "TICKTOP_NEWS_PROVIDER": "off",
            // Tests ask often.
            "TICKTOP_API_REQUESTS_PER_MINUTE_MAX": "0",
        ]
    }

    /// `rate` is the demo market's. Every life keeps its journal.
    func ingest(
        _ arguments: [String], journal: String = "ingest", key: String? = nil, rate: Int? = nil
    ) throws -> ProgramUnderTest {
        var environment = self.environment
        environment["TICKTOP_STORE_KEEP_JOURNAL"] = "true"
        environment["MASSIVE_API_KEY"] = key
        environment["TICKTOP_FEED_EVENTS_PER_SECOND"] = rate.map(String.init)
        return try ProgramUnderTest(
            ["ingest", "--brokers", address, "--journal", scratch.path(journal)] + arguments,
            in: scratch.url, environment: environment)
    }

    func engine(_ store: String, environment more: [String: String] = [:]) throws
        -> ProgramUnderTest
    {
        try ProgramUnderTest(
            [
                "serve", "--feed", "kafka", "--brokers", address, "--store",
                scratch.path(store), "--port", "0",
            ], in: scratch.url, environment: environment.merging(more) { $1 })
    }

    func port(_ store: String, of program: ProgramUnderTest) throws -> SidePortUnderTest {
        try SidePortUnderTest(ofStore: scratch.path(store), heldBy: program.pid)
    }

    /// An orderly end of the broker: nothing is lost.
    func stopBroker() throws {
        // What it acknowledges while it stops, this broker loses: so it is left alone first.
        relay.block()
        SystemClock.sleepThread(.milliseconds(200))
        try broker.stop()
    }

    func startBroker() throws {
        try broker.start()
        relay.restore()
    }

    /// What the demo market, or a provider, sends in so many seconds.
    func record(_ name: String, seconds: Double, arguments: [String], environment: [String: String])
        throws -> String
    {
        let path = scratch.path(name)
        let program = try ProgramUnderTest(
            ["record", "--out", path] + arguments, in: scratch.url,
            environment: self.environment.merging(environment) { $1 })
        SystemClock.sleepThread(.milliseconds(Int(seconds * 1000)))
        program.kill(SIGINT)
        let end = try program.waitForEnd()
        #expect(end.status == 0, "\(end.errors)")
        return path
    }

    /// A recording of the demo market.
    func recordDemo(
        _ name: String = "recording", seconds: Double, rate: Int, tickers: [String] = []
    ) throws -> String {
        try record(
            name, seconds: seconds, arguments: tickers + ["--feed", "demo"],
            environment: ["TICKTOP_FEED_EVENTS_PER_SECOND": String(rate)])
    }

    /// Two stores of the same records, one of which came through Kafka: all but places in the log,
    /// and what is made of them.
    static let scope = StoreUnderTest.Scope(
        ignoring: [
            "*.epoch", "*.byte_offset", "*.event_index", "episodes.id", "episodes.features",
            "dead_letters.told_at",
        ],
        skipping: [
            "meta", "committed", "partition_marks", "partition_counts", "partition_ignored_types",
        ],
        rows: ["episodes=kind not in ('latency', 'stale_feed')"])

    func differences(_ store: String, from other: String) throws -> String {
        try StoreUnderTest(scratch.path(store))
            .differences(from: StoreUnderTest(scratch.path(other)), KafkaRig.scope)
    }
}

extension SidePortUnderTest {
    /// The sum of a metric over its labels.
    func sum(_ name: String) async throws -> Int {
        try await get("/metrics").text.split(separator: "\n")
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .compactMap { line in line.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0) { $0 + Int($1) }
    }

    func received() async throws -> Int { try await sum("ticktop_tick_messages_received_total") }

    /// The verdict on Kafka, and its reasons.
    func kafkaHealth() async throws -> (status: String, reasons: String) {
        let health = try await get("/health").object()
        let parts = health["components"] as? [String: Any]
        let kafka = parts?["kafka"] as? [String: Any]
        let reasons = kafka?["reasons"] as? [String] ?? []
        return (kafka?["status"] as? String ?? "", reasons.joined(separator: "; "))
    }
}
