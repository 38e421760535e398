import Foundation
import MarketModel
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Feeds

@Suite(.serialized) struct `The live feed` {
    @Test func `connects, subscribes and stamps what it reads`() throws {
        let rig = try FeedRig()
        let before = SystemClock().now
        rig.connect()
        #expect(eventually { rig.marketEvents().count > 200 })
        let counts = try rig.end()
        #expect(rig.log.all.prefix(2) == [.connecting(attempt: 1), .live])
        #expect(rig.log.all.last == .ended)
        #expect(counts.connections == 1)
        let connected = try #require(rig.records.first { $0.kind == .connection })
        #expect(connected.source == .massive)
        #expect(rig.frames.allSatisfy { $0.receivedAt >= before && $0.source == .massive })
        let events = rig.marketEvents()
        for event in events {
            let planned = Timestamp(milliseconds: event.integer("t"))
            #expect(planned > before.advanced(by: .seconds(-1)))
        }
        #expect(Set(events.map(\.symbol)).count == 5)
    }

    @Test func `leaves a server that never answers the upgrade`() throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let accepted = Atomic(0)
        let server = try ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                accepted.add(1, ordering: .relaxed)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        let log = StatusLog()
        var options = WebSocketFeedOptions(.binance, symbols: ["BTCUSDT"])
        options.url = "ws://127.0.0.1:\(server.localAddress?.port ?? 0)"
        options.connectTimeout = .milliseconds(100)
        options.retryFirst = .milliseconds(10)
        let feed = WebSocketFeed(options, clock: SystemClock()) { log.note($0) }
        feed.start(into: FrameQueue(rule: .shed))
        #expect(eventually { log.disconnections.contains("no answer from the provider") })
        #expect(eventually { accepted.load(ordering: .relaxed) > 1 })
        // In the middle of the next try.
        feed.stop()
        #expect(log.all.last == .ended)
        try server.close().wait()
        try group.syncShutdownGracefully()
    }

    @Test func `takes a refused key for good, and shows it nowhere`() throws {
        let rig = try FeedRig()
        var options = rig.options()
        options.key = ProviderKey(" bad\n")
        rig.connect(options)
        #expect(eventually { !rig.log.refusals.isEmpty })
        SystemClock.sleepThread(.milliseconds(80))
        rig.stopFeed()
        let counts = try rig.endSimulator()
        #expect(counts.connections == 1)
        #expect(rig.log.all.filter { if case .connecting = $0 { true } else { false } }.count == 1)
        #expect("\(options.key) \(options)".contains("bad") == false)
    }

    @Test func `goes on with the topics a plan covers, and stops when it covers none`() throws {
        var options = ProviderSimulatorOptions()
        options.kindsRefused = ["Q"]
        let partly = try FeedRig(options)
        partly.connect()
        #expect(eventually { partly.marketEvents().count > 50 })
        _ = try partly.end()
        #expect(partly.marketEvents().allSatisfy { $0.ev == "T" })
        #expect(partly.log.refusals.isEmpty)

        options.kindsRefused = ["Q", "T"]
        let refused = try FeedRig(options)
        refused.connect()
        #expect(eventually { !refused.log.refusals.isEmpty })
        _ = try refused.end()
    }

    @Test func `comes back after a disconnect and subscribes again`() throws {
        let rig = try FeedRig()
        rig.connect()
        #expect(eventually { rig.marketEvents().count > 20 })
        for round in 1...3 {
            rig.simulator.disconnectAll()
            #expect(eventually { rig.log.liveCount == round + 1 })
            let seen = rig.marketEvents().count
            #expect(eventually { rig.marketEvents().count > seen + 20 })
        }
        let counts = try rig.end()
        #expect(counts.connections == 4)
        let texts = rig.connectionTexts
        #expect(texts.count == 8)
        for (index, text) in texts.enumerated() {
            #expect(text.contains(index.isMultiple(of: 2) ? "connected" : "disconnected"))
        }
        #expect(rig.log.disconnections.allSatisfy { $0.contains("1001") })
    }

    @Test func `keeps trying while nobody listens`() throws {
        let rig = try FeedRig()
        let options = rig.options()
        _ = try rig.endSimulator()
        rig.connect(options)
        #expect(eventually { rig.log.disconnections.count > 3 })
        rig.stopFeed()
        #expect(rig.log.disconnections[0].contains("cannot connect"))
        #expect(rig.log.refusals.isEmpty)
    }

    @Test func `tells an address with no WebSocket from a passing failure`() throws {
        let rig = try FeedRig()
        var options = rig.options()
        options.url = "http://127.0.0.1:\(rig.port)"
        rig.connect(options)
        #expect(eventually { rig.log.refusals == ["not a WebSocket address"] })
        _ = try rig.end()
        #expect(FeedConversation.refusal(httpStatus: 401, source: .massive) != nil)
        #expect(FeedConversation.refusal(httpStatus: 403, source: .massive) != nil)
        #expect(FeedConversation.refusal(httpStatus: 404, source: .binance) != nil)
        #expect(FeedConversation.refusal(httpStatus: 429, source: .binance) == nil)
        #expect(FeedConversation.refusal(httpStatus: 502, source: .massive) == nil)
    }

    @Test func `survives garbage, which goes into the log like any frame`() throws {
        var options = ProviderSimulatorOptions()
        options.faults.garbage = 0.5
        let rig = try FeedRig(options)
        rig.connect()
        #expect(eventually { rig.marketEvents().count > 200 })
        let counts = try rig.end()
        #expect(counts.connections == 1)
        #expect(counts.garbage > 5)
        let texts = rig.frames.map { String(decoding: $0.payload, as: UTF8.self) }
        #expect(texts.contains { $0.hasPrefix("%%") })
    }

    @Test func `is told when another program uses the key`() throws {
        var options = ProviderSimulatorOptions()
        options.connectionsMax = 0
        let rig = try FeedRig(options)
        rig.connect()
        #expect(eventually { rig.log.disconnections.count >= 3 })
        _ = try rig.end()
        #expect(rig.log.disconnections[0].contains("too many connections"))
        #expect(rig.log.disconnections[2].contains("another program uses this key"))
    }

    @Test func `accepts a self-signed certificate only when told so`() throws {
        let scratch = try Scratch()
        try Certificates.selfSigned(in: scratch.folder)
        var options = ProviderSimulatorOptions()
        options.certificatePath = scratch.path("cert.pem")
        options.certificateKeyPath = scratch.path("key.pem")
        for (certificates, isAccepted) in [
            (WebSocketFeedOptions.Certificates.system, false), (.unchecked, true),
            (.file(scratch.path("cert.pem")), true),
        ] {
            let rig = try FeedRig(options)
            var feedOptions = rig.options()
            feedOptions.url = "wss://localhost:\(rig.port)/stocks"
            feedOptions.certificates = certificates
            rig.connect(feedOptions)
            if isAccepted {
                #expect(eventually { rig.marketEvents().count > 20 })
            } else {
                #expect(eventually { !rig.log.disconnections.isEmpty })
                #expect(rig.log.disconnections[0].contains("certificate"))
                #expect(rig.marketEvents().isEmpty)
            }
            _ = try rig.end()
        }
    }
}

