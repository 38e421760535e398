import Engine
import MarketModel
import Storage
import TUI
import TicktopConfiguration

/// An engine with its store, whether its log is a journal of its own or in Kafka.
struct RunningEngine: Sendable {
    let board: SnapshotBoard
    let store: Store
    /// Throws `portBusy` only when the side port is what the program is for.
    let start: @Sendable (_ portIsNeeded: Bool) throws -> Void
    let stop: @Sendable () throws -> Void
    let closingLine: @Sendable () -> String
    /// What the screen can ask of the feed.
    var controls = FeedControls()
    /// Puts settings in force that may change while it runs: a record of its log. `nil` on a log
    /// in Kafka, where every engine of a group goes by the settings of its start.
    var reconfigure: ConfigurationWatch.TakesSettings?

    /// Opens the store and recovers what is in it. `onFatal` is called, once, when going on would
    /// lose something.
    init(
        _ surroundings: Surroundings, board: SnapshotBoard = SnapshotBoard(),
        onFatal: @escaping @Sendable (String) -> Void
    ) throws {
        let settings = surroundings.settings
        let instance: any EngineInstance
        if settings.feed.provider == .kafka, settings.kafka.role == .viewer {
            instance = try ViewerInstance(
                settings, secrets: surroundings.secrets,
                directories: surroundings.sources.directories, board: board,
                environment: surroundings.sources.environment, onFatal: onFatal)
        } else if settings.feed.provider == .kafka {
            instance = try KafkaInstance(
                settings, secrets: surroundings.secrets,
                directories: surroundings.sources.directories, board: board,
                environment: surroundings.sources.environment, onFatal: onFatal)
        } else {
            let own = try Instance(
                settings, secrets: surroundings.secrets,
                directories: surroundings.sources.directories, board: board,
                onFatal: onFatal)
            controls.record = { try own.recorder.turn(on: $0) }
            controls.reconnect = own.reconnect
            reconfigure = { try own.use($0) }
            instance = own
        }
        self.board = board
        store = instance.store
        start = { try instance.start(portIsNeeded: $0) }
        stop = { try instance.stop() }
        closingLine = { instance.closingLine }
    }
}

/// What each of the three kinds of engine can do: on a journal of its own, on a log in Kafka, on
/// what other engines tell.
protocol EngineInstance: Sendable {
    var store: Store { get }
    var closingLine: String { get }
    func start(portIsNeeded: Bool) throws
    func stop() throws
}

extension Instance: EngineInstance {}
extension KafkaInstance: EngineInstance {}
extension ViewerInstance: EngineInstance {}

extension SnapshotBoard {
    /// What was received in a store's life, as one JSON line, and how long it took over the whole
    /// run, in milliseconds.
    func closingLine(now: Timestamp) -> String {
        let status = self.status
        let seconds = status.startedAt.map { Double(now.nanosecondsSince($0)) / 1e9 } ?? 0
        let counts = snapshot.countsTotal
        return counts.closingLine(
            seconds: seconds, eventsPerSecond: seconds > 0 ? Double(counts.received) / seconds : 0,
            extra: SnapshotBoard.latencies(status))
    }

    private static func latencies(_ status: PipelineStatus) -> String {
        let spans = [
            ("receive_to_applied", status.applied.receivedInAll),
            ("receive_to_durable", status.durable.receivedInAll),
            ("event_to_applied", status.applied.happenedInAll),
            ("event_to_durable", status.durable.happenedInAll),
        ]
        let parts = spans.map { name, span in
            let quantiles = [
                ("p50", span.p50), ("p99", span.p99), ("p999", span.p999), ("max", span.max),
            ].map { #""\#($0)":\#(($1 / .microseconds(10)).rounded() / 100)"# }
            return #""\#(name)":{\#(quantiles.joined(separator: ","))}"#
        }
        return #","latency_ms":{\#(parts.joined(separator: ","))}"#
    }
}
