import Engine
import MarketModel
import NIOPosix

/// What the resources read from: the newest snapshot, and the store on threads of its own.
struct MarketReader: Sendable {
    let board: SnapshotBoard
    let history: any MarketHistory
    let clock: any MarketClock
    let sessionIsOpen: @Sendable (Market, Timestamp) -> Bool
    let staleAfter: Duration
    /// Stored rows are read here: the disk may block.
    let threads: PatientThreads
    /// Changes are made here, so that none waits behind reads: it may block until the writer or the
    /// engine is done.
    let desk: NIOThreadPool
    /// How a ticker stands that another engine of the group computes; `nil` when nobody tells.
    var elsewhere: @Sendable (Symbol) -> TickerSnapshot? = { _ in nil }

    /// The moment ages and spans are measured against: the recording's own time when one runs.
    var now: Timestamp {
        let takenAt = board.snapshot.takenAt
        return board.status.label == .replay && takenAt != .distantPast ? takenAt : clock.now
    }

    func snapshot() throws(Problem) -> MarketSnapshot {
        let snapshot = board.snapshot
        guard snapshot.takenAt != .distantPast else { throw .starting }
        return snapshot
    }

    /// One that is computed, or viewed, here.
    func ticker(_ symbol: Symbol) throws(Problem) -> TickerSnapshot {
        guard let ticker = try snapshot().ticker(symbol) else { throw .unknownTicker(symbol) }
        return ticker
    }

    /// Wherever it is computed, with when the snapshot was taken that was looked at first.
    func dated(_ symbol: Symbol) throws(Problem) -> (ticker: TickerSnapshot, takenAt: Timestamp) {
        let snapshot = try snapshot()
        guard let ticker = snapshot.ticker(symbol) ?? elsewhere(symbol) else {
            throw .unknownTicker(symbol)
        }
        return (ticker, snapshot.takenAt)
    }

    /// Nothing has been received of it for long, in an open session.
    func isStale(_ ticker: TickerSnapshot) -> Bool {
        let now = now
        guard sessionIsOpen(ticker.market, now) else { return false }
        return ticker.receivedAt.map { now.duration(since: $0) > staleAfter } ?? true
    }

    /// What the store says; a ticker that neither the feed nor the store knows is a 404.
    func stored<Rows: Collection & Sendable>(
        of symbol: Symbol, _ read: @escaping @Sendable (any MarketHistory) throws -> Rows
    ) async throws(Problem) -> Rows {
        let isNamed = try snapshot().ticker(symbol) != nil
        let rows = try await stored(read)
        guard isNamed || !rows.isEmpty else { throw .unknownTicker(symbol) }
        return rows
    }

    /// What reference data say, by ticker.
    func companies() async throws(Problem) -> [Symbol: Listing] {
        let listings = try await stored { try $0.listings() }
        return Dictionary(listings.map { ($0.symbol, $0) }, uniquingKeysWith: { $1 })
    }

    func stored<Value: Sendable>(
        _ read: @escaping @Sendable (any MarketHistory) throws -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await threads.run { try read(history) }
        } catch {
            throw .store(error)
        }
    }

    /// The same for what changes something.
    func changed<Value: Sendable>(
        _ change: @escaping @Sendable (any MarketHistory) throws -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await desk.runIfActive { try change(history) }
        } catch {
            throw .store(error)
        }
    }

    /// Notes that somebody has seen the episode that the path names; the body may hold a note.
    func acknowledge(_ request: APIRequest, by name: String) async throws(Problem) -> EpisodeReading
    {
        let id = request.arguments[0]
        let note = try AcknowledgementBody.note(request.body)
        let now = clock.now
        let reading = try await changed { try $0.acknowledge(id, by: name, at: now, note: note) }
        guard let reading else { throw .unknownEpisode(id) }
        return reading
    }

    /// Takes that back.
    func unacknowledge(
        _ request: APIRequest, by name: String
    ) async throws(Problem) -> EpisodeReading {
        let id = request.arguments[0]
        let now = clock.now
        let reading = try await changed { try $0.unacknowledge(id, by: name, at: now) }
        guard let reading else { throw .unknownEpisode(id) }
        return reading
    }
}
