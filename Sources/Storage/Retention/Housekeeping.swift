import GRDB
import MarketModel

/// What the writer does between commits: checkpoints, pruning, giving space back, measuring.
///
/// Each step is small. It happens on the connection that commits, so that no two connections ever
/// checkpoint or write.
struct Housekeeping {
    static let intervalNanoseconds: Int64 = 1_000_000_000
    /// A step deletes at least this many rows, a few milliseconds' worth.
    private static let rowsPerStep = 2048
    /// While the writer is behind, pruning within the cap is put off by this.
    private static let patienceNanoseconds: Int64 = 100_000_000
    private static let vacuumPagesPerStep = 256
    /// Free pages are given back above this many, and above an eighth of the file: fewer are soon
    /// used again.
    private static let freePagesKept: Int64 = 1024
    /// For so long a checkpoint is put off so that readers leave. A page of an export takes less.
    private static let readersPatienceNanoseconds: Int64 = 250_000_000

    /// A small store is far below its cap right after each step that the cap asked for: the sign
    /// stays for so long after the last one.
    private static let capShownNanoseconds: Int64 = 60_000_000_000

    /// What was measured last.
    struct Findings: Equatable {
        var storeBytes: Int64 = 0
        var walBytes: Int64 = 0
        var deadLetterDepth = 0
        var capReached = false
    }

    private let settings: WriterSettings
    private let retention: RetentionSettings
    private let gate: ReadGate
    private var pruning: Pruning
    /// Pages in the WAL when it was last moved into the database.
    private var framesMoved: Int32 = 0
    private var findings = Findings()
    private var hasNews = false
    private var measuredAt: Int64 = .min
    private var roundEndedAt: Int64 = .min
    private var prunedAt: Int64 = 0
    private var cappedAt: Int64 = 0

    init(settings: WriterSettings, retention: RetentionSettings, gate: ReadGate) {
        self.settings = settings
        self.gate = gate
        self.retention = retention
        pruning = Pruning(retention)
    }

    /// Does the most pressing small thing; true when more may be waiting. `now` is monotonic.
    ///
    /// `rowsStored` is what the last commit added: over the cap at least as much goes again.
    mutating func step(
        _ connection: StoreConnection, now: Int64, isBehind: Bool, rowsStored: Int = 0
    ) throws -> Bool {
        try moveWriteAheadLog(connection, now: now)
        if now - Housekeeping.intervalNanoseconds >= measuredAt {
            try measure(connection, now: now)
        }
        let pages = try connection.run(StorePages.read)
        if pages.usedBytes > retention.storeBytesMax {
            let rows = max(Housekeeping.rowsPerStep, rowsStored * 5 / 4)
            return try pruneOverCap(connection, rowsMax: rows, now: now)
        }
        if findings.capReached, pages.usedBytes < retention.storeBytesMax / 20 * 19,
            now - cappedAt >= Housekeeping.capShownNanoseconds
        {
            setCapReached(false)
        }
        if isBehind, now - prunedAt < Housekeeping.patienceNanoseconds { return false }
        if try prune(connection, now: now) { return true }
        return try isBehind ? false : vacuum(connection, pages)
    }

    /// Moves the WAL into the database when it has grown, in a moment without readers, so that it
    /// begins anew. Until there is one, commits go on and this is asked again after each.
    private mutating func moveWriteAheadLog(_ connection: StoreConnection, now: Int64) throws {
        let frames = connection.walFrameCount
        if frames < framesMoved { framesMoved = 0 }
        let isTooLarge = findings.walBytes > settings.walBytesMax
        guard isTooLarge || frames - framesMoved >= settings.checkpointFrames else { return }
        guard gate.hold(atMostUntil: now + Housekeeping.readersPatienceNanoseconds) else { return }
        defer { gate.open() }
        try connection.checkpoint()
        if isTooLarge {
            try connection.truncateWriteAheadLog()
            findings.walBytes = 0
        }
        framesMoved = connection.walFrameCount
    }

    /// Nothing but checkpoints until the next round.
    mutating func rest(now: Int64) { roundEndedAt = now }

    /// What changed since it was last asked for.
    mutating func takeFindings() -> Findings? {
        guard hasNews else { return nil }
        hasNews = false
        return findings
    }

    private mutating func measure(_ connection: StoreConnection, now: Int64) throws {
        measuredAt = now
        findings.storeBytes = try connection.run(StorePages.read).fileBytes
        findings.walBytes = connection.walBytes
        findings.deadLetterDepth = try connection.run { db in
            try DeadLetterRows.openCount(db)
        }
        hasNews = true
    }

    private mutating func pruneOverCap(
        _ connection: StoreConnection, rowsMax: Int, now: Int64
    ) throws -> Bool {
        let deleted = try connection.run { db in
            var deleted = 0
            try db.inTransaction(.immediate) {
                deleted = try pruning.stepOverCap(db, rowsMax: rowsMax)
                return .commit
            }
            return deleted
        }
        if deleted > 0 {
            cappedAt = now
            setCapReached(true)
        }
        return deleted > 0
    }

    private mutating func setCapReached(_ reached: Bool) {
        guard findings.capReached != reached else { return }
        findings.capReached = reached
        hasNews = true
    }

    private mutating func prune(_ connection: StoreConnection, now: Int64) throws -> Bool {
        guard let engineTime = connection.mark.engineTime else { return false }
        if pruning.isBetweenRounds {
            guard now - Housekeeping.intervalNanoseconds >= roundEndedAt else { return false }
            pruning.beginRound()
        }
        var trial = pruning
        try connection.run { db in
            try db.inTransaction(.immediate) {
                try trial.step(db, engineTime: engineTime, rowsMax: Housekeeping.rowsPerStep)
                return .commit
            }
        }
        pruning = trial
        prunedAt = now
        if pruning.isBetweenRounds { roundEndedAt = now }
        return !pruning.isBetweenRounds
    }

    private func vacuum(_ connection: StoreConnection, _ pages: StorePages) throws -> Bool {
        guard pages.free > max(Housekeeping.freePagesKept, pages.count / 8) else { return false }
        try connection.run { db in
            _ = try Row.fetchAll(
                db, sql: "PRAGMA incremental_vacuum(\(Housekeeping.vacuumPagesPerStep))")
        }
        return true
    }
}

/// How large the database file is, and how much of it is in use.
struct StorePages: Equatable {
    var count: Int64
    var free: Int64
    var bytesPerPage: Int64

    var fileBytes: Int64 { count * bytesPerPage }
    var usedBytes: Int64 { (count - free) * bytesPerPage }

    static func read(_ db: Database) throws -> StorePages {
        StorePages(
            count: try value("page_count", db), free: try value("freelist_count", db),
            bytesPerPage: try value("page_size", db))
    }

    private static func value(_ pragma: String, _ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA \(pragma)")) ?? 0
    }
}
