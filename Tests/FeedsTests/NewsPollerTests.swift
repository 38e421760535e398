import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Feeds

@Suite("The news poller", .serialized)
struct NewsPollerTests {
    @Test(arguments: NewsProvider.allCases)
    func `gives each article of every ticker to the log once`(provider: NewsProvider) throws {
        let rig = try NewsRig(provider)
        rig.start()
        #expect(eventually { rig.status?.requests ?? 0 >= 15 })
        let articles = try rig.stop()
        #expect(Set(articles.map(\.symbol)) == Set(DemoMarketOptions.symbolsDefault))
        #expect(Set(articles.map { "\($0.symbol) \($0.articleID)" }).count == articles.count)
        #expect(articles.count > 500)
        #expect(rig.refused == 0)
        #expect(rig.status?.articles == Int64(articles.count))
        #expect(rig.status?.errors == 0 && rig.status?.state == .ended)
        #expect(rig.records.allSatisfy { $0.source == provider.source && $0.kind == .article })
    }

    @Test func `loses nothing to refusals and broken answers, and counts what is broken`() throws {
        var faults = SimulatorFaults()
        faults.newsLimited = 0.3
        faults.newsRetryAfter = .zero
        faults.newsGarbage = 0.3
        let clean = try NewsRig(.finnhub)
        clean.start()
        #expect(eventually { clean.status?.requests ?? 0 >= 5 })
        let expected = try clean.stop()
        let rig = try NewsRig(.finnhub, faults: faults)
        rig.start()
        #expect(eventually(within: .seconds(20)) { rig.status?.requests ?? 0 >= 60 })
        let counts = rig.simulator.newsCounts
        let articles = try rig.stop()
        let known = Set(articles.map { "\($0.symbol) \($0.articleID)" })
        #expect(known.count == articles.count)
        #expect(known.isSuperset(of: expected.map { "\($0.symbol) \($0.articleID)" }))
        #expect(counts.limited > 5 && counts.garbled > 5)
        #expect(rig.status?.limited ?? 0 > 5)
        #expect(rig.status?.errors ?? 0 > 5)
        #expect(rig.refused > 0)
    }

    @Test func `does not give again after a restart what the store has`() throws {
        let first = try NewsRig(.finnhub)
        first.start()
        #expect(eventually { first.status?.requests ?? 0 >= 5 })
        let stored = try first.stop()
        let missing = try #require(stored.last)
        let again = try NewsRig(.finnhub, stored: Array(stored.dropLast()))
        again.start()
        #expect(eventually { again.status?.requests ?? 0 >= 10 })
        let articles = try again.stop()
        let old = Set(stored.map(\.articleID))
        // What has been published since the first life is new, too.
        #expect(articles.filter { old.contains($0.articleID) } == [missing])
    }

    @Test func `stops for good when the key is refused, says what to do, and never shows the key`()
        throws
    {
        let rig = try NewsRig(.finnhub, key: "bad")
        rig.start()
        #expect(eventually { if case .refused = rig.status?.state { true } else { false } })
        #expect(
            rig.all.contains {
                $0.state
                    == .refused(
                        reason: "the provider answered 401: Unknown API Key",
                        remedy: "set FINNHUB_API_KEY, or news.provider to \"off\"")
            })
        SystemClock.sleepThread(.milliseconds(200))
        #expect(rig.simulator.newsCounts.requests == 0)
        #expect(rig.status?.requests == 1)
        #expect(try rig.stop().isEmpty)
        #expect(!rig.all.map { "\($0)" }.joined().contains("bad"))
    }

    @Test func `asks nobody without a key`() throws {
        let rig = try NewsRig(.finnhub, key: "")
        rig.start()
        #expect(eventually { if case .refused = rig.status?.state { true } else { false } })
        #expect(rig.status?.lastError == "FINNHUB_API_KEY is not set")
        _ = try rig.stop()
    }

    @Test func `goes on trying while nobody answers, and stops at once when told to`() throws {
        let rig = try NewsRig(.finnhub, port: 9)
        rig.start()
        #expect(eventually { rig.status?.errors ?? 0 >= 3 })
        #expect(rig.status?.lastError?.contains("cannot reach 127.0.0.1") == true)
        let began = SystemClock.monotonicNanoseconds
        _ = try rig.stop()
        #expect(SystemClock.monotonicNanoseconds - began < 3_000_000_000)
    }

    @Test func `waits as long as the provider asks, for every ticker`() {
        var desk = Desk(["AAPL", "MSFT"])
        #expect(desk.turn() == .ask("AAPL"))
        desk.answer(.limited(retryAfter: .seconds(42)), about: "AAPL")
        #expect(desk.turn() == .wait(.seconds(42)))
        #expect(desk.turn(after: .seconds(42)) == .ask("MSFT"))
    }

    @Test func `leaves out a ticker the plan does not cover, and stops when it covers none`() {
        var desk = Desk(["AAPL", "MSFT"])
        #expect(desk.turn() == .ask("AAPL"))
        desk.answer(.notEntitled(reason: "premium"), about: "AAPL")
        #expect(desk.turn(after: .seconds(61)) == .ask("MSFT"))
        #expect(desk.turn(after: .seconds(61)) == .ask("MSFT"))
        desk.answer(.notEntitled(reason: "premium"), about: "MSFT")
        #expect(desk.turn(after: .seconds(61)) == .nobody)
        #expect(
            desk.round.status.state
                == .refused(
                    reason: "premium", remedy: "set FINNHUB_API_KEY, or news.provider to \"off\""))
    }

    @Test func `backs off further and further, at random, and begins anew after an answer`() {
        var longest: [Duration] = []
        for seed in 0..<200 as Range<UInt64> {
            var desk = Desk(["AAPL"], seed: seed)
            for _ in 0..<7 {
                #expect(desk.turn(after: .seconds(100)) == .ask("AAPL"))
                desk.answer(.failed(reason: "x"), about: "AAPL")
            }
            if case .wait(let length) = desk.turn() { longest.append(length) }
            #expect(desk.turn(after: .seconds(100)) == .ask("AAPL"))
            desk.answer(.answered, about: "AAPL")
            #expect(desk.turn(after: .seconds(61)) == .ask("AAPL"))
            desk.answer(.failed(reason: "x"), about: "AAPL")
            // The first wait is no longer than a second, so only the ticker's own pause holds.
            #expect(desk.turn(after: .seconds(60)) == .ask("AAPL"))
        }
        #expect(longest.max() ?? .zero > .seconds(50) && longest.max() ?? .zero <= .seconds(60))
        #expect(longest.min() ?? .seconds(60) < .seconds(5))
    }
}

