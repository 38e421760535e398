import Engine
import Feeds
import Foundation
import Kafka
import MarketModel
import Storage
import Synchronization
import TicktopConfiguration

/// A feed or a recording on its way into Kafka, with all that belongs to it.
///
/// `run` on one thread; `stop` from any.
final class Ingest: @unchecked Sendable {
    // Unchecked: everything but the flag and the feed's own parts is used by the thread of `run`.
    private let settings: Settings
    private let kafka: KafkaSettings
    private let secrets: Secrets
    private let recording: String?
    private let speed: ReplayPacer.Speed
    private let directory: String
    private let clock = SystemClock()
    private let board = SnapshotBoard()
    private let isStopping = Atomic(false)
    private let live: LiveFeed?
    private let startedAt: Timestamp
    private var counts = IngestCounts()
    private var left: Int64 = 0

    private static let patience = Duration.seconds(10)

    /// What brings records in.
    private struct LiveFeed {
        let feed: RunningFeed
        let queue: FrameQueue
        let clockTicker: ClockTicker
        let news: NewsWiring
        let history: HistoryPrefetch
    }

    /// `speed` is a recording's.
    init(
        _ surroundings: Surroundings, recording: String?, speed: ReplayPacer.Speed,
        directory: String?
    ) throws {
        settings = surroundings.settings
        secrets = surroundings.secrets
        kafka = try settings.kafkaSettings(environment: surroundings.sources.environment)
        self.recording = recording
        self.speed = speed
        self.directory = directory ?? "\(surroundings.sources.directories.data)/ingest"
        startedAt = clock.now
        let board = self.board
        guard recording == nil else {
            live = nil
            return
        }
        let feed = try RunningFeed(settings.feed, secrets: secrets, clock: clock) { status in
            if case .refused(let reason, let remedy) = status { complain("\(reason): \(remedy)") }
            if case .warning(let text) = status { complain(text) }
            board.take(status)
        }
        live = LiveFeed(
            feed: feed, queue: FrameQueue(rule: feed.queueRule),
            clockTicker: ClockTicker(clock: clock),
            news: NewsWiring(settings, secrets: secrets, history: nil, clock: clock, board: board),
            history: HistoryPrefetch(settings.feed, secrets: secrets))
    }

    /// From any thread: take what has arrived, deliver it, and end.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        guard let live else { return }
        live.feed.stop()
        live.news.stop()
        live.clockTicker.stop()
        live.queue.finish()
    }

    /// Until `stop`, or until the recording is published.
    func run() throws {
        let file = try DeliveryMarkFile(directory)
        if let recording {
            try publish(recording, file)
        } else if let live {
            try publish(live, file)
        }
    }

    private func publish(_ recording: String, _ file: DeliveryMarkFile) throws {
        let log = "recording \(URL(filePath: recording).lastPathComponent)"
        let mark = try file.read() ?? freshMark(log, at: .start)
        guard mark.log == log else { throw StartError.otherIngest(path: directory, log: mark.log) }
        let outlet = try outlet(file, mark, countFrom: mark.position)
        let run = try RecordingIngest(
            recording, speed: speed, outlet: outlet,
            isStopping: { [self] in isStopping.load(ordering: .relaxed) }, tell: { complain($0) })
        complain("publishing \(recording) to \(kafka.topics.trades) at \(kafka.brokers)")
        let isWhole = try run.run(patience: Ingest.patience)
        counts = outlet.figures
        if !isWhole { complain("not all of it: the same command goes on where this one ended") }
    }

    private func publish(_ live: LiveFeed, _ file: DeliveryMarkFile) throws {
        let log = "feed \(settings.feed.provider.rawValue)"
        var journalSettings = JournalSettings()
        journalSettings.isKept = settings.store.keepsJournal
        let journal = try Journal(
            "\(directory)/journal", settings: journalSettings, verifyFrom: nil)
        let mark = try beginLife(journal, log, try file.read())
        guard mark.log == log else { throw StartError.otherIngest(path: directory, log: mark.log) }
        let outlet = try outlet(file, mark, countFrom: journal.end)
        try noteOutage(journal)
        let run = FeedIngest(
            queue: live.queue, journal: journal, outlet: outlet,
            spillBytesMax: settings.kafka.spillBytesMax,
            isStopping: { [self] in isStopping.load(ordering: .relaxed) }, tell: { complain($0) })
        live.clockTicker.start(into: live.queue)
        live.feed.start(into: live.queue)
        live.history.start(into: live.queue, clock: clock, board: board)
        live.news.start(into: live.queue)
        complain(
            "publishing \(live.feed.name) to \(kafka.topics.trades) at \(kafka.brokers); "
                + "Ctrl-C ends it")
        try run.run(patience: Ingest.patience)
        counts = outlet.figures
        left = try run.left()
    }

    /// The mark to go on from: this life's records come under a producer of its own, behind what
    /// the lives before have left.
    private func beginLife(_ journal: Journal, _ log: String, _ mark: DeliveryMark?) throws
        -> DeliveryMark
    {
        guard var mark else { return freshMark(log, at: journal.end) }
        if journal.end < mark.position { journal.beginEpoch(mark.position.epoch + 1) }
        mark.lives.append(DeliveryMark.Life(from: journal.end, producer: .random(in: 1 ... .max)))
        return mark
    }

    private func freshMark(_ log: String, at position: LogPosition) -> DeliveryMark {
        DeliveryMark(
            log: log, position: position, producer: .random(in: 1 ... .max),
            sequences: Array(repeating: 0, count: kafka.partitionCount))
    }

    private func noteOutage(_ journal: Journal) throws {
        guard let last = journal.extent.lastReceivedAt else { return }
        let now = clock.now
        let notice = Notice.outage(settings.feed.source, from: last, to: max(last, now))
        try journal.append(LogRecord(notice: notice, source: .ticktop, receivedAt: now))
        try journal.sync()
    }

    private func outlet(_ file: DeliveryMarkFile, _ mark: DeliveryMark, countFrom: LogPosition)
        throws -> IngestOutlet
    {
        guard mark.sequences.count == kafka.partitionCount else {
            throw StartError.otherIngest(
                path: directory, log: "of a topic with \(mark.sequences.count) partitions")
        }
        return try IngestOutlet(
            kafka, logger: KafkaSettings.silence, file: file, mark: mark, countFrom: countFrom)
    }

    /// One JSON line; keys in a fixed order.
    var closingLine: String {
        let shed = live?.queue.shedTotal.bySource.reduce(Int64(0)) { $0 + $1.events.total } ?? 0
        let seconds = Double(clock.now.nanosecondsSince(startedAt) / 1_000_000) / 1000
        return #"{"received":\#(counts.received + shed),"published":\#(counts.published),"#
            + #""spilled":\#(counts.spilled),"shed":\#(shed),"failed":\#(counts.failed),"#
            + #""resent":\#(counts.resent),"left":\#(left),"seconds":\#(seconds)}"#
    }
}
