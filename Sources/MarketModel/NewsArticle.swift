/// A news article about one ticker. Its texts are untrusted.
public struct NewsArticle: Equatable, Sendable {
    /// Identity together with the source and the ticker.
    public var articleID: String
    public var symbol: Symbol
    public var headline: String
    public var summary: String
    /// The publisher, as the provider names it.
    public var publisher: String
    public var url: String
    public var publishedAt: Timestamp

    public init(
        articleID: String, symbol: Symbol, headline: String, summary: String, publisher: String,
        url: String, publishedAt: Timestamp
    ) {
        self.articleID = articleID
        self.symbol = symbol
        self.headline = headline
        self.summary = summary
        self.publisher = publisher
        self.url = url
        self.publishedAt = publishedAt
    }
}

/// What VADER says of a text: shares in [0, 1] and the compound score in [-1, 1].
public struct Sentiment: Equatable, BitwiseCopyable, Sendable {
    public var compound: Double
    public var positive: Double
    public var neutral: Double
    public var negative: Double

    public init(compound: Double, positive: Double, neutral: Double, negative: Double) {
        self.compound = compound
        self.positive = positive
        self.neutral = neutral
        self.negative = negative
    }

    public enum Label: String, Sendable { case positive, neutral, negative }

    /// Positive from 0.05, negative to -0.05.
    public var label: Label {
        compound >= 0.05 ? .positive : compound <= -0.05 ? .negative : .neutral
    }
}

/// How strongly an article and its ticker's volume go together (analytics.md, section 6). The raw
/// value is stored and served.
public enum CorrelationStrength: String, CaseIterable, BitwiseCopyable, Sendable {
    case strong, moderate, weak, none
}

/// The join of an article with the volume scores of its ticker from 60 s before to 60 s after it.
public struct NewsCorrelation: Equatable, BitwiseCopyable, Sendable {
    public var strength: CorrelationStrength
    /// The largest of those seconds; `nil` when none of them has a score.
    public var volumeZScore: Double?

    public init(strength: CorrelationStrength, volumeZScore: Double?) {
        self.strength = strength
        self.volumeZScore = volumeZScore
    }
}

/// An article with what the analytics made of it. Comes again when a correlation changes.
public struct ScoredArticle: Equatable, Sendable {
    public var article: NewsArticle
    public var source: FeedSource
    public var receivedAt: Timestamp
    public var position: LogPosition
    /// Of the headline.
    public var sentiment: Sentiment?
    /// `nil` also without a summary.
    public var summarySentiment: Sentiment?
    /// `nil` when nothing is kept of the seconds around it.
    public var correlation: NewsCorrelation?

    public init(
        article: NewsArticle, source: FeedSource, receivedAt: Timestamp, position: LogPosition,
        sentiment: Sentiment?
    ) {
        self.article = article
        self.source = source
        self.receivedAt = receivedAt
        self.position = position
        self.sentiment = sentiment
    }
}
