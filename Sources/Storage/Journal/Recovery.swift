import MarketModel

/// What to do at start so that no row is lost and none is written twice.
///
/// Pure: decided from what was found on the disk.
public struct RecoveryPlan: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        /// Load the copy at this position and go on from there.
        case copy(LogPosition)
        /// Begin empty and read the kept log from its first record: the whole log, when it reaches
        /// back to its beginning, else windows warm up again.
        case empty
    }

    public var state: State
    /// Read the log from this record edge on. What lies before the committed position moves the
    /// state but is not stored again.
    public var readFrom: LogPosition
    /// Go on in this epoch: the journal ends before what is committed. `nil`: go on where it ends.
    public var newEpoch: Int32?
    /// The stretch in which nothing was received, to be appended to the log as a record.
    /// `nil` when there was no life before.
    public var outage: Outage?
    /// The kept log does not reach back to where the state begins: windows warm up again.
    public var isWarmingUp: Bool

    public struct Outage: Equatable, Sendable {
        /// Receive time of the last record that was kept.
        public var from: Timestamp
        public var to: Timestamp

        public init(from: Timestamp, to: Timestamp) {
            self.from = from
            self.to = to
        }
    }

    /// - Parameters:
    ///   - copies: positions of the state copies this build can read, in any order.
    ///   - journal: what the journal holds after its broken tail was cut off.
    public init(
        committed: CommitMark, journal: JournalExtent, copies: [LogPosition], now: Timestamp
    ) {
        let journalEnd = journal.end ?? .start
        let losesCommitted = journalEnd < committed.position
        newEpoch = losesCommitted ? max(journalEnd.epoch, committed.position.epoch) + 1 : nil

        let journalStart = journal.start
        let usable = copies.filter { copy in
            // A copy ahead of the store would leave out rows; one whose log is no longer there,
            // too.
            copy <= committed.position && RecoveryPlan.reaches(journal, from: copy)
        }
        if let newest = usable.max() {
            state = .copy(newest)
            readFrom = newest
            isWarmingUp = false
        } else {
            state = .empty
            readFrom = journalStart ?? journalEnd
            isWarmingUp = !RecoveryPlan.isBeginning(journalStart) || losesCommitted
        }
        let lastReceived = journal.lastReceivedAt ?? committed.receivedAtLast
        outage = lastReceived.map { Outage(from: $0, to: max($0, now)) }
    }

    /// Whether everything the journal ever held behind `copy` is still there, or was lost with its
    /// tail.
    private static func reaches(_ journal: JournalExtent, from copy: LogPosition) -> Bool {
        guard let start = journal.start, let end = journal.end else { return true }
        return start <= copy || end <= copy
    }

    /// Nothing of the log was ever pruned.
    private static func isBeginning(_ start: LogPosition?) -> Bool {
        start.map { $0.epoch <= 1 && $0.offset == 0 } ?? true
    }

    /// Segments that end before this are not needed for any recovery: behind the older of the kept
    /// state copies and behind what is committed. `nil` while there are not two copies: keep
    /// everything.
    public static func prunableBefore(
        committed: LogPosition, copies: [LogPosition]
    ) -> LogPosition? {
        guard copies.count >= 2 else { return nil }
        return min(copies.sorted()[copies.count - 2], committed)
    }
}