@Suite struct `Massive's conversation` {
    private func conversation() -> MassiveConversation {
        MassiveConversation(key: ProviderKey("k"), symbols: ["AAPL"], kinds: ["T", "Q"])
    }

    private func status(_ status: String, _ message: String = "") -> [UInt8] {
        Array(#"[{"ev":"status","status":"\#(status)","message":"\#(message)"}]"#.utf8)
    }

    @Test func `is greeting, key, topics, acceptance`() {
        var talk = conversation()
        #expect(talk.opened().isEmpty)
        #expect(
            talk.received(status("connected")) == [.send(#"{"action":"auth","params":"k"}"#)])
        #expect(
            talk.received(status("auth_success"))
                == [.send(#"{"action":"subscribe","params":"T.AAPL,Q.AAPL"}"#)])
        #expect(talk.received(status("success", "subscribed to: T.AAPL")) == [.accepted])
        #expect(talk.received(status("success", "subscribed to: Q.AAPL")).isEmpty)
        #expect(talk.received(Array(#"[{"ev":"T","sym":"AAPL"}]"#.utf8)).isEmpty)
    }

    @Test func `hears a status in the middle of events`() {
        var talk = conversation()
        _ = talk.received(Array(#"[{"ev":"T"}]"#.utf8))
        let mixed = #"[{"ev":"T"},{"ev":"status","status":"auth_failed","message":"no"}]"#
        guard case .refused = talk.received(Array(mixed.utf8)).first else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `takes a close for too many connections apart from other breaches`() {
        var talk = conversation()
        #expect(talk.closed(code: 1008, text: "slow reader") == ("slow reader (1008)", false))
        #expect(talk.closed(code: 1001, text: "") == ("closed by the provider (1001)", false))
        #expect(talk.closed(code: nil, text: "") == ("connection lost", false))
        _ = talk.received(status("max_connections", "too many"))
        #expect(talk.closed(code: 1008, text: "bye").waitsLong)
    }
}

@Suite struct `The pause before the next attempt` {
    @Test func `doubles up to the longest, with full jitter, the same for the same seed`() {
        let rule = Backoff.Rule()
        var ceilings: [Double] = []
        for attempt in 0..<9 {
            let delays = (0..<400).map { seed in
                var backoff = Backoff(rule, seed: UInt64(seed))
                for _ in 0..<attempt { _ = backoff.next() }
                return backoff.next() / .seconds(1)
            }
            ceilings.append(delays.max() ?? 0)
            #expect((delays.min() ?? 1) < 0.05 * ceilings[attempt])
        }
        for (ceiling, expected) in zip(ceilings, [1.0, 2, 4, 8, 16, 32, 60, 60, 60]) {
            #expect(ceiling <= expected && ceiling > expected * 0.95)
        }
        var first = Backoff(rule, seed: 5)
        var second = Backoff(rule, seed: 5)
        #expect((0..<5).map { _ in first.next() } == (0..<5).map { _ in second.next() })
    }

    @Test func `starts over only after data has flowed for a while`() {
        var backoff = Backoff(Backoff.Rule(), seed: 1)
        for _ in 0..<10 { _ = backoff.next() }
        backoff.connectionEnded(dataFlowedFor: .seconds(29))
        let late = (0..<50).map { _ in backoff.next() }.max() ?? .zero
        #expect(late > .seconds(30))
        backoff.connectionEnded(dataFlowedFor: .seconds(30))
        #expect(backoff.next() <= .seconds(1))
    }
}

@Suite struct `A feed's address` {
    @Test func `is taken apart`() throws {
        let plain = try #require(FeedAddress("wss://socket.massive.com/stocks"))
        #expect(plain.host == "socket.massive.com" && plain.port == 443 && plain.isSecure)
        #expect(plain.path == "/stocks" && plain.serverName == "socket.massive.com")
        let local = try #require(FeedAddress("ws://127.0.0.1:8765/?token=SECRET"))
        #expect(local.path == "/?token=SECRET" && local.serverName == nil && !local.isSecure)
        #expect(local.shown == "ws://127.0.0.1:8765")
        #expect(FeedAddress("ws://[::1]:80/x")?.host == "::1")
        for bad in ["", "socket.massive.com", "https://a.b", "ws://", "ws://a:99999", "ws://a b"] {
            #expect(FeedAddress(bad) == nil, "\(bad)")
        }
    }
}
