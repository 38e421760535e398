import MarketModel
import Synchronization

/// Where dead letters are taken up again, because somebody asks or because it is time, and put
/// aside.
///
/// A letter that goes is under way until the store knows what became of it, and is not sent again
/// meanwhile; what has passed is never sent again. `turn` is called once a second by one thread,
/// everything else from any; each call may block on the disk.
public final class LetterDesk: Sendable {
    /// More than these are not under way at once: the rest waits for the next turn.
    public static let underWayMax = 256
    /// One the store has not heard of for so long has been retried in vain, as far as is known
    /// here; it may be sent again when it is due, and the engine takes it once.
    private static let patience = Duration.seconds(60)
    private static let lookEvery = Duration.milliseconds(5)

    private let history: StoredHistory
    private let schedule: RetrySchedule
    private let clock: any MarketClock
    /// Puts retry records of these letters into the log.
    private let send: @Sendable ([DeadLetter]) throws -> Void
    /// Tells others of these letters; returns once they have been told.
    private let tell: (@Sendable ([DeadLetter]) throws -> Void)?
    private let content = Mutex(Content())

    private struct Content {
        /// How often each had been taken up before it went.
        var underWay: [LogPosition: (retries: Int, since: Timestamp)] = [:]
        /// Open letters in between have been asked for all together.
        var wanted: (after: LogPosition, through: LogPosition)?
    }

    public init(
        history: StoredHistory, schedule: RetrySchedule, clock: any MarketClock,
        send: @escaping @Sendable ([DeadLetter]) throws -> Void,
        tell: (@Sendable ([DeadLetter]) throws -> Void)? = nil
    ) {
        self.tell = tell
        self.history = history
        self.schedule = schedule
        self.clock = clock
        self.send = send
    }

    /// Letters that have gone, and of which nothing is known yet.
    public var underWayCount: Int { content.withLock { $0.underWay.count } }

    /// Takes a letter up, open or archived; nothing happens to one that is resolved, under way, or
    /// may be cut. Returns it as it is then: `nil` when there is none.
    public func retry(_ id: LogPosition) throws -> DeadLetter? {
        try content.withLock { content in
            try settle(&content)
            guard let letter = try history.deadLetter(at: id) else { return nil }
            try send([letter].filter { $0.fate != .resolved }, &content)
            return letter
        }
    }

    /// Waits until it is known what became of a letter, at most so long; as it is then.
    public func outcome(of id: LogPosition, within span: Duration) throws -> DeadLetter? {
        let deadline =
            SystemClock.monotonicNanoseconds + Int64(span / .nanoseconds(1))
        while SystemClock.monotonicNanoseconds < deadline {
            let isKnown = try content.withLock { content in
                try settle(&content)
                return content.underWay[id] == nil
            }
            if isKnown { break }
            SystemClock.sleepThread(LetterDesk.lookEvery)
        }
        return try history.deadLetter(at: id)
    }

    /// Takes up every letter that is open now, those of the next turns included. Returns how many
    /// there are.
    public func retryAll() throws -> Int {
        guard let newest = try history.deadLetters(limit: 1).first else { return 0 }
        let count = try history.deadLetterCount()
        let first = LogPosition(epoch: .min, offset: .min, index: .min)
        try content.withLock { content in
            content.wanted = (first, newest.position)
            try settle(&content)
            try sendWanted(&content)
        }
        return count
    }

    /// True while letters that were asked for all together have not all been decided.
    public func isBusy() throws -> Bool {
        try content.withLock { content in
            try settle(&content)
            try sendWanted(&content)
            return content.wanted != nil || !content.underWay.isEmpty
        }
    }

    /// Writes a letter to the archive, if it is open; as it is then. `nil` when there is none.
    public func archive(_ id: LogPosition) throws -> DeadLetter? {
        _ = try history.archiveDeadLetters(at: [id], now: clock.now)
        return try history.deadLetter(at: id)
    }

    /// Does what is due: takes letters up, tells of those whose first attempts are over, and
    /// archives those that are spent.
    public func turn() throws {
        let spent = try content.withLock { content -> [LogPosition] in
            try settle(&content)
            try sendWanted(&content)
            guard schedule.isOn else { return [] }
            let due = try history.deadLettersDue(
                schedule, now: clock.now, limit: LetterDesk.underWayMax)
            try send(due, &content)
            return try history.deadLettersSpent(
                schedule, now: clock.now, limit: LetterDesk.underWayMax
            ).map(\.position).filter { content.underWay[$0] == nil }
        }
        try tellOthers()
        _ = try history.archiveDeadLetters(at: spent, now: clock.now)
    }

    /// Killed in between, a letter is told of a second time; its id tells.
    private func tellOthers() throws {
        guard let tell else { return }
        let untold = try history.deadLettersUntold(schedule, limit: LetterDesk.underWayMax)
        guard !untold.isEmpty else { return }
        try tell(untold)
        try history.noteTold(untold.map(\.position), now: clock.now)
    }

    /// Lets go of letters whose fate the store knows, and of those it has waited for in vain.
    private func settle(_ content: inout Content) throws {
        var lost: [(position: LogPosition, retries: Int)] = []
        for (id, sent) in content.underWay {
            let letter = try history.deadLetter(at: id)
            let isDecided = letter.map { $0.retries > sent.retries } ?? true
            let isLost = clock.now.duration(since: sent.since) > LetterDesk.patience
            if isLost, !isDecided { lost.append((id, sent.retries)) }
            if isDecided || isLost { content.underWay[id] = nil }
        }
        try history.noteUndecided(lost, at: clock.now)
    }

    private func send(_ letters: [DeadLetter], _ content: inout Content) throws {
        let room = LetterDesk.underWayMax - content.underWay.count
        let going = letters.filter { content.underWay[$0.position] == nil && !$0.mayBeCut }
            .prefix(max(0, room))
        guard !going.isEmpty else { return }
        try send(Array(going))
        for letter in going { content.underWay[letter.position] = (letter.retries, clock.now) }
    }

    private func sendWanted(_ content: inout Content) throws {
        guard let wanted = content.wanted, content.underWay.isEmpty else { return }
        let next = try history.openDeadLetters(
            after: wanted.after, through: wanted.through, limit: LetterDesk.underWayMax)
        guard let last = next.last else {
            content.wanted = nil
            return
        }
        try send(next, &content)
        content.wanted = (last.position, wanted.through)
    }
}
