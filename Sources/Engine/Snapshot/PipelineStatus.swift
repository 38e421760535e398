import MarketModel

/// Where the store stands.
public enum StoreState: Equatable, Sendable {
    case ok
    /// Writing fails (disk full, I/O error); the engine waits and tries again.
    case failing(reason: String)
}

/// What a feed is called on the screen.
public enum FeedLabel: String, Sendable {
    case live = "LIVE"
    case demo = "DEMO"
    case replay = "REPLAY"
}

/// How a screen stands with the engine elsewhere that it shows.
public struct Attachment: Equatable, Sendable {
    /// `host:port`
    public var server: String
    public var state = FeedState.starting

    public init(server: String) { self.server = server }
}

/// The health of the pipeline: operational, no part of the engine's state.
public struct PipelineStatus: Sendable {
    public var label = FeedLabel.live
    /// `demo`, `massive wss://...`, a file's name: never with a key in it.
    public var feedName = ""
    public var feed = FeedState.starting
    public var startedAt: Timestamp?
    public var reconnects = 0
    /// `nil` when nobody is asked for news.
    public var news: NewsStatus?
    /// `nil` for what is not a replay.
    public var replay: ReplayStatus?
    /// `nil` while nothing is recorded.
    public var recording: RecordingStatus?
    /// `nil` when the log is not in Kafka.
    public var kafka: KafkaStatus?
    public var lastEventReceivedAt: Timestamp?
    public var receivedPerSecond = 0.0
    public var queueBytes = 0
    public var queueBytesMax = 0
    public var journalBytes: Int64 = 0
    public var applied = ArrivalSummary()
    public var durable = ArrivalSummary()
    public var receiveToApplied: LatencySummary {
        get { applied.received }
        set { applied.received = newValue }
    }
    public var receiveToDurable: LatencySummary {
        get { durable.received }
        set { durable.received = newValue }
    }
    public var findings = PipelineFindings()
    public var store = StoreState.ok
    public var storePath = ""
    public var storeBytes: Int64 = 0
    public var walBytes: Int64 = 0
    public var commitLatency = LatencySummary()
    /// Of every commit since the program started.
    public var commits = SpanCounts()
    public var committedPosition = LogPosition.start
    public var deadLetterDepth = 0
    public var backpressureCount = 0
    /// The size cap has taken trades earlier than their time to live.
    public var storeCapReached = false
    /// `http://127.0.0.1:8000`, or why there is none.
    public var apiAddress = ""
    public var apiError: String?
    /// What recovery did at start, in one line; empty when there was nothing to recover.
    public var recoveryNote = ""
    /// Configuration or news trouble worth a banner.
    public var warnings: [String] = []
    /// Shows what engines elsewhere tell on the derived topics, and computes nothing.
    public var isViewer = false
    /// Set on a screen whose engine runs elsewhere; `nil` where the engine is inside.
    public var attachment: Attachment?

    public init() {}
}

/// How long events took, over the last ten seconds and since the start.
public struct ArrivalSummary: Equatable, Sendable {
    /// From being received.
    public var received = LatencySummary()
    /// From the time that the event bears.
    public var happened = LatencySummary()
    public var receivedInAll = LatencySummary()
    public var happenedInAll = LatencySummary()

    public init() {}

    init(
        received: LatencySummary, happened: LatencySummary, receivedInAll: LatencySummary,
        happenedInAll: LatencySummary
    ) {
        self.received = received
        self.happened = happened
        self.receivedInAll = receivedInAll
        self.happenedInAll = happenedInAll
    }
}

/// Percentiles of a span.
public struct LatencySummary: Equatable, Sendable {
    public var p50: Duration = .zero
    public var p99: Duration = .zero
    public var p999: Duration = .zero
    public var max: Duration = .zero
    public var count: Int64 = 0

    public init() {}
}
