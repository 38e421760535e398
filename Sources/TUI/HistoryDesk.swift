import Dispatch
import MarketModel
import Synchronization

/// Asks the store on a thread of its own, and keeps the answers until the screen fetches them.
///
/// A question that still waits is not asked twice, so a slow disk makes answers late, never many;
/// nor does a store that is still being opened.
final class HistoryDesk: Sendable {
    private let history: @Sendable () throws -> any MarketHistory
    private let clock: any MarketClock
    private let user: String
    private let reread: (@Sendable (Bool) -> ConfigurationNews)?
    private let switchRecording: (@Sendable (Bool) throws -> String)?
    private let queue = DispatchQueue(label: "ticktop.history")
    private let trays = Mutex(Trays())

    private struct Trays {
        var waiting: Set<HistoryRequest> = []
        var answers: [HistoryAnswer] = []
        var isClosed = false
    }

    init(
        history: @escaping @Sendable () throws -> any MarketHistory, clock: any MarketClock,
        user: String,
        reread: (@Sendable (Bool) -> ConfigurationNews)? = nil,
        switchRecording: (@Sendable (Bool) throws -> String)? = nil
    ) {
        self.history = history
        self.clock = clock
        self.user = user
        self.reread = reread
        self.switchRecording = switchRecording
    }

    func ask(_ request: HistoryRequest) {
        let isNew = trays.withLock { $0.waiting.insert(request).inserted }
        guard isNew else { return }
        queue.async { [self] in
            guard !trays.withLock({ $0.isClosed }) else { return }
            let answer = answer(request)
            trays.withLock {
                $0.waiting.remove(request)
                $0.answers.append(answer)
            }
        }
    }

    func write(_ export: SnapshotExport) {
        queue.async { [self] in
            let answer: HistoryAnswer
            do {
                answer = .exported(path: try export.write())
            } catch {
                answer = .failed(what: "export", reason: "\(error)")
            }
            trays.withLock { $0.answers.append(answer) }
        }
    }

    func record(_ on: Bool) {
        guard let switchRecording else { return }
        queue.async { [self] in
            let answer: HistoryAnswer
            do {
                answer = .recording(try switchRecording(on))
            } catch {
                answer = .failed(what: "recording", reason: "\(error)")
            }
            trays.withLock { $0.answers.append(answer) }
        }
    }

    func save(_ choices: ScreenChoices, to path: String) {
        queue.async { [self] in
            do {
                try choices.write(to: path)
            } catch {
                let answer = HistoryAnswer.failed(what: "keeping choices", reason: "\(error)")
                trays.withLock { $0.answers.append(answer) }
            }
        }
    }

    /// What has come in since the last time.
    func answers() -> [HistoryAnswer] {
        trays.withLock { trays in
            let answers = trays.answers
            trays.answers = []
            return answers
        }
    }

    /// What is being written is finished; what waits is dropped.
    func close() {
        trays.withLock { $0.isClosed = true }
        queue.sync {}
    }

    /// Blocks on the store.
    func answer(_ request: HistoryRequest) -> HistoryAnswer {
        do {
            return try read(request)
        } catch {
            return .failed(what: name(request), reason: "\(error)")
        }
    }

    private func read(_ request: HistoryRequest) throws -> HistoryAnswer {
        if case .configuration(let isAsked) = request {
            return .configuration(reread?(isAsked) ?? .unchanged)
        }
        return try read(request, in: try history())
    }

    private func read(_ request: HistoryRequest, in history: any MarketHistory) throws
        -> HistoryAnswer
    {
        switch request {
        case .bars(let symbol, let interval, let before):
            let bars = try history.bars(
                symbol, interval: interval, from: nil, to: before, limit: HistoryRequest.barsMax)
            return .bars(symbol, interval, before: before, bars)
        case .trends(let symbols):
            let bars = try history.newestBars(
                symbols, interval: .minute, limit: HistoryRequest.trendLength)
            return .trends(bars.mapValues { $0.compactMap(\.close) })
        case .episodes:
            return .episodes(try episodes(history))
        case .articles:
            return .articles(
                try history.articles(nil, since: nil, limit: HistoryRequest.articlesMax))
        case .tape(let symbol):
            let trades = try history.trades(
                symbol, before: nil, limit: HistoryRequest.tapeLength)
            return .tape(symbol, trades)
        case .features(let symbol):
            return .features(
                symbol, try history.features(symbol, limit: HistoryRequest.featuresLength))
        case .configuration: return .configuration(.unchanged)
        case .acknowledge(let id, let note):
            let reading = try history.acknowledge(id, by: user, at: clock.now, note: note)
            return .acknowledged(episodeID: id, reading)
        case .unacknowledge(let id):
            let reading = try history.unacknowledge(id, by: user, at: clock.now)
            return .acknowledged(episodeID: id, reading)
        }
    }

    /// The newest, and what nobody has acknowledged of the day that ends with them: the counter on
    /// the screen is of all of that day.
    private func episodes(_ history: any MarketHistory) throws -> [EpisodeReading] {
        var query = EpisodeQuery()
        query.limit = HistoryRequest.episodesMax
        let newest = try history.episodes(query)
        guard newest.count == query.limit, let last = newest.first?.episode.lastAt else {
            return newest
        }
        query.since = last.advanced(by: .seconds(-86_400))
        query.isAcknowledged = false
        query.limit = HistoryRequest.unacknowledgedMax
        let shown = Set(newest.map(\.episode.id))
        return newest + (try history.episodes(query)).filter { !shown.contains($0.episode.id) }
    }

    private func name(_ request: HistoryRequest) -> String {
        switch request {
        case .bars: "reading bars"
        case .trends: "reading trends"
        case .episodes: "reading anomalies"
        case .articles: "reading news"
        case .tape: "reading trades"
        case .features: "reading features"
        case .configuration: "reading the configuration"
        case .acknowledge: "acknowledging"
        case .unacknowledge: "undoing"
        }
    }
}
