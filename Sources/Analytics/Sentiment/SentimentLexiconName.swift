/// Which ratings headlines are scored with. Travels in the settings, so that a replay uses the
/// same.
public enum SentimentLexiconName: String, CaseIterable, Codable, Sendable {
    /// VADER's own: the reference holds.
    case vader
    /// VADER's, with the words of the market rated as the market means them.
    case finance
}

extension SentimentLexicon {
    /// Takes some milliseconds: make it once.
    public static func named(_ name: SentimentLexiconName) -> SentimentLexicon {
        switch name {
        case .vader: vader()
        case .finance: vader().rating(FinanceWords.ratings)
        }
    }
}
