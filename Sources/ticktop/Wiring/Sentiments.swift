import Analytics
import MarketModel

/// How headlines and summaries are scored: VADER, with its own lexicon or the market's words too.
enum Sentiments {
    static let score: @Sendable (String, SentimentLexiconName) -> Sentiment? = {
        let vader = SentimentAnalyzer(lexicon: .named(.vader))
        let finance = SentimentAnalyzer(lexicon: .named(.finance))
        return { text, lexicon in
            switch lexicon {
            case .vader: vader.score(text)
            case .finance: finance.score(text)
            }
        }
    }()
}
