import Dispatch
import Engine
import Feeds
import MarketModel
import Storage
import Synchronization

/// Four times a second: what the queue, the journal and the store have to say of themselves.
final class StatusTicker: @unchecked Sendable {
    // Unchecked: `timer` is used to start and to stop the instance, one after the other.
    private var timer: (any DispatchSourceTimer)?
    private let look: @Sendable () -> Void
    private static let interval = DispatchTimeInterval.milliseconds(250)

    /// A replay has neither queue nor journal.
    init(board: SnapshotBoard, queue: FrameQueue?, journal: Journal?, store: Store) {
        look = {
            let status = store.writer.status
            let journalBytes = journal?.byteCount ?? 0
            let queueBytes = queue?.bytes ?? 0
            board.update { pipeline in
                pipeline.queueBytes = queueBytes
                pipeline.queueBytesMax = queue?.bytesMax ?? 0
                pipeline.journalBytes = journalBytes
                pipeline.take(status)
            }
        }
    }

    func start() {
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "ticktop.status"))
        timer.schedule(deadline: .now(), repeating: StatusTicker.interval)
        timer.setEventHandler(handler: look)
        timer.activate()
        self.timer = timer
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }
}

extension PipelineStatus {
    mutating func take(_ status: StoreStatus) {
        store = StoreState(status.state)
        storeBytes = status.storeBytes
        walBytes = status.walBytes
        committedPosition = status.mark.position
        deadLetterDepth = status.deadLetterDepth
        backpressureCount = status.backpressureCount
        storeCapReached = status.capReached
    }
}

extension StoreState {
    init(_ state: StoreStatus.State) {
        switch state {
        case .ok: self = .ok
        case .failing(let reason): self = .failing(reason: reason)
        case .stopped(let reason): self = .failing(reason: reason)
        }
    }
}

/// Receive-to-durable and commit latency over the last ten seconds, from the writer's reports.
final class DurableLatency: Sendable {
    private struct Meters {
        var durable = ArrivalMeter()
        var commit = LatencyMeter()
        var commits = SpanCounts()
        var turnedAt: Int64 = 0
    }

    private let meters = Mutex(Meters())
    private let board: SnapshotBoard

    init(board: SnapshotBoard) { self.board = board }

    /// Called on the writer's thread after each commit.
    func note(_ report: CommitReport) {
        let summaries = meters.withLock {
            meters -> (ArrivalSummary, LatencySummary, SpanCounts)? in
            for arrival in report.arrivals {
                meters.durable.record(arrival, doneAt: report.durableAt)
            }
            let (seconds, attoseconds) = report.duration.components
            let span = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
            meters.commit.record(nanoseconds: span, count: 1)
            meters.commits.record(nanoseconds: span)
            guard report.durableAt.secondsFloor > meters.turnedAt else { return nil }
            meters.turnedAt = report.durableAt.secondsFloor
            defer {
                meters.durable.turnSecond()
                meters.commit.turnSecond()
            }
            return (meters.durable.summary, meters.commit.summary, meters.commits)
        }
        guard let (durable, commit, commits) = summaries else { return }
        board.update {
            $0.durable = durable
            $0.commitLatency = commit
            $0.commits = commits
        }
    }
}
