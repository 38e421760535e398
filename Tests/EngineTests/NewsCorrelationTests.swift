import Analytics
import Engine
import Foundation
import MarketModel
import TestSupport
import Testing

/// A headline that says its own score: `0.62`.
@Sendable private func spokenScore(_ text: String, _: SentimentLexiconName) -> Sentiment? {
    Double(text).map { Sentiment(compound: $0, positive: 0, neutral: 1, negative: 0) }
}

@Suite("News joined with volume")
struct NewsCorrelationTests {
    /// Trades of 100 shares a second from 0 on, and of 900 during `burst`, with the clocks.
    private func log(burst: Range<Int>, until end: Int) -> LogScript {
        var log = LogScript()
        for second in 0..<end { add(second, burst, to: &log) }
        return log
    }

    private func add(_ second: Int, _ burst: Range<Int>, to log: inout LogScript) {
        log.clock(second: Double(second))
        log.trade(
            at: "10",
            size: burst.contains(second) ? 900 : Size(integerLiteral: 90 + Int64(second % 7) * 4),
            second: Double(second) + 0.5, sequence: SequenceNumber(second + 1))
    }

    private func article(
        _ id: String, score: String, published second: Double, summary: String = ""
    ) -> LogScript.Entry {
        .article(
            NewsArticle(
                articleID: id, symbol: "AAPL", headline: score, summary: summary, publisher: "",
                url: "", publishedAt: TestMorning.open.advanced(byNanoseconds: Int64(second * 1e9)))
        )
    }

    private func run(_ log: LogScript, _ settings: AnalyticsSettings = AnalyticsSettings()) throws
        -> Run
    {
        try Run(log, settings: settings, scoreText: spokenScore)
    }

