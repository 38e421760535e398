import API
import Engine
import Logging
import MarketModel
import TestSupport

/// A real server on a free port, over a market that stands still at 09:40 in New York.
struct SidePort {
    static let secret = "a-token-for-tests"

    let board = SnapshotBoard()
    let clock = ManualClock(TestMorning.open.advanced(by: .seconds(600)))
    let history: ScriptedHistory
    /// `nil` as in a replay.
    var letters: DeadLetterActions?
    var backfill: Backfill? = Backfill.known()

    init(history: ScriptedHistory = ScriptedHistory(Morning.rows)) {
        self.history = history
        letters = history.letterActions(clock)
        board.publish(Morning.snapshot)
        let now = clock.now
        board.update {
            $0.feed = .live
            $0.feedName = "massive wss://example.test"
            $0.startedAt = TestMorning.open
            $0.lastEventReceivedAt = now
            $0.receivedPerSecond = 812.5
            $0.commitLatency.p99 = .microseconds(12_500)
            $0.commitLatency.count = 100
            $0.receiveToDurable = $0.commitLatency
            $0.commits.record(nanoseconds: 30_000_000)
            $0.findings = Morning.findings
        }
    }

    /// Runs `body` against the server, then stops it.
    func serve<Result>(
        _ settings: APISettings = SidePort.settings(),
        _ body: (HTTPConversation) async throws -> Result
    ) async throws -> Result {
        let server = try server(settings)
        let port = try await server.start()
        do {
            let result = try await body(HTTPConversation(port: port))
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    func server(
        _ settings: APISettings, token: APIToken = APIToken(explicit: SidePort.secret),
        logger: Logger = SidePort.quiet
    ) throws -> APIServer {
        return try APIServer(
            settings: settings, token: token, board: board, history: history, clock: clock,
            sessionIsOpen: { _, _ in true }, calculations: Morning.calculations,
            deadLetters: letters, backfill: backfill, logger: logger)
    }

    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    static func settings() -> APISettings {
        var settings = APISettings()
        settings.port = 0
        settings.requestsPerMinuteMax = 0
        return settings
    }
}
