import Engine
import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import API

@Suite struct `API streams` {
    private func talk<Result: Decodable>(
        _ scenario: String, _ http: HTTPConversation, _ argument: String = "",
        as: Result.Type = Result.self
    ) async throws -> Result {
        // On a thread of its own: the server needs those that tests run on.
        let output: Data = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Swift.Result {
                        try ReferenceProgram.run(
                            "Tests/APITests/Reference/streams.py",
                            [scenario, String(http.port), argument])
                    })
            }
        }
        return try JSONDecoder().decode(Result.self, from: output)
    }

    /// Runs `body` while the market changes fifty times a second.
    private func whileTrading<Result>(
        _ port: SidePort, _ settings: APISettings = SidePort.settings(), tickers: Int = 1,
        _ body: (HTTPConversation) async throws -> Result
    ) async throws -> Result {
        let market = TradingMarket(port.board, tickers: tickers)
        defer { market.stop() }
        return try await port.serve(settings, body)
    }

    private struct Pace: Decodable {
        var messages: Int
        var price: String
        var skipped: Int
    }

    @Test func `tell a ticker's changes at most ten times a second, the newest each time`()
        async throws
    {
        try await whileTrading(SidePort()) { http in
            let pace = try await talk("ticker", http, as: Pace.self)
            #expect(pace.price == "231.440100001")
            #expect((15...31).contains(pace.messages), "\(pace.messages) in three seconds")
            #expect(pace.skipped > pace.messages)
        }
    }

    private struct Conversation: Decodable {
        var types: [String]
        var errors: [String]
        var all: [String]
    }

    @Test func `answer what a client asks for, and say what it asked wrongly`() async throws {
        try await whileTrading(SidePort()) { http in
            let conversation = try await talk("multiplexed", http, as: Conversation.self)
            #expect(
                conversation.types == [
                    "analytics", "anomalies", "bars", "health", "news", "prices",
                ])
            #expect(
                conversation.errors == [
                    "malformed", "malformed", "type", "channels", "channels", "symbols",
                    "symbols", "malformed", "limit", "fixed",
                ])
            #expect(conversation.all == ["AAPL", "BRK/B"])
        }
    }

    @Test func `are refused where a request would be`() async throws {
        let local = try await SidePort().serve {
            try await talk("refusals", $0, SidePort.secret, as: [String: Int].self)
        }
        #expect(
            local == [
                "unknown ticker": 404, "malformed ticker": 422, "unknown path": 404,
                "no stream": 200, "other site": 403, "own site": 101, "other host": 421,
                "cross-site": 403, "token": 101, "none": 101,
            ])
        var settings = SidePort.settings()
        settings.address = "0.0.0.0"
        let open = try await SidePort().serve(settings) {
            try await talk("refusals", $0, SidePort.secret, as: [String: Int].self)
        }
        #expect(open["none"] == 401)
        #expect(open["own site"] == 401)
        #expect(open["token"] == 101)
    }

    @Test func `count as requests of their client`() async throws {
        var settings = SidePort.settings()
        settings.requestsPerMinuteMax = 2
        try await SidePort().serve(settings) { http in
            let hello = try await talk("hello", http, as: [String: Int?].self)
            #expect(hello == ["code": 1000])
            #expect(await http.get("/health").status == 200)
            #expect(await http.get("/health").status == 429)
        }
    }

    @Test func `want an upgrade`() async throws {
        try await SidePort().serve { http in
            for path in ["/ws", "/ws/prices/AAPL"] {
                let answer = await http.get(path)
                #expect(answer.status == 426)
                #expect(answer.headers["upgrade"] == "websocket")
                #expect(answer.headers["sec-websocket-version"] == "13")
            }
        }
    }

    @Test func `close with the code of what went wrong`() async throws {
        let codes = try await SidePort().serve { http in
            let codes = try await talk("closes", http, as: [String: Int?].self)
            #expect(await http.get("/health").status == 200)
            return codes
        }
        #expect(
            codes == [
                "binary": 1003, "not UTF-8": 1007, "too large": 1009,
                "too large in pieces": 1009, "unmasked": 1002, "reserved bit": 1002,
                "unknown opcode": 1002, "long ping": 1002, "continues nothing": 1002,
                "too many": 1008, "clean": 1000, "own code": 4321, "forbidden code": 1002,
                "pieces are put together": 1000,
            ])
    }

    private struct Ending: Decodable {
        var code: Int
        var reason: String
        var heard: Int?
    }

    @Test func `close a client that reads too slowly, and let others hear on`() async throws {
        var settings = SidePort.settings()
        settings.slowClientMax = .seconds(1)
        settings.pingInterval = .seconds(60)
        try await whileTrading(SidePort(), settings, tickers: 300) { http in
            let ending = try await talk("slow", http, "3", as: Ending.self)
            #expect(ending.code == 1008)
            #expect(ending.reason.hasPrefix("reads too slowly"))
            #expect(ending.heard ?? 0 > 8)
        }
    }

    @Test func `close a client that answers no ping`() async throws {
        var settings = SidePort.settings()
        settings.pingInterval = .milliseconds(300)
        let ending = try await SidePort().serve(settings) {
            try await talk("silent", $0, as: [String: Int?].self)
        }
        #expect(ending == ["code": 1001])
    }

    @Test func `say goodbye when the server stops, and are counted while they are open`()
        async throws
    {
        let port = SidePort()
        let server = try port.server(SidePort.settings())
        let http = HTTPConversation(port: try await server.start())
        let ending = Task.detached { try await talk("last", http, as: Ending.self) }
        var isOpen = false
        for _ in 0..<1000 where !isOpen {
            isOpen = await http.get("/metrics").body.contains(
                "ticktop_active_websocket_connections 1\n")
        }
        #expect(isOpen)
        await server.stop()
        let said = try await ending.value
        #expect(said.code == 1001)
        #expect(said.reason == "the server stops")
    }
}

