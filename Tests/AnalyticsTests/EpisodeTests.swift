import Analytics
import MarketModel
import TestSupport
import Testing

@Suite("Episodes")
struct EpisodeTests {
    private func at(_ second: Double) -> Timestamp { Ticker.at(second) }

    private func hit(_ percent: Double, kind: AnomalyKind = .velocity) -> RuleHit {
        RuleHit(
            kind: kind, severity: abs(percent) >= 1 ? .critical : .high, score: percent,
            threshold: 0.5, amount: 200_000_000_000, reference: 201_000_000_000)
    }

    @Test func `the first hit opens an episode and is sent at once`() throws {
        let episodes = Ticker()
        let opened = try #require(episodes.add(hit(0.6), second: 1, offset: 7).first)
        #expect(opened.id == "velocity-AAPL-1.7.0")
        #expect(opened.isOpen)
        #expect(opened.hits == 1)
        #expect(opened.severity == .high)
        #expect(opened.firstAt == at(1))
    }

    @Test func `hits within 60 s join, and are sent at most once a second`() throws {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        for index in 2...100 {
            let sent = episodes.add(hit(0.55), second: 1.5, offset: Int64(index))
            #expect(sent.isEmpty)
        }
        let sent = episodes.turn(second: 2)
        #expect(sent.map(\.hits) == [100])
        #expect(sent[0].position == LogPosition(epoch: 1, offset: 100))
        #expect(episodes.turn(second: 3).isEmpty)
    }

    @Test func `a rise in severity is sent at once, and the worst score is kept with its sign`()
        throws
    {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        let worse = try #require(episodes.add(hit(-1.2), second: 2, offset: 2).first)
        #expect(worse.severity == .critical)
        #expect(worse.worstScore == -1.2)
        #expect(worse.explanation.contains("1.2 % down"))
        #expect(episodes.add(hit(0.7), second: 3, offset: 3).isEmpty)
        let later = try #require(episodes.turn(second: 4).first)
        #expect(later.severity == .critical)
        #expect(later.worstScore == -1.2)
        #expect(later.hits == 3)
    }

    @Test func `it closes after 60 s of engine time without a hit`() throws {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        #expect(episodes.turn(second: 61).isEmpty)
        let closed = try #require(episodes.turn(second: 62).first)
        #expect(!closed.isOpen)
        #expect(closed.lastAt == at(1))
        #expect(closed.position == LogPosition(epoch: 1, offset: 999))
        #expect(episodes.isEmpty)
    }

    @Test func `a hit after the end closes the old episode and opens another`() {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        let sent = episodes.add(hit(0.6), second: 61.5, offset: 2)
        #expect(sent.map(\.isOpen) == [false, true])
        #expect(sent.map(\.id) == ["velocity-AAPL-1.1.0", "velocity-AAPL-1.2.0"])
    }

    @Test func `it closes at 15 minutes however many hits there are`() {
        let episodes = Ticker()
        var sent: [Episode] = []
        for second in 0...901 {
            sent += episodes.add(hit(0.6), second: Double(second), offset: Int64(second))
            sent += episodes.turn(second: Double(second))
        }
        let closed = sent.filter { !$0.isOpen }
        #expect(closed.map(\.id) == ["velocity-AAPL-1.0.0"])
        #expect(closed[0].lastAt.duration(since: closed[0].firstAt) == .seconds(899))
        #expect(episodes.open.map(\.firstAt) == [at(900)])
    }

    @Test func `what is shown is what is sent, with its texts, and follows the worst moment`()
        throws
    {
        let episodes = Ticker()
        let sent = try #require(episodes.add(hit(0.6), second: 1, offset: 1).first)
        #expect(episodes.episodes.shown(0, of: "AAPL") == sent)
        #expect(sent.written() == sent)
        let worse = try #require(episodes.add(hit(-1.2), second: 2, offset: 2).first)
        let shown = episodes.episodes.shown(0, of: "AAPL")
        #expect(shown == worse)
        #expect(shown.id == "velocity-AAPL-1.1.0")
        #expect(shown.explanation.contains("1.2 % down"))
        _ = episodes.add(hit(6, kind: .priceSpike), second: 5, offset: 3)
        _ = episodes.episodes.shown(1, of: "AAPL")
        _ = episodes.turn(second: 62.5)
        // The first has closed: the other's texts are its own.
        #expect(episodes.open.map(\.kind) == [.priceSpike])
        #expect(episodes.episodes.shown(0, of: "AAPL").id == "price_spike-AAPL-1.3.0")
    }

    @Test func `each kind has its own episode`() {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        _ = episodes.add(hit(6, kind: .priceSpike), second: 1, offset: 1)
        #expect(episodes.open.map(\.kind) == [.velocity, .priceSpike])
    }

    @Test func `open episodes survive being written and read`() throws {
        let episodes = Ticker()
        _ = episodes.add(hit(0.6), second: 1, offset: 1)
        _ = episodes.add(hit(0.7), second: 1, offset: 2)
        var writer = StateWriter()
        episodes.episodes.encode(into: &writer)
        var reader = StateReader(writer.bytes)
        let read = try TickerEpisodes.decoded(from: &reader, memory: MarketMemory())
        let open = read.open
        #expect(open == episodes.open && open.count == 1)
        #expect(reader.isAtEnd)
    }
}

/// One ticker's episodes, and the moments at which they are told of something.
private final class Ticker {
    var episodes = TickerEpisodes(memory: MarketMemory())

    var open: [OpenEpisode] { episodes.open }
    var isEmpty: Bool { episodes.isEmpty }

    static func at(_ second: Double) -> Timestamp {
        TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9))
    }

    func add(_ hit: RuleHit, second: Double, offset: Int64) -> [Episode] {
        var sent: [Episode] = []
        episodes.add(
            hit, of: "AAPL", at: Ticker.at(second),
            position: LogPosition(epoch: 1, offset: offset), features: { nil }, into: &sent)
        return sent
    }

    func turn(second: Double) -> [Episode] {
        var sent: [Episode] = []
        episodes.turnSecond(
            to: Ticker.at(second), of: "AAPL", position: LogPosition(epoch: 1, offset: 999),
            into: &sent)
        return sent
    }
}
