import Feeds
import Kafka
import MarketModel
import Storage

/// A live feed on its way into Kafka: queue, journal, outlet.
///
/// Everything that arrives is in the journal before it is sent. While no broker answers it stays
/// there and is read again later; when the journal is full, the feed's queue fills, and sheds
/// quotes first. Runs on one thread.
final class FeedIngest {
    private let queue: FrameQueue
    private let journal: Journal
    private let outlet: IngestOutlet
    private let clock = SystemClock()
    private let spillBytesMax: Int64
    private let isStopping: () -> Bool
    private let tell: (String) -> Void

    private var records: [LogRecord] = []
    /// Set while the journal is read again from `outlet.position` on.
    private var reader: RecordingReader?
    private var held: (record: LogRecord, position: LogPosition)?
    private var isBehind = true
    private var wasAway = false

    private static let recordsMax = 512
    private static let wait = Duration.milliseconds(20)
    /// Records read again before the queue is looked at.
    private static let sliceRecords = 2048

    init(
        queue: FrameQueue, journal: Journal, outlet: IngestOutlet, spillBytesMax: Int64,
        isStopping: @escaping () -> Bool, tell: @escaping (String) -> Void
    ) {
        self.queue = queue
        self.journal = journal
        self.outlet = outlet
        self.spillBytesMax = spillBytesMax
        self.isStopping = isStopping
        self.tell = tell
    }

    /// Until the queue ends; then as long as `patience` for the rest.
    func run(patience: Duration) throws {
        var hasEnded = false
        while !hasEnded {
            if journal.byteCount < spillBytesMax || !isBehind || isStopping() {
                hasEnded = try takeFromQueue()
            } else {
                // The queue fills up, and sheds by its rule.
                SystemClock.sleepThread(FeedIngest.wait)
            }
            try catchUp()
            try keepHouse()
        }
        try sendRest(until: clock.now.advanced(by: patience))
        try journal.sync()
        _ = try outlet.finish(timeout: patience)
        try journal.prune(before: outlet.delivered)
    }

    /// Parts of what a provider sent that are in the journal and not delivered.
    func left() throws -> Int64 {
        var rest = try journal.records(from: outlet.delivered)
        var splitter = RecordSplitter()
        var parts: [RecordPart] = []
        while let (record, _) = try rest.next() {
            if record.kind == .frame || record.kind == .article {
                splitter.split(record, into: &parts)
            }
        }
        return Int64(parts.count)
    }

    /// True when nothing more will come.
    private func takeFromQueue() throws -> Bool {
        records.removeAll(keepingCapacity: true)
        let state = queue.take(
            into: &records, recordsMax: FeedIngest.recordsMax, wait: FeedIngest.wait)
        guard !records.isEmpty else { return state == .ended }
        var places: [LogPosition] = []
        places.reserveCapacity(records.count)
        for record in records {
            places.append(journal.end)
            try onDisk { try journal.append(record) }
        }
        places.append(journal.end)
        try onDisk { try journal.write() }
        for (index, record) in records.enumerated() where !isBehind {
            let isSent = outlet.send(
                record, at: places[index], end: places[index + 1], isSpilled: false)
            if !isSent { isBehind = true }
        }
        return state == .ended
    }

