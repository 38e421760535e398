import Analytics
import MarketModel
import TestSupport
import Testing

@Suite("Episodes")
struct EpisodeTests {
    private func at(_ second: Double) -> Timestamp {
        TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
    }

    private func hit(_ percent: Double, kind: AnomalyKind = .velocity) -> RuleHit {
        RuleHit(
            kind: kind, severity: abs(percent) >= 1 ? .critical : .high, score: percent,
            threshold: 0.5, amount: 200_000_000_000, reference: 201_000_000_000)
    }

    private func add(
        _ hit: RuleHit, second: Double, offset: Int64, to episodes: inout TickerEpisodes
    ) -> [Episode] {
        var sent: [Episode] = []
        episodes.add(
            hit, of: "AAPL", at: at(second), position: LogPosition(epoch: 1, offset: offset),
            features: { nil }, into: &sent)
        return sent
    }

    private func turn(_ episodes: inout TickerEpisodes, second: Double) -> [Episode] {
        var sent: [Episode] = []
        episodes.turnSecond(
            to: at(second), of: "AAPL", position: LogPosition(epoch: 1, offset: 999), into: &sent)
        return sent
    }

    @Test func `the first hit opens an episode and is sent at once`() throws {
        var episodes = TickerEpisodes()
        let opened = try #require(add(hit(0.6), second: 1, offset: 7, to: &episodes).first)
        #expect(opened.id == "velocity-AAPL-1.7.0")
        #expect(opened.isOpen)
        #expect(opened.hits == 1)
        #expect(opened.severity == .high)
        #expect(opened.firstAt == at(1))
    }

    @Test func `hits within 60 s join, and are sent at most once a second`() throws {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        for index in 2...100 {
            let sent = add(hit(0.55), second: 1.5, offset: Int64(index), to: &episodes)
            #expect(sent.isEmpty)
        }
        let sent = turn(&episodes, second: 2)
        #expect(sent.map(\.hits) == [100])
        #expect(sent[0].position == LogPosition(epoch: 1, offset: 100))
        #expect(turn(&episodes, second: 3).isEmpty)
    }

    @Test func `a rise in severity is sent at once, and the worst score is kept with its sign`()
        throws
    {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        let worse = try #require(add(hit(-1.2), second: 2, offset: 2, to: &episodes).first)
        #expect(worse.severity == .critical)
        #expect(worse.worstScore == -1.2)
        #expect(worse.explanation.contains("1.2 % down"))
        #expect(add(hit(0.7), second: 3, offset: 3, to: &episodes).isEmpty)
        let later = try #require(turn(&episodes, second: 4).first)
        #expect(later.severity == .critical)
        #expect(later.worstScore == -1.2)
        #expect(later.hits == 3)
    }

    @Test func `it closes after 60 s of engine time without a hit`() throws {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        #expect(turn(&episodes, second: 61).isEmpty)
        let closed = try #require(turn(&episodes, second: 62).first)
        #expect(!closed.isOpen)
        #expect(closed.lastAt == at(1))
        #expect(closed.position == LogPosition(epoch: 1, offset: 999))
        #expect(episodes.isEmpty)
    }

    @Test func `a hit after the end closes the old episode and opens another`() {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        let sent = add(hit(0.6), second: 61.5, offset: 2, to: &episodes)
        #expect(sent.map(\.isOpen) == [false, true])
        #expect(sent.map(\.id) == ["velocity-AAPL-1.1.0", "velocity-AAPL-1.2.0"])
    }

    @Test func `it closes at 15 minutes however many hits there are`() {
        var episodes = TickerEpisodes()
        var sent: [Episode] = []
        for second in 0...901 {
            sent += add(hit(0.6), second: Double(second), offset: Int64(second), to: &episodes)
            sent += turn(&episodes, second: Double(second))
        }
        let closed = sent.filter { !$0.isOpen }
        #expect(closed.map(\.id) == ["velocity-AAPL-1.0.0"])
        #expect(closed[0].lastAt.duration(since: closed[0].firstAt) == .seconds(899))
        #expect(episodes.open.map(\.firstAt) == [at(900)])
    }

    @Test func `each kind has its own episode`() {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        _ = add(hit(6, kind: .priceSpike), second: 1, offset: 1, to: &episodes)
        #expect(episodes.open.map(\.kind) == [.velocity, .priceSpike])
    }

    @Test func `open episodes survive being written and read`() throws {
        var episodes = TickerEpisodes()
        _ = add(hit(0.6), second: 1, offset: 1, to: &episodes)
        _ = add(hit(0.7), second: 1, offset: 2, to: &episodes)
        var writer = StateWriter()
        episodes.encode(into: &writer)
        var reader = StateReader(writer.bytes)
        let read = try TickerEpisodes(from: &reader)
        #expect(read.open == episodes.open)
        #expect(reader.isAtEnd)
    }
}
