import Engine
import Feeds
import Kafka
import Logging
import MarketModel
import Storage
import Synchronization

/// The log in Kafka as the engine's source: opens and closes partitions as the group gives and
/// takes them, and hands over one partition's records at a time.
///
/// Used by the engine's thread alone, but for `stop` and `note`.
final class KafkaLog: EventSource, @unchecked Sendable {
    // Unchecked: what is not behind `flow` or atomic is touched by the engine's thread only.
    let settings: KafkaSettings
    let membership: KafkaMembership
    let logger: Logger
    let keeper: PartitionKeeper
    let board: SnapshotBoard
    let clock: any MarketClock
    /// Set once, before the loop starts.
    weak var loop: EngineLoop?

    var consumer: KafkaConsumer?
    /// In a group only.
    var handover: PartitionHandover?
    /// Given by the group, and not begun: what owners before left could not be read yet.
    var awaited: [Int32] = []
    var statesAskedAt: Int64 = 0
    /// The newest record of each log that has to be compared before the log is read on.
    var uncompared: [Int32: RecordMark] = [:]
    var comparedAt: Int64 = 0
    var readings: [Int32: PartitionReading] = [:]
    var order: [Int32] = []
    var status: KafkaStatus
    /// Lag and copies as of when they were last asked for.
    var figuresAt: Int64 = 0
    private var decoder = RecordDecoder()
    private var run = RecordRun()
    private var turn = 0
    private var askedAt: Int64 = 0
    private let flow: Mutex<BackPressure>
    private let queueShare: @Sendable () -> Double
    private let isStopping = Atomic(false)

    static let askEvery: Int64 = 1_000_000_000
    private static let restStep = Duration.milliseconds(20)

    /// `queueShare`: how full the store's queue is, 0 to 1.
    init(
        _ settings: KafkaSettings, membership: KafkaMembership, keeper: PartitionKeeper,
        board: SnapshotBoard, clock: any MarketClock, pressure: BackPressure,
        queueShare: @escaping @Sendable () -> Double
    ) {
        self.settings = settings
        self.membership = membership
        self.keeper = keeper
        self.board = board
        self.clock = clock
        self.queueShare = queueShare
        flow = Mutex(pressure)
        logger = KafkaSettings.silence
        let group: String? = if case .group(let name) = membership { name } else { nil }
        status = KafkaStatus(topic: settings.topics.trades, group: group)
    }

    /// From any thread: the next `fill` ends the log.
    func stop() { isStopping.store(true, ordering: .relaxed) }

    /// From the store's thread: a commit that held.
    func note(commit: Duration) {
        flow.withLock { $0.note(commit: commit, at: SystemClock.monotonicNanoseconds) }
    }

    func fill(_ batch: inout EventBatch, eventsMax: Int, wait: Duration) throws -> SourceState {
        guard !isStopping.load(ordering: .relaxed) else { return .ended }
        guard let consumer = try readyConsumer(wait: wait) else { return .idle }
        while let event = consumer.poll(wait: .zero) { try take(event) }
        try openAwaited()
        try compareAgain()
        tellFigures()
        if rests() {
            // Rebalances are served all the same; nothing is drained, so the log waits in Kafka.
            if let event = consumer.poll(wait: min(wait, KafkaLog.restStep)) { try take(event) }
            return .idle
        }
        if try drain(&batch, eventsMax: eventsMax) { return .events }
        if let event = consumer.poll(wait: wait) {
            try take(event)
            return .idle
        }
        return try drain(&batch, eventsMax: eventsMax) ? .events : .idle
    }