    /// Waits for a disk that does not take the journal, and lets the feed's queue fill meanwhile:
    /// what has been appended is in memory, and goes out with the next write.
    private func onDisk(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            tell("the journal cannot be written: \(error); the feed waits or sheds")
            while true {
                SystemClock.sleepThread(.milliseconds(500))
                do {
                    return try journal.write()
                } catch {
                    if isStopping() { throw error }
                }
            }
        }
    }

    /// Sends what is in the journal only, as far as there is room.
    private func catchUp() throws {
        guard isBehind, try outlet.isReady() else { return }
        for _ in 0..<FeedIngest.sliceRecords {
            guard let (record, place) = try nextFromJournal() else {
                isBehind = outlet.position < journal.end
                reader = nil
                return
            }
            guard let end = reader?.edge else { return }
            guard outlet.send(record, at: place, end: end, isSpilled: true) else {
                held = (record, place)
                return
            }
        }
    }

    private func nextFromJournal() throws -> (record: LogRecord, position: LogPosition)? {
        if let held {
            self.held = nil
            return held
        }
        if reader == nil { reader = try journal.records(from: outlet.position) }
        return try reader?.next()
    }

    private func keepHouse() throws {
        if outlet.failure == nil, try outlet.turn() {
            try journal.sync()
            try journal.prune(before: outlet.delivered)
        }
        if let reason = outlet.failure {
            tell("a delivery failed (\(reason)): sending again from where the brokers have it all")
            SystemClock.sleepThread(.seconds(1))
            try outlet.restart()
            reader = nil
            held = nil
            isBehind = true
        }
        if let trouble = outlet.takeMarkTrouble() { tell(trouble) }
        let trouble = outlet.trouble
        if let trouble, !wasAway {
            tell("\(trouble); what arrives is kept in the journal")
        } else if trouble == nil, wasAway {
            tell("the brokers answer again")
        }
        wasAway = trouble != nil
    }

    private func sendRest(until deadline: Timestamp) throws {
        while isBehind, clock.now < deadline {
            try catchUp()
            try keepHouse()
            if isBehind { SystemClock.sleepThread(FeedIngest.wait) }
        }
    }
}

/// A recording on its way into Kafka: its own journal. Runs on one thread.
final class RecordingIngest {
    private var reader: RecordingReader
    private var pacer: ReplayPacer
    private let outlet: IngestOutlet
    private let clock = SystemClock()
    private let path: String
    private let isStopping: () -> Bool
    private let tell: (String) -> Void

    init(
        _ path: String, speed: ReplayPacer.Speed, outlet: IngestOutlet,
        isStopping: @escaping () -> Bool, tell: @escaping (String) -> Void
    ) throws {
        self.path = path
        self.tell = tell
        reader = try RecordingReader(path)
        pacer = ReplayPacer(speed: speed)
        self.outlet = outlet
        self.isStopping = isStopping
    }

    /// True when the whole recording has been delivered. What the brokers have not confirmed is
    /// sent again, as often as it takes.
    func run(patience: Duration) throws -> Bool {
        while true {
            let hasSentAll = try sendAll()
            let isDelivered = try outlet.finish(timeout: patience)
            if isDelivered, hasSentAll { return true }
            if isStopping() { return false }
            let reason = outlet.failure ?? "no answer from the brokers"
            tell("\(reason): sending again from where the brokers have it all")
            SystemClock.sleepThread(.seconds(1))
            try outlet.restart()
            reader = try RecordingReader(path)
        }
    }

    /// False when it was stopped, or when sending cannot go on.
    private func sendAll() throws -> Bool {
        while try !outlet.isReady() {
            if isStopping() { return false }
            SystemClock.sleepThread(.milliseconds(100))
        }
        while let (record, place) = try reader.next() {
            guard place >= outlet.position else { continue }
            let wait = pacer.wait(before: record.receivedAt, now: clock.now)
            try rest(until: clock.now.advanced(by: wait))
            while !outlet.send(record, at: place, end: reader.edge, isSpilled: false) {
                if isStopping() || outlet.failure != nil { return false }
                SystemClock.sleepThread(.milliseconds(5))
                _ = try outlet.turn()
            }
            _ = try outlet.turn()
            if isStopping() || outlet.failure != nil { return false }
        }
        return true
    }

    /// Until a record is due, as a recording at a pace wants it.
    private func rest(until due: Timestamp) throws {
        while clock.now < due, !isStopping(), outlet.failure == nil {
            SystemClock.sleepThread(min(due.duration(since: clock.now), .milliseconds(50)))
            _ = try outlet.turn()
        }
    }
}
