import MarketModel

/// How headlines are scored.
enum Sentiments {
    static let score: @Sendable (String) -> Sentiment? = { _ in nil }
}