    @Test func `volume after a headline makes it strong once its minute is over`() throws {
        var log = log(burst: 0..<0, until: 300)
        log.add(article("1", score: "0.62", published: 299), source: .finnhub, second: 300)
        for second in 300..<370 { add(second, 320..<325, to: &log) }
        let run = try run(log)
        let versions = run.effects.articles
        #expect(versions.map(\.correlation?.strength) == [CorrelationStrength.none, .strong])
        #expect(versions.map(\.position).first == versions.map(\.position).last)
        #expect(run.snapshot.articles.map(\.correlation) == [versions.last?.correlation])
        let episode = try #require(
            run.effects.episodes.first { $0.kind == .newsCorrelation })
        #expect(episode.severity == .high && episode.hits == 1)
        #expect(episode.worstScore == versions.last?.correlation?.volumeZScore)
        #expect(
            episode.explanation
                == "headline of 2026-01-02T14:34:59.000Z scores 0.62, with a volume z-score of 10"
                + " within 60 s of it (threshold 3)")
        #expect(run.effects.episodes.filter { $0.kind == .newsCorrelation && $0.isOpen }.count == 1)
    }

    @Test func `a headline that comes minutes after its volume joins it at once`() throws {
        var log = log(burst: 250..<255, until: 600)
        log.add(article("1", score: "-0.7", published: 290), source: .finnhub, second: 600)
        log.add(article("2", score: "-0.7", published: 330), source: .finnhub, second: 600)
        for second in 600..<700 { add(second, 0..<0, to: &log) }
        let run = try run(log)
        #expect(
            run.effects.articles.map(\.correlation?.strength) == [
                .strong, CorrelationStrength.none,
            ])
        #expect(run.effects.episodes.contains { $0.kind == .newsCorrelation })
    }

    @Test func `an article older than what is kept is not joined`() throws {
        var log = log(burst: 100..<105, until: 1930)
        log.add(article("old", score: "0.9", published: 110), source: .finnhub, second: 1930)
        log.add(article("kept", score: "0.9", published: 150), source: .finnhub, second: 1930)
        log.add(article("before", score: "0.9", published: -90), source: .finnhub, second: 1930)
        let run = try run(log)
        #expect(run.effects.articles.map(\.correlation?.strength) == [nil, .strong, nil])
    }

    @Test func `an article about a ticker without trades is not joined`() throws {
        var log = LogScript()
        log.clock(second: 0)
        log.add(article("1", score: "0.9", published: 0), source: .finnhub, second: 1)
        log.clocks(1...100)
        let run = try run(log)
        #expect(run.effects.articles.map(\.correlation) == [nil])
    }

    @Test func `the rule can be switched off, the join goes on`() throws {
        var settings = AnalyticsSettings()
        settings.rules.newsCorrelationIsOn = false
        var log = log(burst: 250..<255, until: 300)
        log.add(article("1", score: "0.7", published: 290), source: .finnhub, second: 300)
        let run = try run(log, settings)
        #expect(run.effects.articles.map(\.correlation?.strength) == [.strong])
        #expect(!run.effects.episodes.contains { $0.kind == .newsCorrelation })
    }

    @Test func `a summary is scored apart from its headline, and an empty one not at all`() throws {
        var log = LogScript()
        log.add(
            article("1", score: "0.9", published: 0, summary: "-0.3"), source: .finnhub, second: 1)
        log.add(article("2", score: "0.9", published: 0), source: .finnhub, second: 1)
        let run = try run(log)
        #expect(run.effects.articles.map(\.sentiment?.compound) == [0.9, 0.9])
        #expect(run.effects.articles.map(\.summarySentiment?.compound) == [-0.3, nil])
    }

    @Test func `the lexicon of the settings is the one that scores`() throws {
        var settings = AnalyticsSettings()
        settings.sentimentLexicon = .finance
        var log = LogScript()
        log.add(article("1", score: "Apple misses", published: 0), source: .finnhub, second: 1)
        let run = try Run(
            log, settings: settings,
            scoreText: { _, lexicon in
                spokenScore(lexicon == .finance ? "-0.5" : "0", lexicon)
            })
        #expect(run.effects.articles.map(\.sentiment?.compound) == [-0.5])
    }

    @Test(arguments: 41...43 as ClosedRange<UInt64>)
    func `is what brute force makes of the definitions`(seed: UInt64) throws {
        let market = NewsMarket(seed: seed)
        let run = try run(market.log, market.settings)
        var versions: [String: [NewsCorrelation?]] = [:]
        for article in run.effects.articles {
            versions[article.article.articleID, default: []].append(article.correlation)
        }
        let expected = try market.expected()
        #expect(versions.count == market.articleCount)
        for (id, mine) in versions {
            let theirs = try #require(expected[id], "seed \(seed), article \(id)")
            #expect(
                mine.map { $0?.strength } == theirs.map { $0?.strength },
                "seed \(seed), article \(id)")
            for (mine, theirs) in zip(mine, theirs) {
                let isClose =
                    zip([mine?.volumeZScore ?? 99], [theirs?.volumeZScore ?? 99]).allSatisfy {
                        abs($0 - $1) <= 1e-9 * max(1, abs($1))
                    }
                #expect(
                    isClose, "seed \(seed), article \(id): \(mine as Any), not \(theirs as Any)")
            }
        }
        let strengths = Set(versions.values.compactMap { $0.last??.strength })
        #expect(strengths == Set(CorrelationStrength.allCases), "seed \(seed)")
    }

    @Test(arguments: [47, 48] as [UInt64])
    func `is the same for any batch size, and across copies of the state`(seed: UInt64) throws {
        let market = NewsMarket(seed: seed)
        let whole = try run(market.log)
        for (size, restart) in [(1, nil), (7, 40), (997, 1)] as [(Int, Int?)] {
            let cut = try Run(
                market.log, batchSize: size, restartEvery: restart, scoreText: spokenScore)
            #expect(cut.hash == whole.hash, "batches of \(size), seed \(seed)")
            #expect(cut.effects.rows == whole.effects.rows, "batches of \(size), seed \(seed)")
        }
    }
}

