import Analytics
import Engine
import Feeds
import MarketModel
import Storage
import TicktopConfiguration

/// What a start finds, and makes of it: the state to begin with and the part of the journal to read
/// again.
struct Recovery {
    let files: StateFiles
    let kept: RecordingReader?
    /// One line for the screen; empty for a new store.
    let note: String
    private let plan: RecoveryPlan
    private let copy: StateCopy?
    private let committed: LogPosition?
    private let settings: Settings

    init(
        paths: StorePaths, journal: Journal, committed: CommitMark, settings: Settings,
        now: Timestamp
    ) throws {
        self.settings = settings
        files = try StateFiles(paths.states)
        let copies = try files.valid().filter { $0.buildVersion == Version.state }
        (plan, copy) = Recovery.choose(
            among: copies, committed: committed, journal: journal.extent, now: now)
        self.committed = committed.position == .start ? nil : committed.position
        if let epoch = plan.newEpoch { journal.beginEpoch(epoch) }
        let hadLife = journal.extent.end != nil || self.committed != nil
        if let outage = plan.outage {
            try journal.append(
                LogRecord(
                    notice: .outage(settings.feed.source, from: outage.from, to: outage.to),
                    source: .ticktop, receivedAt: outage.to))
            try journal.sync()
        }
        kept = hadLife ? try journal.records(from: plan.readFrom) : nil
        note = hadLife ? Recovery.words(for: plan, journal: journal) : ""
    }

    /// The plan, with the newest copy that it can use and that can really be read.
    private static func choose(
        among copies: [StateCopy], committed: CommitMark, journal: JournalExtent, now: Timestamp
    ) -> (RecoveryPlan, StateCopy?) {
        var readable = copies
        while true {
            let plan = RecoveryPlan(
                committed: committed, journal: journal, copies: readable.map(\.position), now: now)
            guard case .copy(let position) = plan.state,
                let index = readable.firstIndex(where: { $0.position == position })
            else { return (plan, nil) }
            if canRead(readable[index]) { return (plan, readable[index]) }
            readable.remove(at: index)
        }
    }

    private static func canRead(_ copy: StateCopy) -> Bool {
        guard Array(EngineState.hash(of: copy.bytes).utf8) == copy.hash else { return false }
        do {
            _ = try EngineState.decoded(copy.bytes)
            return true
        } catch {
            return false  // Written by a build of another layout: the log is replayed instead.
        }
    }

    /// The state that the plan names.
    func state() throws -> EngineState {
        guard let copy else {
            return EngineState(
                settings: settings.analyticsSettings, committed: committed,
                scoreText: Sentiments.score)
        }
        return try EngineState.decoded(
            copy.bytes, committed: committed, scoreText: Sentiments.score)
    }

    /// A record that puts the configured settings in force, for a log that goes on with others;
    /// `nil` when it does not.
    func settingsRecord(after state: borrowing EngineState, now: Timestamp) throws -> LogRecord? {
        let wanted = settings.analyticsSettings
        guard state.settings != wanted else { return nil }
        return LogRecord(
            notice: .settings(json: try wanted.json), source: .ticktop, receivedAt: now)
    }

    private static func words(for plan: RecoveryPlan, journal: Journal) -> String {
        var parts: [String] = []
        switch plan.state {
        case .copy: parts.append("state loaded")
        case .empty: parts.append(plan.isWarmingUp ? "windows warm up again" : "log replayed")
        }
        if journal.extent.bytesCutOff > 0 {
            parts.append("\(journal.extent.bytesCutOff) unfinished bytes cut off the journal")
        }
        if plan.newEpoch != nil { parts.append("journal ended early: gap recorded") }
        if let outage = plan.outage {
            let seconds = outage.to.nanosecondsSince(outage.from) / 1_000_000_000
            parts.append("away for \(seconds) s")
        }
        return "recovered: " + parts.joined(separator: ", ")
    }
}
