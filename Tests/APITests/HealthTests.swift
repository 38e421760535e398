import Engine
import Foundation
import MarketModel
import TestSupport
import Testing

@testable import API

@Suite struct `Pipeline health` {
    let now = Morning.now

    private func health(
        isSessionOpen: Bool = true, hasSnapshot: Bool = true,
        _ change: (inout PipelineStatus) -> Void
    ) -> Health {
        var status = PipelineStatus()
        status.feed = .live
        status.startedAt = TestMorning.open
        status.lastEventReceivedAt = now
        change(&status)
        var watch = HealthWatch()
        watch.observe(status, now: now)
        return watch.health(
            status, hasSnapshot: hasSnapshot, isSessionOpen: isSessionOpen,
            staleAfter: .seconds(10), now: now)
    }

    private func ago(_ seconds: Int) -> Timestamp { now.advanced(by: .seconds(-seconds)) }

    @Test func `is healthy when nothing is wrong`() {
        let health = health { _ in }
        #expect(health.status == .healthy)
        #expect(health.reasons.isEmpty)
    }

    @Test func `is degraded by a stale feed, but only in an open session`() {
        #expect(health { $0.lastEventReceivedAt = ago(10) }.status == .healthy)
        let stale = health { $0.lastEventReceivedAt = ago(11) }
        #expect(stale.status == .degraded)
        #expect(stale.reasons == ["feed: stale: no event for 11 s"])
        #expect(
            health(isSessionOpen: false) { $0.lastEventReceivedAt = ago(11) }.status == .healthy)
    }

    @Test func `is unhealthy when nothing was processed for 30 s of an open session`() {
        #expect(health { $0.lastEventReceivedAt = ago(30) }.status == .degraded)
        #expect(health { $0.lastEventReceivedAt = ago(31) }.status == .unhealthy)
        #expect(health { $0.lastEventReceivedAt = nil }.status == .unhealthy)
        #expect(
            health(isSessionOpen: false) { $0.lastEventReceivedAt = ago(31) }.status == .healthy)
        let ended = health {
            $0.lastEventReceivedAt = ago(31)
            $0.feed = .ended
        }
        #expect(ended.status == .healthy)
    }

    @Test func `is degraded by more than 50 dead letters`() {
        #expect(health { $0.deadLetterDepth = 50 }.status == .healthy)
        #expect(health { $0.deadLetterDepth = 51 }.deadLetters.status == .degraded)
    }

    @Test func `is degraded by commits slower than 50 ms`() {
        func storage(_ p99: Duration, count: Int64 = 10) -> HealthStatus {
            health {
                $0.commitLatency.p99 = p99
                $0.commitLatency.count = count
            }.storage.status
        }
        #expect(storage(.milliseconds(50)) == .healthy)
        #expect(storage(.milliseconds(51)) == .degraded)
        #expect(storage(.seconds(9), count: 0) == .healthy)
    }

    @Test func `is unhealthy once commits were slower than 100 ms for 60 s`() {
        var status = PipelineStatus()
        status.commitLatency.p99 = .milliseconds(101)
        status.commitLatency.count = 10
        var watch = HealthWatch()
        func storage(after seconds: Int) -> HealthStatus {
            let now = now.advanced(by: .seconds(seconds))
            watch.observe(status, now: now)
            return watch.health(
                status, hasSnapshot: true, isSessionOpen: false, staleAfter: .seconds(10), now: now
            ).storage.status
        }
        #expect(storage(after: 0) == .degraded)
        #expect(storage(after: 59) == .degraded)
        #expect(storage(after: 60) == .unhealthy)
        status.commitLatency.p99 = .milliseconds(100)
        #expect(storage(after: 61) == .degraded)
        status.commitLatency.p99 = .milliseconds(101)
        #expect(storage(after: 62) == .degraded)
    }

    @Test func `is unhealthy when the store cannot be written`() {
        let health = health { $0.store = .failing(reason: "disk full") }
        #expect(health.status == .unhealthy)
        #expect(health.reasons == ["storage: cannot be written: disk full"])
    }

    @Test func `gives the reason a feed is not live`() {
        let cases: [(FeedState, String)] = [
            (.starting, "feed: starting"), (.connecting(attempt: 3), "feed: connecting, attempt 3"),
            (.disconnected(reason: "reset", retryAt: nil), "feed: disconnected: reset"),
            (
                .refused(reason: "bad key", remedy: "set MASSIVE_API_KEY"),
                "feed: refused: bad key; set MASSIVE_API_KEY"
            ),
        ]
        for (feed, reason) in cases {
            let health = health { $0.feed = feed }
            #expect(health.status == .degraded)
            #expect(health.reasons == [reason])
        }
    }

    @Test func `is degraded when news is refused, or has been away for five minutes`() {
        var news = NewsStatus(provider: "finnhub")
        news.state = .refused(reason: "the provider answered 401", remedy: "set FINNHUB_API_KEY")
        #expect(
            health { $0.news = news }.reasons
                == ["news: refused: the provider answered 401; set FINNHUB_API_KEY"])
        news.state = .disconnected(reason: "too many requests", retryAt: nil)
        news.lastPollAt = Morning.now.advanced(by: .seconds(-300))
        #expect(health { $0.news = news }.status == .healthy)
        news.lastPollAt = Morning.now.advanced(by: .seconds(-301))
        let away = health { $0.news = news }
        #expect(away.status == .degraded)
        #expect(away.reasons == ["news: no answer for 301 s: too many requests"])
        news.state = .live
        #expect(health { $0.news = news }.news == ComponentHealth())
    }

    @Test func `answers 200 when degraded and 503 when unhealthy`() async throws {
        let port = SidePort()
        try await port.serve { http in
            port.board.update { $0.deadLetterDepth = 51 }
            let degraded = await http.get("/health")
            #expect(degraded.status == 200)
            #expect(degraded.body.hasPrefix(#"{"status":"degraded","reasons":["dead_letters: 51"#))
            port.board.update { $0.store = .failing(reason: "disk full") }
            let unhealthy = await http.get("/health")
            #expect(unhealthy.status == 503)
            #expect(unhealthy.body.hasPrefix(#"{"status":"unhealthy""#))
        }
    }
}
