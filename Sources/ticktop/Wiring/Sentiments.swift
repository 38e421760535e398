import Analytics
import MarketModel

/// How headlines are scored: VADER with its own lexicon.
enum Sentiments {
    static let score: @Sendable (String) -> Sentiment? = {
        let analyzer = SentimentAnalyzer(lexicon: .vader())
        return { analyzer.score($0) }
    }()
}
