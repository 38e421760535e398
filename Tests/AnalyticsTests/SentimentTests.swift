import Analytics
import Foundation
import MarketModel
import TestSupport
import Testing

@Suite struct `Sentiment of a headline` {
    static let analyzer = SentimentAnalyzer(lexicon: .vader())

    @Test func `a good quarter is positive and a fraud negative`() {
        #expect(Self.analyzer.score("Great quarter, strong growth!").label == .positive)
        #expect(Self.analyzer.score("Fraud charges and heavy losses").label == .negative)
        #expect(Self.analyzer.score("Board meets on Tuesday").label == .neutral)
    }

    @Test(arguments: ["", " \t\u{2003}\n"])
    func `a text without words scores zero`(text: String) {
        #expect(
            Self.analyzer.score(text)
                == Sentiment(compound: 0, positive: 0, neutral: 0, negative: 0))
    }

    @Test func `the reference's own examples score as the reference scores them`() throws {
        try expectReferenceScores(SentimentExamples.published)
    }

    @Test func `odd texts score as the reference scores them`() throws {
        try expectReferenceScores(SentimentExamples.odd)
    }

    @Test func `ten thousand composed headlines score as the reference scores them`() throws {
        let seed = UInt64(
            ProcessInfo.processInfo.environment["SENTIMENT_SEED"] ?? "20260102")
        let composer = HeadlineComposer(seed: try #require(seed))
        try expectReferenceScores(
            composer.headlines(10_000), "SENTIMENT_SEED=\(composer.seed)")
    }

    @Test func `a rating of one's own counts beside the reference's`() {
        let analyzer = SentimentAnalyzer(lexicon: .vader().rating(["Downgrade": -2]))
        let text = "Broker downgrade"
        #expect(Self.analyzer.score(text).compound == 0)
        #expect(analyzer.score(text).label == .negative)
        #expect(analyzer.score("Great").compound == Self.analyzer.score("Great").compound)
    }

    private func expectReferenceScores(_ texts: [String], _ origin: String = "") throws {
        let answer = try ReferenceProgram.run(
            "Tests/AnalyticsTests/Reference/vader_oracle.py", input: try JSONEncoder().encode(texts)
        )
        let expected = try JSONDecoder().decode([[Double]].self, from: answer)
        try #require(expected.count == texts.count)
        var differing: [String] = []
        for (text, expected) in zip(texts, expected) {
            let score = Self.analyzer.score(text)
            let own = [score.compound, score.positive, score.neutral, score.negative]
            if own != expected { differing.append("\(text): \(own), not \(expected)") }
        }
        let report = differing.prefix(10).joined(separator: "\n")
        #expect(differing.isEmpty, "\(origin) \(differing.count) differ:\n\(report)")
    }
}
