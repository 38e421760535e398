import GRDB
import MarketModel
import TestSupport
import Testing

@testable import Storage

@Suite struct EpisodeStoreTests {
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try Store.open(directory)
    }

    private static func episode(
        _ number: Int64, _ symbol: Symbol? = "AAPL", kind: AnomalyKind = .priceSpike,
        severity: Severity = .high, isOpen: Bool = true
    ) -> Episode {
        var figures = RollingFigures()
        figures.price = "231.440000001"
        figures.volumeZScore = 0.1 + 0.2
        let at = TestMorning.open.advanced(by: .seconds(number))
        return Episode(
            id: "\(kind.rawValue)-\(symbol?.description ?? "feed")-1.\(number).0", kind: kind,
            symbol: symbol, severity: severity, firstAt: at, lastAt: at, hits: 3,
            worstScore: -1 / 3,
            features: symbol.map {
                FeatureVector(
                    symbol: $0, updatedAt: at, position: .at(number), size: 5, figures: figures)
            }, explanation: "price 5.2 % above", isOpen: isOpen, position: .at(number))
    }

    private func perform(_ episodes: [Episode], through: Int64) throws {
        var batch = EffectBatch()
        batch.episodes = episodes
        batch.through = .at(through)
        try store.writer.perform(batch)
        try store.writer.flush()
    }

    private func ids(_ change: (inout EpisodeQuery) -> Void) throws -> [Int64] {
        var query = EpisodeQuery()
        change(&query)
        return try store.history.episodes(query).map(\.episode.position.offset)
    }

    @Test func `an episode is read back exactly, and replaced by its later version`() throws {
        var episode = Self.episode(1)
        try perform([episode], through: 10)
        #expect(
            try store.history.episodes(EpisodeQuery())
                == [EpisodeReading(episode: episode, acknowledgement: nil)])
        episode.isOpen = false
        episode.hits = 9
        try perform([episode], through: 20)
        #expect(try store.history.episodes(EpisodeQuery()).map(\.episode) == [episode])
    }

    @Test func `episodes are found by ticker, time, kind, severity and state, newest first`() throws
    {
        try perform(
            [
                Self.episode(1), Self.episode(2, "NVDA", kind: .velocity),
                Self.episode(3, nil, kind: .staleFeed, severity: .medium),
                Self.episode(4, severity: .critical, isOpen: false),
            ], through: 10)
        _ = try store.history.acknowledge(
            "velocity-NVDA-1.2.0", by: "ann", at: TestMorning.open, note: "")
        #expect(try ids { _ in } == [4, 3, 2, 1])
        #expect(try ids { $0.symbol = "AAPL" } == [4, 1])
        #expect(try ids { $0.since = TestMorning.open.advanced(by: .seconds(3)) } == [4, 3])
        #expect(try ids { $0.isOpen = false } == [4])
        #expect(try ids { $0.kind = .staleFeed } == [3])
        #expect(try ids { $0.severity = .high } == [2, 1])
        #expect(try ids { $0.isAcknowledged = true } == [2])
        #expect(try ids { $0.isAcknowledged = false } == [4, 3, 1])
        #expect(try ids { $0.limit = 1 } == [4])
        let all = try ids {
            $0.symbol = "AAPL"
            $0.isOpen = true
            $0.isAcknowledged = false
            $0.severity = .high
        }
        #expect(all == [1])
    }

    @Test func `an acknowledgement holds until the episode becomes worse`() throws {
        var episode = Self.episode(1)
        try perform([episode], through: 10)
        let history = store.history
        func acknowledge(_ note: String) throws -> EpisodeReading? {
            try history.acknowledge(episode.id, by: "ann", at: TestMorning.open, note: note)
        }
        let first = try acknowledge("seen")
        #expect(first?.isAcknowledged == true)
        #expect(first?.acknowledgement?.note == "seen")
        #expect(try acknowledge("again") == first)
        episode.hits = 4
        try perform([episode], through: 20)
        #expect(try ids { $0.isAcknowledged = true } == [1])
        episode.severity = .critical
        try perform([episode], through: 30)
        #expect(try ids { $0.isAcknowledged = true } == [])
        #expect(try acknowledge("worse")?.acknowledgement?.severity == .critical)
        #expect(try ids { $0.isAcknowledged = true } == [1])
    }

    @Test func `each acknowledgement of a worsening episode stays in its history`() throws {
        var episode = Self.episode(1, severity: .medium)
        for (step, severity) in [Severity.medium, .high, .critical].enumerated() {
            episode.severity = severity
            try perform([episode], through: Int64(10 * (step + 1)))
            let before = try store.history.episodes(EpisodeQuery()).first
            #expect(before?.isAcknowledged == false)
            _ = try store.history.acknowledge(
                episode.id, by: "ann", at: TestMorning.open, note: severity.name)
        }
        let history = try store.history.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT action || ' ' || note || ' ' || severity
                    FROM acknowledgement_history ORDER BY id
                    """)
        }
        #expect(
            history == [
                "acknowledged medium 2", "acknowledged high 3", "acknowledged critical 4",
            ])
    }

    @Test func `an undone acknowledgement is gone, and its history is kept`() throws {
        try perform([Self.episode(1)], through: 10)
        let id = Self.episode(1).id
        let history = store.history
        #expect(try history.unacknowledge(id, by: "bob", at: TestMorning.open) != nil)
        _ = try history.acknowledge(id, by: "ann", at: TestMorning.open, note: "x")
        let undone = try history.unacknowledge(id, by: "bob", at: TestMorning.open)
        #expect(undone?.acknowledgement == nil)
        #expect(try history.unacknowledge(id, by: "bob", at: TestMorning.open) == undone)
        let changes = try history.read { db in
            try String.fetchAll(
                db, sql: "SELECT by || ' ' || action FROM acknowledgement_history ORDER BY id")
        }
        #expect(changes == ["ann acknowledged", "bob undone"])
        #expect(try history.unacknowledge("none", by: "b", at: TestMorning.open) == nil)
        #expect(try history.acknowledge("none", by: "b", at: TestMorning.open, note: "") == nil)
    }

    @Test func `acknowledgements survive a restart`() throws {
        try perform([Self.episode(1)], through: 10)
        let given = try store.history.acknowledge(
            Self.episode(1).id, by: "ann", at: TestMorning.open, note: "x")
        let copy = try TemporaryDirectory()
        try TemporaryDirectory.copy(directory.path, to: copy.path)
        let reopened = try Store.open(copy)
        #expect(try reopened.history.episodes(EpisodeQuery()) == [given!])
    }

    @Test func `an operational episode is stored also while the log stands still, others are not`()
        throws
    {
        try perform([], through: 10)
        try perform([Self.episode(5, nil, kind: .staleFeed), Self.episode(6)], through: 10)
        #expect(try ids { _ in } == [5])
    }

    @Test func `an operational episode is stored beside the log, whose position stays`() throws {
        try perform([], through: 10)
        try store.writer.record(Self.episode(5, nil, kind: .latency))
        #expect(try ids { $0.kind = .latency } == [5])
        #expect(try store.history.committed().position == .at(10))
    }
}
