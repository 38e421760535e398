import Foundation
import MarketModel
import Synchronization
import Testing

@testable import Feeds

/// What a feed said of itself, in order.
final class StatusLog: Sendable {
    private let statuses = Mutex<[FeedStatus]>([])

    func note(_ status: FeedStatus) { statuses.withLock { $0.append(status) } }

    var all: [FeedStatus] { statuses.withLock { $0 } }
    var liveCount: Int { all.count { $0 == .live } }

    var refusals: [String] {
        all.compactMap { if case .refused(let reason, _) = $0 { reason } else { nil } }
    }

    var disconnections: [String] {
        all.compactMap { if case .disconnected(let reason, _) = $0 { reason } else { nil } }
    }
}

/// Waits until something has become true, looking every few milliseconds; false after `limit`.
func eventually(within limit: Duration = .seconds(60), _ condition: () throws -> Bool) rethrows
    -> Bool
{
    let end = SystemClock.monotonicNanoseconds + Int64(limit.components.seconds) * 1_000_000_000
    while try !condition() {
        guard SystemClock.monotonicNanoseconds < end else { return false }
        SystemClock.sleepThread(.milliseconds(3))
    }
    return true
}

/// A simulator and a live feed that listens to it over a real socket.
final class FeedRig {
    let simulator: ProviderSimulator
    let port: Int
    let queue = FrameQueue(rule: .shed)
    let log = StatusLog()
    private(set) var feed: WebSocketFeed?
    private(set) var records: [LogRecord] = []

    init(_ options: ProviderSimulatorOptions = ProviderSimulatorOptions()) throws {
        simulator = try ProviderSimulator(options, clock: SystemClock())
        port = try simulator.start()
    }

    /// Delays short enough for a test.
    func options() -> WebSocketFeedOptions {
        var options = WebSocketFeedOptions(.massive, symbols: DemoMarketOptions.symbolsDefault)
        options.url = "ws://127.0.0.1:\(port)/stocks"
        options.key = ProviderKey("good")
        options.topics = ["T", "Q"]
        options.retryFirst = .milliseconds(10)
        options.retryLongest = .milliseconds(40)
        return options
    }

    func connect(_ options: WebSocketFeedOptions? = nil) {
        let log = log
        let feed = WebSocketFeed(options ?? self.options(), clock: SystemClock()) { log.note($0) }
        feed.start(into: queue)
        self.feed = feed
    }

    var frames: [LogRecord] { records.filter { $0.kind == .frame } }

    var connectionTexts: [String] {
        records.filter { $0.kind == .connection }.map {
            String(decoding: $0.payload, as: UTF8.self)
        }
    }

    func drain() {
        while queue.take(into: &records, recordsMax: 1000, wait: .zero) == .records {}
    }

    /// Trades and quotes received so far, as (symbol, sequence), in order of arrival.
    func marketEvents() -> [WireEvent] {
        drain()
        return frames.flatMap { record -> [WireEvent] in
            (try? WireEvent.read(record.payload)) ?? []
        }.filter { $0.ev == "T" || $0.ev == "Q" }
    }

    func stopFeed() {
        feed?.stop()
        feed = nil
        drain()
    }

    func end() throws -> SimulatorCounts {
        stopFeed()
        return try endSimulator()
    }

    func endSimulator() throws -> SimulatorCounts {
        let counts = try simulator.finish()
        try simulator.shutDown()
        return counts
    }
}

/// A folder that is gone when the test is over.
struct Scratch: ~Copyable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "ticktop-feeds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func lines(_ name: String) throws -> [String] {
        try String(contentsOfFile: path(name), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }
}
