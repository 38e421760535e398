import Analytics
import Engine
import Feeds
import Foundation
import Kafka
import Logging
import MarketModel

/// From the log in Kafka to every trade's figures: consume, headers, decode, windows, as the engine
/// does it with a state for each partition, and nothing stored.
///
/// What counts is the processor time of the whole process, librdkafka's threads included, from the
/// first message to the last.
enum KafkaBenchmark {
    struct Findings: Encodable {
        var events: Int
        var seconds: Double
        var cpu_seconds: Double
        var tickers: [String: WindowsBenchmark.Ticker]
        var figuresMade: Int
    }

    static let partitionCount = 6
    private static let drainMax = 4096
    private static let rest = Duration.milliseconds(5)

    private static func settings(_ brokers: String) -> KafkaSettings {
        var settings = KafkaSettings(brokers: brokers)
        settings.partitionCount = partitionCount
        return settings
    }

    private static let quiet = Logger(
        label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })

    // MARK: Filling

    struct Filling: Encodable {
        var events: Int
        var seconds: Double
    }

    /// Sends the lines of a file, each under its ticker, as ingest does.
    static func fill(_ path: String, brokers: String) throws -> Filling {
        let settings = settings(brokers)
        try TopicAdmin(settings, logger: quiet).ensure([settings.topicPlans[0]])
        let began = SystemClock.monotonicNanoseconds
        let producer = try KafkaProducer(settings, logger: quiet)
        var headers = KafkaHeaders()
        var sequences = [Int64](repeating: 0, count: partitionCount)
        var number: Int64 = 0
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: 10)
        for line in lines {
            guard let name = line.firstRange(of: Data(#""sym":""#.utf8)),
                let end = line[name.upperBound...].firstIndex(of: 34)
            else { continue }
            let key = Array(line[name.upperBound..<end])
            let partition = KafkaPartitioner.partition(of: key, among: partitionCount)
            KafkaRecordHead(
                kind: .frame, source: .massive,
                receivedAt: Timestamp(
                    nanoseconds: 1_767_364_200_000_000_000 + number * 1_000_000_000 / 15_000),
                producer: 1, sequence: sequences[Int(partition)]
            ).write(to: &headers)
            let payload = Array(line)
            while key.withUnsafeBytes({ key in
                payload.withUnsafeBytes {
                    producer.send(
                        topic: settings.topics.trades, partition: partition, key: key, payload: $0,
                        headers: headers) == .full
                }
            }) { SystemClock.sleepThread(.milliseconds(1)) }
            sequences[Int(partition)] += 1
            number += 1
        }
        guard producer.flush(timeout: .seconds(60)), producer.figures.failed == 0 else {
            throw KafkaError.timedOut(operation: "fill the topic")
        }
        return Filling(
            events: Int(number),
            seconds: Double(SystemClock.monotonicNanoseconds - began) / 1e9)
    }

    // MARK: Consuming

    /// `options` are librdkafka's, NAME=VALUE, to try others than ours.
    static func measure(brokers: String, count: Int, options: [String] = []) throws -> Findings {
        var settings = settings(brokers)
        for option in options.map({ $0.split(separator: "=").map(String.init) }) {
            settings.options[option[0]] = option.last
        }
        let consumer = try KafkaConsumer(
            settings, topic: settings.topics.trades, membership: .alone, logger: quiet)
        let partitions = (0..<partitionCount).map { _ in PartitionUnderMeasure() }
        try consumer.begin(
            Dictionary(uniqueKeysWithValues: (0..<Int32(partitionCount)).map { ($0, .offset(0)) }))
        var taken = 0
        var began: (wall: Int64, cpu: Double)?
        while taken < count {
            var isIdle = true
            _ = consumer.poll(wait: .zero)
            for partition in 0..<Int32(partitionCount) {
                let number = try partitions[Int(partition)].drain(
                    partition, of: consumer, countMax: drainMax
                ) {
                    if began == nil { began = (SystemClock.monotonicNanoseconds, cpuSeconds()) }
                }
                guard number > 0 else { continue }
                isIdle = false
                taken += number
                try partitions[Int(partition)].apply()
            }
            // The Python consumer waits up to 100 ms for its batches.
            if isIdle { SystemClock.sleepThread(rest) }
        }
        guard let began else { throw KafkaError.timedOut(operation: "consume") }
        let spent = cpuSeconds() - began.cpu
        let wall = Double(SystemClock.monotonicNanoseconds - began.wall) / 1e9
        let refused = partitions.reduce(0) { $0 + $1.refused }
        guard refused == 0 else { throw BenchmarkError.refused(count: refused) }
        let shown = partitions.map(\.shown)
        return Findings(
            events: shown.reduce(0) { $0 + Int($1.countsTotal.received) }, seconds: wall,
            cpu_seconds: spent,
            tickers: shown.reduce(into: [:]) {
                $0.merge(WindowsBenchmark.tickers(of: $1)) { $1 }
            },
            figuresMade: partitions.reduce(0) { $0 + $1.witness.figuresMade })
    }

    /// Of all threads, in user and kernel.
    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// A partition's decoder and state.
private final class PartitionUnderMeasure {
    let witness: Witness
    private var decoder = RecordDecoder()
    private var run = RecordRun()
    private var state: EngineState
    private var batch = EventBatch()
    private var effects = EffectBatch()
    private(set) var refused = 0

    init() {
        var settings = AnalyticsSettings()
        settings.forest.isOn = false
        state = EngineState(settings: settings)
        let witness = Witness()
        self.witness = witness
        state.figuresWitness = { witness.take($1) }
    }

    var shown: MarketSnapshot { state.snapshot(takenAt: .distantPast) }

    /// Takes what is there, as the product does; `onMessage` comes before each.
    func drain(
        _ partition: Int32, of consumer: KafkaConsumer, countMax: Int, onMessage: () -> Void
    ) throws -> Int {
        // Taken out, so that no access is checked a message.
        var (run, batch, refused) = (RecordRun(), EventBatch(), 0)
        swap(&run, &self.run)
        swap(&batch, &self.batch)
        defer {
            swap(&run, &self.run)
            swap(&batch, &self.batch)
            self.refused += refused
        }
        return try consumer.drain(partition, countMax: countMax) { message in
            onMessage()
            do throws(KafkaRecordError) {
                let head = try message.recordHead()
                run.append(
                    kind: head.kind, source: head.source, receivedAt: head.receivedAt,
                    position: LogPosition(epoch: message.partition, offset: message.offset),
                    payload: message.payload, to: &batch)
            } catch {
                refused += 1
            }
            return true
        }
    }

    func apply() throws {
        run.decode(by: &decoder, into: &batch)
        batch.end = LogPosition(
            epoch: batch.events.last?.position.epoch ?? 0,
            offset: (batch.events.last?.position.offset ?? -1) + 1)
        refused += batch.refusals.count
        try state.apply(batch, into: &effects)
        effects.empty()
        batch.removeAll()
    }
}