/// What the poller decides, without a network.
private struct Desk {
    private let clock = ManualClock(TestMorning.open)
    private let queue = FrameQueue(rule: .wait)
    private(set) var round: NewsRound

    init(_ symbols: [Symbol], seed: UInt64 = 1) {
        var options = NewsPollerOptions(.finnhub, symbols: symbols)
        options.key = ProviderKey("good")
        options.every = .zero
        options.seed = seed
        round = NewsRound(options, clock: clock)
    }

    mutating func turn(after pause: Duration = .zero) -> NewsSchedule.Turn {
        clock.advance(by: pause)
        return round.next()
    }

    mutating func answer(_ verdict: NewsVerdict, about symbol: Symbol) {
        round.take(
            NewsReply(verdict: verdict, body: Array("[]".utf8)), about: symbol, into: queue)
    }
}

/// A simulator and a poller that asks it over a real socket.
private final class NewsRig: Sendable {
    let simulator: ProviderSimulator
    private let poller: NewsPoller
    private let queue = FrameQueue(rule: .wait)
    private let statuses: Statuses
    private let taken = Mutex<[LogRecord]>([])
    private let refusals = Mutex(0)

    final class Statuses: Sendable {
        let all = Mutex<[NewsStatus]>([])
    }

    init(
        _ provider: NewsProvider, faults: SimulatorFaults = SimulatorFaults(),
        key: String = "good", stored: [NewsArticle] = [], port: Int? = nil
    ) throws {
        var simulated = ProviderSimulatorOptions()
        simulated.faults = faults
        simulator = try ProviderSimulator(simulated, clock: SystemClock())
        let listening = try simulator.start()
        var options = NewsPollerOptions(
            provider, url: "http://127.0.0.1:\(port ?? listening)/",
            symbols: DemoMarketOptions.symbolsDefault)
        options.key = ProviderKey(key)
        options.every = .milliseconds(100)
        options.requestsPerMinute = 3000
        options.retryFirst = .milliseconds(5)
        options.retryLongest = .milliseconds(20)
        let statuses = Statuses()
        self.statuses = statuses
        poller = NewsPoller(
            options, clock: SystemClock(),
            stored: { symbol, since in
                stored.filter { $0.symbol == symbol && $0.publishedAt >= since }.map {
                    ScoredArticle(
                        article: $0, source: provider.source, receivedAt: $0.publishedAt,
                        position: .start, sentiment: nil)
                }
            }, onStatus: { status in statuses.all.withLock { $0.append(status) } })
    }

    var all: [NewsStatus] { statuses.all.withLock { $0 } }
    var status: NewsStatus? { all.last }
    var records: [LogRecord] { taken.withLock { $0 } }
    /// Of `stop`: records that are no articles.
    var refused: Int { refusals.withLock { $0 } }

    func start() { poller.start(into: queue) }

    /// The articles given to the log.
    func stop() throws -> [NewsArticle] {
        poller.stop()
        var records: [LogRecord] = []
        while queue.take(into: &records, recordsMax: 5000, wait: .zero) == .records {}
        let batch = EventBatch(decoding: records)
        taken.withLock { $0 = records }
        refusals.withLock { $0 = batch.refusals.count }
        _ = try simulator.finish()
        try simulator.shutDown()
        return batch.articles
    }
}
