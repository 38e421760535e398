import GRDB
import MarketModel

/// When dead letters are taken up again by themselves, and when they are put aside.
///
/// The first `attempts` follow each other closely; after that a letter is taken up every
/// `interval`, `retriesMax` times, and then archived. That is for letters that may fare better
/// another time. What can only be refused again is not put into the log again: it is archived when
/// its retries would have been used up. A person may have any letter taken up at any time.
public struct RetrySchedule: Equatable, Sendable {
    /// The refusal itself is the first.
    public var attempts = 3
    public var attemptPause = Duration.seconds(1)
    /// Zero: nothing happens by itself.
    public var interval = Duration.seconds(15 * 60)
    public var retriesMax = 5

    public init() {}

    public var isOn: Bool { interval > .zero }

    /// Whether a letter refused for this may pass another time though its bytes are the same.
    ///
    /// The time of an event is measured against clocks, and there may be room for a ticker later;
    /// all else is in the bytes alone.
    public static func isWorthRetrying(_ reason: RefusalReason) -> Bool {
        reason == .eventTime || reason == .tooManySymbols
    }

    /// After so many retries a letter is spent.
    var total: Int { attempts - 1 + retriesMax }

    private static let worthRetrying = RefusalReason.allCases.filter(isWorthRetrying)
        .map { "'\($0.rawValue)'" }.joined(separator: ",")
    private static let mayPass =
        "reason IN (\(worthRetrying)) AND length(raw) < \(DeadLetter.rawBytesMax)"

    /// Open letters whose next retry is due, oldest first.
    func due(_ db: Database, now: Timestamp, limit: Int) throws -> [DeadLetter] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM dead_letters WHERE \(DeadLetterRows.isOpen)
                AND \(RetrySchedule.mayPass) AND retries < ?
                AND coalesce(retried_at, received_at) <= iif(retries < ?, ?, ?)
                ORDER BY epoch, byte_offset, event_index LIMIT ?
                """,
            arguments: [
                total, attempts - 1, now.advanced(by: .zero - attemptPause).nanoseconds,
                now.advanced(by: .zero - interval).nanoseconds, limit,
            ]
        ).map { try DeadLetterRows.read($0) }
    }

    /// Letters whose attempts in a row are over and of which nobody else has been told, oldest
    /// first.
    func untold(_ db: Database, limit: Int) throws -> [DeadLetter] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM dead_letters WHERE told_at IS NULL AND is_resolved = 0
                AND (retries >= ? OR NOT (\(RetrySchedule.mayPass)))
                ORDER BY epoch, byte_offset, event_index LIMIT ?
                """, arguments: [isOn ? attempts - 1 : 0, limit]
        ).map { try DeadLetterRows.read($0) }
    }

    /// Open letters that will not be taken up again by themselves, oldest first.
    func spent(_ db: Database, now: Timestamp, limit: Int) throws -> [DeadLetter] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM dead_letters WHERE \(DeadLetterRows.isOpen)
                AND iif(\(RetrySchedule.mayPass), retries >= ?, received_at <= ?)
                ORDER BY epoch, byte_offset, event_index LIMIT ?
                """,
            arguments: [
                total, now.advanced(by: .zero - interval * retriesMax).nanoseconds, limit,
            ]
        ).map { try DeadLetterRows.read($0) }
    }
}