/// A seeded log of bursts, silences, late trades and articles of every age.
private struct NewsMarket {
    private(set) var log = LogScript()
    private(set) var articleCount = 0
    private var random: SeededRandom
    private var sequence: SequenceNumber = 0
    private let tickers: [Symbol] = ["AAPL", "MSFT", "TSLA"]
    let settings: AnalyticsSettings

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        var settings = AnalyticsSettings()
        settings.latenessSeconds = seed % 2 == 0 ? 2 : 15
        self.settings = settings
        for second in 0..<2600 {
            log.clock(second: Double(second))
            // A silence of the whole market, without clock records too in part.
            if (1200..<1300).contains(second) { continue }
            for (index, symbol) in tickers.enumerated() { trades(symbol, index, second) }
            if chance(0.05) { article(second) }
        }
    }

    private mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < share
    }

    private mutating func trades(_ symbol: Symbol, _ index: Int, _ second: Int) {
        let isBurst = second / 40 % 9 == index * 3
        var count = index == 2 ? (chance(0.03) ? 1 : 0) : isBurst ? 6 : 2
        while count > 0 {
            count -= 1
            sequence += 1
            let back =
                chance(0.1)
                ? Double.random(in: 0...settings.latenessSeconds + 1, using: &random) : 0
            log.trade(
                symbol, at: "10",
                size: Size(
                    integerLiteral: Int64.random(in: 0...(isBurst ? 900 : 300), using: &random)),
                second: Double(second) + Double.random(in: 0..<1, using: &random) - back,
                sequence: sequence, received: Double(second) + 1,
                conditions: chance(0.1) ? [15] : [])
        }
    }

    private mutating func article(_ second: Int) {
        articleCount += 1
        let ages = [0.0, 5, 59, 61, 300, 1750, 1900, -3]
        let age = ages[Int.random(in: ages.indices, using: &random)]
        let compound = Int.random(in: -9...9, using: &random)
        log.add(
            .article(
                NewsArticle(
                    articleID: "\(articleCount)",
                    symbol: tickers[Int.random(in: 0..<3, using: &random)],
                    headline: "\(Double(compound) / 10)", summary: "", publisher: "", url: "",
                    publishedAt: TestMorning.open.advanced(
                        byNanoseconds: Int64(
                            (Double(second) - age + Double.random(in: 0..<1, using: &random)) * 1e9)
                    ))),
            source: .finnhub, second: Double(second) + 1)
    }

    /// What the Python reference makes of the same log.
    func expected() throws -> [String: [NewsCorrelation?]] {
        let entries = log.entries.compactMap { entry -> [Any]? in
            switch entry.entry {
            case .event(.clock): return ["clock", entry.receivedAt.nanoseconds]
            case .event(.trade(let trade)):
                return [
                    "trade", trade.symbol.description, trade.executedAt.nanoseconds,
                    trade.size.units, trade.conditions.isEmpty,
                ]
            case .article(let article):
                return [
                    "article", article.symbol.description, article.articleID,
                    article.publishedAt.nanoseconds, Double(article.headline) ?? 0,
                ]
            default: return nil
            }
        }
        let answer = try ReferenceProgram.run(
            "Tests/EngineTests/Reference/news_oracle.py",
            input: try JSONSerialization.data(withJSONObject: [
                "lateness": settings.latenessNanoseconds, "log": entries,
            ]))
        struct Verdict: Decodable {
            var correlation: NewsCorrelation

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                let name = try values.decode(String.self)
                let score = try values.decodeIfPresent(Double.self)
                correlation = NewsCorrelation(
                    strength: try #require(CorrelationStrength(rawValue: name)),
                    volumeZScore: score)
            }
        }
        return try JSONDecoder().decode([String: [Verdict?]].self, from: answer)
            .mapValues { $0.map { $0?.correlation } }
    }
}
