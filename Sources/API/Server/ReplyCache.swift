import MarketModel
import Synchronization

/// Answers that are given again while they last, by path and query as they were sent.
final class ReplyCache: Sendable {
    /// Paths that clients make up must not fill the memory.
    static let entriesMax = 1024
    static let bytesMax = 32 << 20

    struct Entry: Sendable {
        let route: Route
        let reply: PreparedReply
        let madeAt: Timestamp
        let lasts: Duration
        /// `nil` for what is not of a snapshot alone.
        let snapshotTakenAt: Timestamp?
    }

    private struct Contents {
        var entries: [String: Entry] = [:]
        var bytes = 0
    }

    private let contents = Mutex(Contents())

    /// `nil` when there is none, when its time is over, and when there is a newer snapshot than the
    /// one it was made of.
    func entry(_ path: String, now: Timestamp, snapshotTakenAt: Timestamp) -> Entry? {
        guard let entry = contents.withLock({ $0.entries[path] }) else { return nil }
        let age = now.duration(since: entry.madeAt)
        guard age >= .zero, age < entry.lasts else { return nil }
        if let madeOf = entry.snapshotTakenAt, madeOf != snapshotTakenAt { return nil }
        return entry
    }

    func keep(_ entry: Entry, for path: String) {
        contents.withLock { contents in
            contents.bytes += entry.reply.byteCount
            if let old = contents.entries.updateValue(entry, forKey: path) {
                contents.bytes -= old.reply.byteCount
            }
            let isFull =
                contents.entries.count > ReplyCache.entriesMax
                || contents.bytes > ReplyCache.bytesMax
            // What is asked for often is soon there again.
            if isFull { contents = Contents() }
        }
    }
}
