import GRDB
import MarketModel

extension StoredHistory {
    /// Those that are open.
    public func deadLetters(before: LogPosition?, limit: Int) throws -> [DeadLetter] {
        let edge = before ?? LogPosition(epoch: .max, offset: .max, index: .max)
        return try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM dead_letters WHERE \(DeadLetterRows.isOpen)
                    AND (epoch, byte_offset, event_index) < (?,?,?)
                    ORDER BY epoch DESC, byte_offset DESC, event_index DESC LIMIT ?
                    """, arguments: [edge.epoch, edge.offset, edge.index, limit]
            ).map { try DeadLetterRows.read($0) }
        }
    }

    /// Those that are open, oldest first.
    func openDeadLetters(after: LogPosition, through: LogPosition, limit: Int) throws
        -> [DeadLetter]
    {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM dead_letters WHERE \(DeadLetterRows.isOpen)
                    AND (epoch, byte_offset, event_index) > (?,?,?)
                    AND (epoch, byte_offset, event_index) <= (?,?,?)
                    ORDER BY epoch, byte_offset, event_index LIMIT ?
                    """,
                arguments: [
                    after.epoch, after.offset, after.index, through.epoch, through.offset,
                    through.index, limit,
                ]
            ).map { try DeadLetterRows.read($0) }
        }
    }

    /// Those that are open.
    public func deadLetterCount() throws -> Int { try read(DeadLetterRows.openCount) }

    /// Whatever has become of it; `nil` when there is none at the position.
    public func deadLetter(at position: LogPosition) throws -> DeadLetter? {
        try read { try DeadLetterRows.fetch($0, at: position) }
    }

    /// Open letters whose next retry is due, oldest first.
    public func deadLettersDue(_ schedule: RetrySchedule, now: Timestamp, limit: Int) throws
        -> [DeadLetter]
    {
        try read { try schedule.due($0, now: now, limit: limit) }
    }

    /// Open letters that will not be taken up again by themselves, oldest first.
    public func deadLettersSpent(_ schedule: RetrySchedule, now: Timestamp, limit: Int) throws
        -> [DeadLetter]
    {
        try read { try schedule.spent($0, now: now, limit: limit) }
    }

    /// Those that others are to be told of, oldest first.
    func deadLettersUntold(_ schedule: RetrySchedule, limit: Int) throws -> [DeadLetter] {
        try read { try schedule.untold($0, limit: limit) }
    }

    func noteTold(_ positions: [LogPosition], now: Timestamp) throws {
        try requireWriter().run { connection in
            try connection.run { db in
                try db.inTransaction(.immediate) {
                    for position in positions {
                        try db.cachedStatement(
                            sql: """
                                UPDATE dead_letters SET told_at = ?
                                WHERE epoch = ? AND byte_offset = ? AND event_index = ?
                                """
                        ).execute(arguments: [
                            now.nanoseconds, position.epoch, position.offset, position.index,
                        ])
                    }
                    return .commit
                }
            }
        }
    }

    /// Counts retries of which this store has never heard what became: another engine may own the
    /// partition by now, and its store has the outcome.
    func noteUndecided(_ letters: [(position: LogPosition, retries: Int)], at moment: Timestamp)
        throws
    {
        guard !letters.isEmpty else { return }
        try requireWriter().run { connection in
            try connection.run { db in
                try db.inTransaction(.immediate) {
                    for letter in letters {
                        try DeadLetterRows.countRetry(
                            db, of: letter.position, after: letter.retries, at: moment)
                    }
                    return .commit
                }
            }
        }
    }

    /// Puts dead letters aside: writes them to the day's file, then notes that they are archived.
    ///
    /// Returns how many were open and there. Killed in between, a letter stays open and is written
    /// a second time; its id tells.
    public func archiveDeadLetters(at positions: [LogPosition], now: Timestamp) throws -> Int {
        let archive = DeadLetterArchive(directory: paths.deadLetters)
        return try requireWriter().run { connection in
            try connection.run { db in
                let open = try positions.compactMap { try DeadLetterRows.fetch(db, at: $0) }
                    .filter { $0.fate == .open }
                try archive.append(open, at: now)
                try db.inTransaction(.immediate) {
                    for letter in open { try DeadLetterRows.archive(db, at: letter.position) }
                    return .commit
                }
                return open.count
            }
        }
    }
}
