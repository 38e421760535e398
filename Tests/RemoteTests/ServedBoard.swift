import API
import Dispatch
import Engine
import Logging
import MarketModel
import TestSupport

@testable import Remote

/// A real side port over a board and a history, and what attaches to it.
struct ServedBoard {
    static let secret = "a-token-for-attaching"

    let board = SnapshotBoard()
    let clock = ManualClock(Timestamp(milliseconds: 1_767_382_312_400))
    let history: KeptHistory

    init(seed: UInt64) {
        var maker = RandomBoard(seed: seed, isFull: true, now: clock.now)
        var content = KeptHistory.Content()
        content.bars = RandomBoard.symbols.flatMap { symbol in
            [BarInterval.minute, .second].flatMap { interval in
                (0..<30).map { _ in maker.bar(symbol, interval) }
            }
        }
        content.trades = (0..<60).map { _ in maker.storedTrade() }
        content.episodes = (0..<9).map { _ in maker.episodeReading() }
        content.articles = (0..<9).map { _ in maker.article() }
        content.deadLetters = (0..<9).map { _ in maker.deadLetter() }
        content.features = (0..<9).map { _ in maker.vector("AAPL") }
        content.signals = (0..<9).map { _ in maker.signal("AAPL") }
        content.listings = (0..<9).map { _ in maker.listing() }
        content.earnings = (0..<9).map { _ in maker.report() }
        history = KeptHistory(content)
        board.publish(maker.snapshot())
        let status = maker.status()
        board.update { $0 = status }
    }

    /// Runs `body` while the port is open.
    func serve<Value>(
        port: Int = 0, _ settings: APISettings = APISettings(),
        _ body: (Int) async throws -> Value
    ) async throws -> Value {
        var settings = settings
        settings.port = port
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try APIServer(
            settings: settings, token: APIToken(explicit: ServedBoard.secret), board: board,
            history: history, clock: clock, sessionIsOpen: { _, _ in true },
            calculations: APICalculations(
                indicatorSeries: { _, _ in [] }, forecast: { _ in nil },
                earningsStudy: { _, _, _ in
                    EarningsStudy(paths: [], correlation: nil, pairCount: 0)
                }), logger: logger)
        let bound = try await server.start()
        do {
            let value = try await body(bound)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    func remoteBoard(port: Int, token: String = ServedBoard.secret) throws -> RemoteBoard {
        RemoteBoard(
            try RemoteAddress("http://127.0.0.1:\(port)"), token: token, clock: clock, seed: 1)
    }

    func remoteHistory(port: Int, token: String = ServedBoard.secret) throws -> RemoteHistory {
        RemoteHistory(
            try RemoteAddress("http://127.0.0.1:\(port)"), token: token, isConnected: { true })
    }
}

/// Blocking work on a thread that may block.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
{
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try work() })
        }
    }
}
