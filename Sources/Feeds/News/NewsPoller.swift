import AsyncHTTPClient
import Foundation
import MarketModel
import NIOCore
import NIOHTTP1
import Synchronization

/// What the poller asks, whom, and how often.
public struct NewsPollerOptions: Sendable {
    public var provider: NewsProvider
    public var url: String
    public var key = ProviderKey("")
    public var symbols: [Symbol]
    /// Of one ticker.
    public var every = Duration.seconds(60)
    /// Of all tickers together. Finnhub's free plan allows 60.
    public var requestsPerMinute = 50
    public var timeout = Duration.seconds(10)
    /// How far back is asked; answers begin with the day that this lies in.
    public var lookBack = Duration.seconds(86_400)
    public var retryFirst = Duration.seconds(1)
    public var retryLongest = Duration.seconds(60)
    /// Of the jitter.
    public var seed: UInt64 = 1

    public init(_ provider: NewsProvider, url: String? = nil, symbols: [Symbol]) {
        self.provider = provider
        self.url = url ?? provider.urlDefault
        while self.url.hasSuffix("/") { self.url.removeLast() }
        self.symbols = symbols
    }
}

/// Asks a provider's REST for news, ticker by ticker, and gives each article to the log once.
///
/// What the store holds already is not given again after a restart; what it does not hold yet, but
/// the log does, the engine recognises.
public final class NewsPoller: Sendable {
    /// How many articles of one ticker are remembered.
    public static let rememberedMax = SeenArticles.capacity
    static let bodyBytesMax = 8 << 20
    /// The longest pause between two looks at the schedule.
    private static let pauseMax = Duration.seconds(1)

    private let options: NewsPollerOptions
    private let clock: any MarketClock
    private let stored: @Sendable (Symbol, Timestamp) throws -> [ScoredArticle]
    private let onStatus: @Sendable (NewsStatus) -> Void
    private let thread = FeedThread(name: "news")
    private let isStopping = Atomic(false)
    private let inFlight = Mutex<HTTPClient.Task<HTTPClient.Response>?>(nil)

    /// `stored` tells what is known of a ticker since a time, newest first, from earlier lives: at
    /// most `rememberedMax` count. Both closures run on the poller's own thread.
    public init(
        _ options: NewsPollerOptions, clock: any MarketClock,
        stored: @escaping @Sendable (Symbol, Timestamp) throws -> [ScoredArticle] = { _, _ in [] },
        onStatus: @escaping @Sendable (NewsStatus) -> Void = { _ in }
    ) {
        self.options = options
        self.clock = clock
        self.stored = stored
        self.onStatus = onStatus
    }

    /// Begins to offer article records to the queue, from a thread of its own. Once only.
    public func start(into queue: FrameQueue) {
        thread.start { [self] in run(into: queue) }
    }

    /// Breaks off a request under way and returns when the last article has been offered.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        inFlight.withLock { $0?.cancel() }
        thread.stop()
    }

    private func run(into queue: FrameQueue) {
        var round = NewsRound(options, clock: clock)
        if options.key.isEmpty {
            round.refuse(reason: "\(options.provider.keyName) is not set")
        } else {
            recall(into: &round)
        }
        onStatus(round.status)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        while thread.pause(.zero) {
            switch round.next() {
            case .ask(let symbol):
                let reply = ask(about: symbol, client)
                // One that a stop broke off is no failure.
                if case .failed = reply.verdict, isStopping.load(ordering: .acquiring) { continue }
                round.take(reply, about: symbol, into: queue)
                onStatus(round.status)
            case .wait(let length): _ = thread.pause(min(length, NewsPoller.pauseMax))
            case .nobody: _ = thread.pause(NewsPoller.pauseMax)
            }
        }
        do { try client.syncShutdown() } catch { round.note("closing the connection: \(error)") }
        round.status.state = .ended
        onStatus(round.status)
    }

    /// What the store has of earlier lives counts as seen.
    private func recall(into round: inout NewsRound) {
        // Answers begin with a whole day.
        let since = clock.now.advanced(by: options.lookBack * -1).advanced(by: .seconds(-86_400))
        for symbol in options.symbols {
            do {
                for article in try stored(symbol, since).reversed()
                where article.source == options.provider.source {
                    round.recall(article.article)
                }
            } catch {
                round.note("the news stored before cannot be read: \(error)")
            }
        }
    }

    private var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        // Another host must not get the key, and a page is no answer.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(options.timeout)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func ask(about symbol: Symbol, _ client: HTTPClient) -> NewsReply {
        let now = clock.now
        let path = options.provider.path(
            about: symbol, from: now.advanced(by: options.lookBack * -1), to: now)
        let (name, value) = options.provider.header(options.key)
        do {
            let request = try HTTPClient.Request(
                url: options.url + path, headers: ["User-Agent": "ticktop", name: value])
            let task = client.execute(
                request: request,
                delegate: ResponseAccumulator(
                    request: request, maxBodySize: NewsPoller.bodyBytesMax),
                deadline: .now() + TimeAmount(options.timeout))
            inFlight.withLock { $0 = task }
            defer { inFlight.withLock { $0 = nil } }
            let response = try task.wait()
            let body = response.body.map { [UInt8]($0.readableBytesView) } ?? []
            return NewsReply(
                verdict: NewsVerdict(
                    status: Int(response.status.code), body: body, now: clock.now
                ) { response.headers.first(name: $0) }, body: body)
        } catch {
            let host = URLComponents(string: options.url)?.host ?? options.url
            return NewsReply(
                verdict: .failed(reason: "cannot reach \(host): \(error)"), body: [])
        }
    }
}

/// What came back for one request.
struct NewsReply {
    var verdict: NewsVerdict
    var body: [UInt8]
}
