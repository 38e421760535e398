import ArgumentParser
import Dispatch
import Engine
import Feeds
import Foundation
import MarketModel
import Storage

/// `ticktop record`: keep what a feed sent, with its receive times.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Keep what a feed sends, for `ticktop replay`.",
        discussion:
            "Records until Ctrl-C. Nothing is computed; the recording is a directory of its own."
    )

    @Option(help: "The directory to record into; it must not hold a recording yet.")
    var out: String

    @OptionGroup var engine: EngineArguments

    func run() throws {
        let surroundings = try Surroundings(file: engine.config, overrides: engine.overrides)
        let directory = URL(filePath: out)
        let kept = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        guard kept.isEmpty else {
            throw CommandFailure("\(out) is not empty: a recording never overwrites one")
        }
        var settings = JournalSettings()
        settings.isKept = true
        let journal = try Journal(out, settings: settings, verifyFrom: nil)
        let clock = SystemClock()
        let board = SnapshotBoard()
        let feed = try RunningFeed(
            surroundings.settings.feed, secrets: surroundings.secrets, clock: clock
        ) { board.take($0) }
        // A recording remembers nothing of earlier ones: each begins with the day's articles.
        let news = NewsWiring(
            surroundings.settings, secrets: surroundings.secrets, clock: clock,
            stored: { _, _ in [] },
            onStatus: { status in
                guard case .refused(let reason, let remedy) = status.state else { return }
                complain("news: \(reason): \(remedy)")
            })
        let queue = FrameQueue(rule: feed.queueRule)
        let ticker = ClockTicker(clock: clock)
        let signals = Signals { _ in
            news.stop()
            feed.stop()
            ticker.stop()
            queue.finish()
        }
        ticker.start(into: queue)
        feed.start(into: queue)
        news.start(into: queue)
        complain("recording \(feed.name) into \(out); Ctrl-C ends it")
        let teller = StatusTeller(board)
        defer { teller.stop() }
        try withExtendedLifetime(signals) { try copy(queue, into: journal) }
        print(#"{"bytes":\#(journal.byteCount),"path":"\#(out)"}"#)
    }

    /// Until the queue ends; durable once a second.
    private func copy(_ queue: FrameQueue, into journal: Journal) throws {
        var records: [LogRecord] = []
        var syncedAt = SystemClock.monotonicNanoseconds
        while true {
            records.removeAll(keepingCapacity: true)
            let state = queue.take(into: &records, recordsMax: 1024, wait: .milliseconds(200))
            for record in records { try journal.append(record) }
            let now = SystemClock.monotonicNanoseconds
            if now - syncedAt >= 1_000_000_000 || state == .ended {
                try journal.sync()
                syncedAt = now
            }
            if state == .ended { return }
        }
    }
}
