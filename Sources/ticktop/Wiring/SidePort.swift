import API
import Analytics
import Dispatch
import Engine
import Foundation
import Logging
import MarketModel
import Storage
import Synchronization
import TicktopConfiguration

/// The API as a part of an instance: started and stopped from ordinary threads.
final class SidePort: @unchecked Sendable {
    // Unchecked: `isRunning` is used to start and to stop the instance, one after the other.
    private let server: APIServer?
    private let settings: PortSettings
    private let tokenPath: String
    private let board: SnapshotBoard
    private let indicators: IndicatorsInForce
    private var isRunning = false

    init(
        _ settings: Settings, secrets: Secrets, directories: Directories, board: SnapshotBoard,
        history: any MarketHistory, clock: any MarketClock, letters: DeadLetterActions? = nil,
        backfill: Backfill? = nil,
        elsewhere: @escaping @Sendable (Symbol) -> TickerSnapshot? = { _ in nil }
    ) throws {
        self.settings = settings.api
        self.board = board
        tokenPath = SidePort.tokenPath(directories)
        let indicators = IndicatorsInForce(settings.analyticsSettings.indicators)
        self.indicators = indicators
        guard settings.api.isEnabled else {
            server = nil
            return
        }
        var logger = Logger(label: "api", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .error
        server = try APIServer(
            settings: settings.apiSettings,
            token: try SidePort.token(secrets, path: tokenPath), board: board, history: history,
            clock: clock, elsewhere: elsewhere,
            sessionIsOpen: { market, moment in
                TradingCalendar.phase(at: moment, market: market) == .regular
            },
            calculations: APICalculations(
                indicatorSeries: { bars, count in
                    IndicatorSeries(bars: bars, settings: indicators.settings, last: count).points
                },
                forecast: { RidgeForecaster.forecast($0) },
                earningsStudy: { EarningsPaths.study($0, days: $1, sessions: $2) }),
            deadLetters: letters, backfill: backfill, logger: logger)
    }

    /// The indicators of a stretch of bars go by these from now on.
    func use(_ settings: IndicatorSettings) { indicators.settings = settings }

    /// Binds. When the port is busy and `isNeeded` is false, the status says so and the program
    /// goes on without.
    func start(isNeeded: Bool, lock: StoreLock) throws {
        guard let server else {
            board.update { $0.apiError = "switched off" }
            return try lock.publish(LockHolder(pid: ProcessInfo.processInfo.processIdentifier))
        }
        switch waitFor({ try await server.start() }) {
        case .success(let port):
            isRunning = true
            let address = "http://\(settings.address):\(port)"
            board.update { $0.apiAddress = address }
            try lock.publish(
                LockHolder(
                    pid: ProcessInfo.processInfo.processIdentifier, apiAddress: address,
                    tokenPath: tokenPath))
        case .failure(let error):
            let reason = SidePort.reason(error)
            if isNeeded { throw StartError.portBusy(reason: reason) }
            board.update { $0.apiError = reason }
            try lock.publish(LockHolder(pid: ProcessInfo.processInfo.processIdentifier))
        }
    }

    /// Names who has the port, where that can be told.
    private static func reason(_ error: any Error) -> String {
        guard case APIError.portBusy(let address, let port) = error,
            let holder = PortHolder.of(port: port)
        else { return "\(error)" }
        return "port \(port) on \(address) is taken by \(holder): choose one with --port"
    }

    func stop() {
        guard isRunning, let server else { return }
        isRunning = false
        _ = waitFor { await server.stop() }
    }

    static func tokenPath(_ directories: Directories) -> String { directories.state + "/token" }

    static func token(_ secrets: Secrets, path: String) throws -> APIToken {
        if let given = secrets.apiToken { return APIToken(explicit: given) }
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return try APIToken.loadOrCreate(path: path)
    }
}

/// The periods that a series of indicators is made with; they may change while the port is open.
private final class IndicatorsInForce: Sendable {
    private let held: Mutex<IndicatorSettings>

    init(_ settings: IndicatorSettings) { held = Mutex(settings) }

    var settings: IndicatorSettings {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// Runs asynchronous work to its end from an ordinary thread.
func waitFor<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
) -> Result<Value, any Error> {
    let outcome = Outcome<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        do { outcome.result = .success(try await work()) } catch {
            outcome.result = .failure(error)
        }
        done.signal()
    }
    done.wait()
    guard let result = outcome.result else { preconditionFailure("signalled without a result") }
    return result
}

// Unchecked: written before `done.signal()`, read after `done.wait()`.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    var result: Result<Value, any Error>?
}