    /// The consumer, once the topic is there.
    private func readyConsumer(wait: Duration) throws -> KafkaConsumer? {
        if let consumer { return consumer }
        let now = SystemClock.monotonicNanoseconds
        guard now - askedAt >= KafkaLog.askEvery else {
            SystemClock.sleepThread(min(wait, KafkaLog.restStep))
            return nil
        }
        defer { askedAt = SystemClock.monotonicNanoseconds }
        let topic = settings.topics.trades
        do {
            let found = try TopicAdmin(settings, logger: logger).topics(timeout: .seconds(2))
            guard let count = found[topic] else {
                tell(.disconnected(reason: "there is no topic \(topic) yet", retryAt: nil))
                return nil
            }
            guard count == settings.partitionCount else {
                throw KafkaError.partitionCount(
                    topic: topic, expected: settings.partitionCount, found: count)
            }
            try beginHandover()
        } catch KafkaError.timedOut, KafkaError.operation(_, code: "_TRANSPORT", reason: _) {
            tell(.disconnected(reason: "no Kafka broker answers", retryAt: nil))
            return nil
        }
        let made = try KafkaConsumer(
            settings, topic: topic, membership: membership, logger: logger)
        consumer = made
        tell(.starting)
        if case .alone = membership {
            try open(Array(0..<Int32(settings.partitionCount)), answersGroup: false)
        }
        return made
    }

    private func rests() -> Bool {
        let now = SystemClock.monotonicNanoseconds
        let share = queueShare()
        let before = status.isResting
        flow.withLock { flow in
            status.isResting = flow.decide(queueShare: share, now: now)
            status.rests = flow.count
            status.restedFor = flow.rested(now: now)
        }
        if status.isResting != before { tellStatus() }
        return status.isResting
    }

    /// Takes records of the next partition that has any. False when none has.
    private func drain(_ batch: inout EventBatch, eventsMax: Int) throws -> Bool {
        for _ in order.indices {
            turn = (turn + 1) % order.count
            let partition = order[turn]
            guard let reading = readings[partition], !reading.isStopped,
                uncompared[partition] == nil
            else { continue }
            if try drain(partition, into: &batch, countMax: eventsMax) { return true }
        }
        return false
    }

    private func drain(_ partition: Int32, into batch: inout EventBatch, countMax: Int) throws
        -> Bool
    {
        guard let consumer, var reading = readings[partition] else { return false }
        let before = reading.newest?.offset
        // Taken out, so that no access is checked a message.
        var run = RecordRun()
        swap(&run, &self.run)
        defer { swap(&run, &self.run) }
        var isReplaced = false
        var failure: KafkaTrouble?
        do {
            try consumer.drain(partition, countMax: countMax) { message in
                switch reading.take(message) {
                case .passed: break
                case .record(let head):
                    run.append(
                        kind: head.kind, source: head.source, receivedAt: head.receivedAt,
                        position: LogPosition(epoch: partition, offset: message.offset),
                        payload: message.payload, to: &batch)
                case .foreign:
                    run.decode(by: &decoder, into: &batch)
                    refuse(message, into: &batch)
                case .replaced: isReplaced = true
                }
                return !isReplaced
            }
        } catch {
            failure = error
        }
        run.decode(by: &decoder, into: &batch)
        _ = decoder.takeControls()
        if isReplaced {
            reading.stop(
                "record \(reading.offset) is not the one that was there",
                remedy: LogContinuity.replaced.remedy)
        }
        readings[partition] = reading
        if let failure { try take(failure) }
        // What was taken before a failure counts all the same.
        guard let newest = reading.newest, newest.offset != before else { return false }
        batch.end = LogPosition(epoch: partition, offset: reading.offset)
        batch.newestRecord = newest
        return true
    }

    /// What is no record of ours is a dead letter, so that it is seen and the log goes on.
    private func refuse(_ message: borrowing KafkaMessage, into batch: inout EventBatch) {
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: message.payload.prefix(DeadLetter.rawBytesMax))
        batch.refusals.append(Refusal(reason: .malformed, field: "headers"))
        batch.events.append(
            LoggedEvent(
                event: .refused(index: Int32(batch.refusals.count - 1)),
                receivedAt: message.stampedAt ?? .distantPast,
                position: LogPosition(epoch: message.partition, offset: message.offset),
                source: .ticktop, rawStart: Int32(start), rawCount: Int32(batch.bytes.count - start)
            ))
    }
}
