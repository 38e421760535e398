import Foundation
import MarketModel
import Synchronization
import TestSupport
import Testing

@testable import Feeds

/// Our client and our simulator against the `websockets` package, an implementation that knows
/// nothing of ours.
@Suite(.serialized) struct `With another WebSocket implementation` {
    private static let fixtures = "Tests/FeedsTests/Fixtures"

    private final class Output: Sendable {
        let result = Mutex<Result<Data, any Error>?>(nil)
    }

    /// Runs a Python server in the background while `body` talks to its port; returns what the
    /// server saw.
    private func serve(
        _ mode: String, by script: String = "websocket_server.py", _ body: (Int) throws -> Void
    ) throws -> [String: Any] {
        let scratch = try Scratch()
        let portFile = scratch.path("port")
        let output = Output()
        Thread.detachNewThread {
            let result = Result {
                try ReferenceProgram.run(
                    "\(Self.fixtures)/\(script)", [mode, portFile])
            }
            output.result.withLock { $0 = result }
        }
        var port: Int?
        _ = eventually {
            port = (try? String(contentsOfFile: portFile, encoding: .utf8)).flatMap { Int($0) }
            return port != nil
        }
        try body(try #require(port))
        #expect(eventually { output.result.withLock { $0 != nil } })
        let data = try #require(output.result.withLock { $0 }).get()
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func feed(
        port: Int, _ log: StatusLog, _ queue: FrameQueue, ping: Duration = .seconds(25)
    )
        -> WebSocketFeed
    {
        var options = WebSocketFeedOptions(.massive, symbols: ["AAPL"])
        options.url = "ws://127.0.0.1:\(port)/stocks?plan=a"
        options.key = ProviderKey("k\"ey")
        options.topics = ["T", "Q"]
        options.retryFirst = .milliseconds(10)
        options.retryLongest = .milliseconds(10)
        options.pingEvery = ping
        return WebSocketFeed(options, clock: SystemClock()) { log.note($0) }
    }

    @Test func `the client puts fragments together and takes messages of 1 MiB`() throws {
        let log = StatusLog()
        let queue = FrameQueue(rule: .shed)
        var records: [LogRecord] = []
        let seen = try serve("fragments") { port in
            let feed = feed(port: port, log, queue)
            feed.start(into: queue)
            let isComplete = eventually {
                _ = queue.take(into: &records, recordsMax: 100, wait: .zero)
                return records.count { $0.kind == .frame } >= 7
            }
            #expect(isComplete)
            feed.stop()
        }
        let frames = records.filter { $0.kind == .frame }.map(\.payload).dropFirst(3)
        #expect(frames.map(\.count).contains(1 << 20))
        let trades = try frames.flatMap { try WireEvent.read($0) }.filter { $0.ev == "T" }
        #expect(trades.map { $0.integer("q") } == [1, 2, 3, 3, 4])
        #expect(seen["auth"] as? String == "k\"ey")
        #expect(seen["path"] as? String == "/stocks?plan=a")
        #expect(seen["subscribed"] as? [[String]] == [["T.AAPL", "Q.AAPL"]])
        #expect(seen["pong"] as? Bool == true)
        #expect(seen["close"] as? Int == 1000)
    }

    @Test func `the client gives up on a message that is too large, and comes back`() throws {
        let log = StatusLog()
        let queue = FrameQueue(rule: .shed)
        let seen = try serve("too-large") { port in
            let feed = feed(port: port, log, queue)
            feed.start(into: queue)
            #expect(eventually { log.liveCount == 3 })
            feed.stop()
        }
        #expect(seen["connections"] as? Int == 3)
        // A socket closed before all was read may lose our own goodbye (1009): only the last is
        // sure to arrive.
        #expect((seen["close codes"] as? [Int])?.last == 1000)
        #expect(log.disconnections.count == 2)
        #expect(log.disconnections.allSatisfy { $0.contains("1 MiB") })
    }

    @Test func `the client gives up on a server that answers no ping`() throws {
        let log = StatusLog()
        let queue = FrameQueue(rule: .shed)
        let seen = try serve("silent") { port in
            let feed = feed(port: port, log, queue, ping: .milliseconds(40))
            feed.start(into: queue)
            #expect(eventually { log.liveCount == 2 })
            feed.stop()
        }
        #expect(seen["connections"] as? Int == 2)
        #expect(log.disconnections[0] == "no answer to two pings")
    }

    @Test func `the client renews a connection that has grown old, without a pause`() throws {
        let log = StatusLog()
        let queue = FrameQueue(rule: .shed)
        var records: [LogRecord] = []
        let seen = try serve("renewed", by: "binance_server.py") { port in
            var options = WebSocketFeedOptions(.binance, symbols: ["BTCUSDT", "ETHUSDT"])
            options.url = "ws://127.0.0.1:\(port)"
            options.renewAfter = .milliseconds(300)
            options.retryFirst = .seconds(60)  // Any failure would be waited out for long.
            let feed = WebSocketFeed(options, clock: SystemClock()) { log.note($0) }
            feed.start(into: queue)
            #expect(eventually { log.liveCount == 4 })
            feed.stop()
        }
        _ = queue.take(into: &records, recordsMax: 100_000, wait: .zero)
        let path =
            "/stream?streams="
            + "btcusdt@trade/btcusdt@bookTicker/ethusdt@trade/ethusdt@bookTicker"
        #expect(seen["paths"] as? [String] == Array(repeating: path, count: 4))
        #expect(seen["close codes"] as? [Int] == [1000, 1000, 1000, 1000])
        #expect(log.disconnections.count == 3)
        #expect(log.disconnections.allSatisfy { $0.contains("a day old") })
        let batch = EventBatch(decoding: records.filter { $0.kind == .frame })
        #expect(batch.refusals.isEmpty && batch.events.count > 100)
    }

    @Test func `the simulator speaks the protocol of Massive and the REST of both`() throws {
        var options = ProviderSimulatorOptions()
        options.eventsPerSecond = 3000
        let simulator = try ProviderSimulator(options, clock: SystemClock())
        let port = try simulator.start()
        let data = try ReferenceProgram.run(
            "\(Self.fixtures)/websocket_client.py", [String(port)])
        let seen = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        _ = try simulator.finish()
        try simulator.shutDown()
        func statuses(_ key: String) -> [String] {
            (seen[key] as? [[String: Any]] ?? []).map { $0["status"] as? String ?? "" }
        }
        #expect(statuses("greeting") == ["connected"])
        #expect(statuses("early") == ["not_authorized"])
        #expect(statuses("auth") == ["auth_success"])
        #expect(statuses("subscribe") == ["success", "success", "error"])
        #expect(statuses("unsubscribe") == ["success"])
        #expect(statuses("refused") == ["auth_failed"])
        #expect(seen["refused close"] as? Int == 1008)
        #expect(seen["kinds"] as? [[String]] == [["Q", "AAPL"], ["T", "AAPL"]])
        #expect(seen["kinds after"] as? [String] == ["T"])
        #expect(seen["pong"] as? Bool == true)
        #expect((seen["prev"] as? [Any])?.first as? Int == 200)
        #expect(seen["unknown"] as? Int == 404)
        #expect((seen["bad key"] as? [Any])?.first as? Int == 401)
        let bars = try #require(seen["bars"] as? [Any])
        #expect(bars[0] as? Int == 200 && bars[1] as? Int == 1440 && bars[2] as? Int == 1440)
        let news = try #require(seen["news"] as? [Any])
        #expect(news[1] as? Int ?? 0 > 20)
        let article = try #require(news[2] as? [String: Any])
        #expect(article["related"] as? String == "AAPL")
        #expect((article["headline"] as? String ?? "").isEmpty == false)
    }
}
