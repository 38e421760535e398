import Analytics
import MarketModel
import TestSupport
import Testing

@Suite("Operational rules")
struct OperationalRuleTests {
    private let clock = ManualClock(TestMorning.open)

    private func look(
        _ rules: inout OperationalRules, isConnected: Bool = true, isSessionOpen: Bool = true
    ) -> [Episode] {
        rules.observe(
            feed: .massive, isConnected: isConnected, isSessionOpen: isSessionOpen,
            lastEventAt: TestMorning.open, now: clock.now, position: .start)
    }

    @Test func `a connected feed silent for more than 10 s of an open session is stale`() throws {
        var rules = OperationalRules()
        clock.advance(by: .seconds(10))
        #expect(look(&rules).isEmpty)
        clock.advance(by: .seconds(1))
        let episode = try #require(look(&rules).first)
        #expect(episode.kind == .staleFeed)
        #expect(episode.severity == .medium)
        #expect(episode.symbol == nil)
        #expect(episode.id == "stale_feed-massive-\(clock.now.nanoseconds)")
        #expect(episode.explanation == "no event from massive for 11 s (threshold 10 s)")
    }

    @Test func `a feed that is down, or a market that is closed, is not stale`() {
        var rules = OperationalRules()
        clock.advance(by: .seconds(60))
        #expect(look(&rules, isConnected: false).isEmpty)
        #expect(look(&rules, isSessionOpen: false).isEmpty)
    }

    @Test func `a p99 beyond 100 ms is latency, and beyond 500 ms critical`() throws {
        var rules = OperationalRules()
        func look(_ milliseconds: Int64) -> [Episode] {
            rules.observe(
                latencyP99: .milliseconds(milliseconds), now: clock.now, position: .start)
        }
        #expect(look(100).isEmpty)
        #expect(look(101).map(\.severity) == [.high])
        clock.advance(by: .seconds(1))
        let worse = try #require(look(500).first)
        #expect(worse.severity == .critical)
        #expect(worse.hits == 2)
        #expect(
            worse.explanation
                == "receive-to-applied p99 is 500 ms over the last 10 s (threshold 100 ms)")
        clock.advance(by: .seconds(61))
        #expect(look(10).map(\.isOpen) == [false])
        #expect(rules.episodes.isEmpty)
    }

    @Test func `a rule that is off never fires`() {
        var settings = RuleSettings()
        settings.staleFeedIsOn = false
        settings.latencyIsOn = false
        var rules = OperationalRules(settings: settings)
        clock.advance(by: .seconds(60))
        #expect(look(&rules).isEmpty)
        #expect(rules.observe(latencyP99: .seconds(9), now: clock.now, position: .start).isEmpty)
    }
}