@Suite struct `What streams tell` {
    private func source(_ port: SidePort) -> StreamSource {
        let reader = MarketReader(
            board: port.board, history: port.history, clock: port.clock,
            sessionIsOpen: { _, _ in true }, staleAfter: .seconds(10),
            threads: PatientThreads(count: 1), desk: .singleton)
        return StreamSource(
            reader: reader, health: HealthResources(reader: reader, requests: RequestMetrics()))
    }

    @Test func `a change is encoded once, and everybody who hears it gets the same bytes`() {
        let port = SidePort()
        var source = source(port)
        var market = Morning.snapshot
        func look() -> [StreamUpdate] {
            source.updates(
                wanted: { $0.channel == .prices }, symbols: ["AAPL"], asksHealth: false)
        }
        _ = look()
        market.tickers[0].lastTrade?.sequence += 1
        market.tickers[0].lastTrade?.price = "231.45"
        port.board.publish(market)
        let updates = look()
        #expect(updates.count == 1)
        let byTopic = Dictionary(grouping: updates, by: \.key.topic)
        let byChannel = Dictionary(grouping: updates, by: \.key.topic.channel)
        let places = ([market.tickers[0].symbol, nil] as [Symbol?]).map { symbol in
            let mail = StreamHub.mail(
                for: [StreamTopic(channel: .prices, symbol: symbol)], byTopic, byChannel)
            return mail.map { update in
                update.frame.withUnsafeReadableBytes { $0.baseAddress }
            }
        }
        #expect(places[0].count == 1 && places[0] == places[1])
    }

    @Test func `an article is told once, and again when its correlation has changed`() {
        let port = SidePort()
        var source = source(port)
        var market = Morning.snapshot
        market.articles = []
        func told() -> [String] {
            port.board.publish(market)
            return source.updates(
                wanted: { $0.channel == .news }, symbols: ["AAPL"], asksHealth: false
            ).map(\.key.detail)
        }
        _ = told()
        market.articles = Morning.rows.articles
        market.articles[0].correlation = nil
        #expect(told() == [market.articles[0].position.description])
        #expect(told().isEmpty)
        market.articles[0].correlation = NewsCorrelation(strength: .strong, volumeZScore: 4.25)
        #expect(told() == [market.articles[0].position.description])
        #expect(told().isEmpty)
    }
}

/// Publishes a changed market fifty times a second until it is stopped.
private final class TradingMarket: Sendable {
    private let isStopped = Atomic(false)

    init(_ board: SnapshotBoard, tickers: Int) {
        let start = Morning.snapshot
        Thread.detachNewThread { [self] in
            var snapshot = start
            let extra = (0..<max(0, tickers - 2)).map { index in
                var ticker = start.tickers[0]
                ticker.symbol = Symbol("T\(10_000 + index)") ?? ticker.symbol
                return ticker
            }
            snapshot.tickers = (snapshot.tickers + extra).sorted { $0.symbol < $1.symbol }
            snapshot.episodes = Morning.rows.episodes
            snapshot.articles = Morning.rows.articles
            while !isStopped.load(ordering: .relaxed) {
                for index in snapshot.tickers.indices {
                    snapshot.tickers[index].lastTrade?.sequence += 1
                    snapshot.tickers[index].figures.tradeFrequency += 1
                }
                board.publish(snapshot)
                SystemClock.sleepThread(.milliseconds(20))
            }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
