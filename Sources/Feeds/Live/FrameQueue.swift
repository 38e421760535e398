import Dispatch
import MarketModel
import Synchronization

/// The bounded queue of log records between every feed and the engine's thread.
///
/// Several producers, one consumer. Only frames count against the bound: clock, connection,
/// reference and article records are few and small, and always enter. `Rule` names what happens
/// when it is full.
public final class FrameQueue: Sendable {
    /// What a producer of frames does when the queue is full.
    public enum Rule: Sendable {
        /// The producer waits: for sources that can wait, such as files and the demo market.
        case wait
        /// Quotes are given up above the high mark, whole frames above the bound; a shed record
        /// counts what went.
        case shed
    }

    /// What the consumer finds.
    public enum State: Sendable {
        case records
        /// Nothing arrived within the wait.
        case idle
        /// `finish` was called and everything has been taken.
        case ended
    }

    public static let bytesMaxDefault = 64 << 20
    /// The share of the bound from which on quotes are shed.
    private static let highMarkShare = 0.75

    public let rule: Rule
    public let bytesMax: Int
    private let highMark: Int
    private let state = Mutex(Content())
    private let arrived = DispatchSemaphore(value: 0)
    private let drained = DispatchSemaphore(value: 0)

    fileprivate struct Content {
        var records: [LogRecord] = []
        var taken = 0
        var bytes = 0
        var bytesPeak = 0
        var isFinished = false
        var consumerWaits = false
        var producersWaiting = 0
        var unreported = ShedCounts()
        var shedTotal = ShedCounts()

        var isEmpty: Bool { taken == records.count && unreported.isEmpty }
    }

    public init(bytesMax: Int = FrameQueue.bytesMaxDefault, rule: Rule) {
        precondition(bytesMax > 0)
        self.bytesMax = bytesMax
        self.rule = rule
        highMark = Int(Double(bytesMax) * FrameQueue.highMarkShare)
    }

    /// Payload bytes of the frames that wait to be taken.
    public var bytes: Int { state.withLock { $0.bytes } }

    /// The largest `bytes` so far.
    public var bytesPeak: Int { state.withLock { $0.bytesPeak } }

    /// Records of every kind that wait to be taken.
    public var recordCount: Int { state.withLock { $0.records.count - $0.taken } }

    /// Everything shed so far, over all sources.
    public var shedTotal: ShedCounts { state.withLock { $0.shedTotal } }

    /// Adds a record at the end, by the queue's rule when it is full.
    public func offer(_ record: LogRecord) {
        offer(contentsOf: CollectionOfOne(record))
    }

    /// Adds records in order with one wake-up of the consumer; a waiting producer waits once,
    /// before the first.
    public func offer(contentsOf records: some Collection<LogRecord>) {
        if rule == .wait { waitForRoom() }
        let mustWake = state.withLock { content in
            for record in records { append(record, to: &content) }
            content.bytesPeak = max(content.bytesPeak, content.bytes)
            defer { content.consumerWaits = content.consumerWaits && content.isEmpty }
            return content.consumerWaits && !content.isEmpty
        }
        if mustWake { arrived.signal() }
    }

    /// Nothing more will be offered: the consumer gets what is left, then `ended`. Waiting
    /// producers go on.
    public func finish() {
        let (wakesConsumer, producers) = state.withLock { content in
            content.isFinished = true
            defer {
                content.consumerWaits = false
                content.producersWaiting = 0
            }
            return (content.consumerWaits, content.producersWaiting)
        }
        if wakesConsumer { arrived.signal() }
        for _ in 0..<producers { drained.signal() }
    }

    /// Appends at most `recordsMax` records to `taken`; waits up to `wait` for the first.
    ///
    /// What was shed since the last call follows as one record for each source.
    public func take(into taken: inout [LogRecord], recordsMax: Int, wait: Duration) -> State {
        precondition(recordsMax > 0)
        let count = taken.count
        if let state = takeNow(&taken, recordsMax, announcesWait: wait > .zero) { return state }
        if wait > .zero {
            waitForArrival(wait)
            if let state = takeNow(&taken, recordsMax, announcesWait: false) { return state }
        }
        return taken.count > count ? .records : .idle
    }

    /// `nil` when there is nothing yet.
    private func takeNow(_ taken: inout [LogRecord], _ recordsMax: Int, announcesWait: Bool)
        -> State?
    {
        let (found, producers) = state.withLock { content -> (State?, Int) in
            guard !content.isEmpty else {
                content.consumerWaits = announcesWait && !content.isFinished
                return (content.isFinished ? .ended : nil, 0)
            }
            content.move(recordsMax, into: &taken)
            guard content.bytes < bytesMax else { return (.records, 0) }
            defer { content.producersWaiting = 0 }
            return (.records, content.producersWaiting)
        }
        for _ in 0..<producers { drained.signal() }
        return found
    }

    private func waitForArrival(_ wait: Duration) {
        let (seconds, attoseconds) = wait.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        if arrived.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success { return }
        let wasSignalled = state.withLock { content in
            defer { content.consumerWaits = false }
            return !content.consumerWaits
        }
        // A producer saw the flag just before the time was up: its signal is on the way and must
        // not wake the next wait.
        if wasSignalled { arrived.wait() }
    }

    private func waitForRoom() {
        while true {
            let isFull = state.withLock { content in
                guard content.bytes >= bytesMax, !content.isFinished else { return false }
                content.producersWaiting += 1
                return true
            }
            guard isFull else { return }
            drained.wait()
        }
    }

    private func append(_ record: LogRecord, to content: inout Content) {
        guard record.kind == .frame else {
            content.records.append(record)
            return
        }
        var record = record
        if rule == .shed, content.bytes + record.payload.count > highMark {
            let isOverBound = content.bytes + record.payload.count > bytesMax
            let counts =
                isOverBound
                ? FrameShedding.countAll(in: record)
                : FrameShedding.removeQuotes(from: &record)
            content.unreported.add(counts, source: record.source, receivedAt: record.receivedAt)
            content.shedTotal.add(counts, source: record.source, receivedAt: record.receivedAt)
            if isOverBound || record.payload.isEmpty { return }
        }
        content.bytes += record.payload.count
        content.records.append(record)
    }
}

extension FrameQueue.Content {
    /// Moves the oldest records out, and what was shed after the newest of them.
    fileprivate mutating func move(_ recordsMax: Int, into other: inout [LogRecord]) {
        let end = min(records.count, taken + recordsMax)
        for index in taken..<end {
            if records[index].kind == .frame { bytes -= records[index].payload.count }
            other.append(records[index])
            records[index].payload = []  // The bytes belong to the consumer now.
        }
        taken = end
        if taken == records.count {
            records.removeAll(keepingCapacity: records.count < 4096)
            taken = 0
        } else if taken > 4096, taken > records.count / 2 {
            records.removeFirst(taken)
            taken = 0
        }
        other += unreported.takeRecords()
    }
}
