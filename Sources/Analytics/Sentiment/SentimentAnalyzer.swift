import MarketModel

/// Scores texts as vaderSentiment 3.3.2 does, figure for figure.
///
/// VADER: Hutto and Gilbert, "A Parsimonious Rule-based Model for Sentiment Analysis of Social
/// Media Text", ICWSM-14. One analyzer serves any number of threads.
public struct SentimentAnalyzer: Sendable {
    private let lexicon: SentimentLexicon
    private let table: WordTable

    /// Takes some milliseconds: make it once.
    public init(lexicon: SentimentLexicon) {
        self.lexicon = lexicon
        table = lexicon.table()
    }

    /// Compound to 4 decimals, shares to 3, each rounded half to even. All zero for a text without
    /// words; a text without rated words is all neutral. Time grows with the text's length.
    public func score(_ text: String) -> Sentiment {
        let text = SentimentText(text, lexicon: lexicon, table: table)
        guard !text.tokens.isEmpty else {
            return Sentiment(compound: 0, positive: 0, neutral: 0, negative: 0)
        }
        var valences = text.tokens.indices.map { TokenValence(text: text, index: $0).value }
        if let but = text.tokens.firstIndex(where: { $0.word.role == .but }) {
            Self.weigh(&valences, around: but)
        }
        return Self.sentiment(valences, emphasis: Self.emphasis(text))
    }

    /// Halves what precedes the "but" and raises what follows it.
    ///
    /// The reference looks each valence up by its value and changes the first that is equal: kept,
    /// to equal it where two are.
    private static func weigh(_ valences: inout [Double], around but: Int) {
        for index in valences.indices {
            guard valences[index] != 0, let first = valences.firstIndex(of: valences[index]) else {
                continue
            }
            if first < but { valences[first] *= 0.5 }
            if first > but { valences[first] *= 1.5 }
        }
    }

    /// What exclamation marks (four at most) and question marks (from two) add.
    private static func emphasis(_ text: SentimentText) -> Double {
        let exclamation = Double(min(text.exclamationMarks, 4)) * 0.292
        return switch text.questionMarks {
        case ...1: exclamation
        case 2...3: exclamation + Double(text.questionMarks) * 0.18
        default: exclamation + 0.96
        }
    }

    private static func sentiment(_ valences: [Double], emphasis: Double) -> Sentiment {
        var (sum, positive, negative, neutral) = (0.0, 0.0, 0.0, 0.0)
        for valence in valences {
            sum += valence
            // One more, since a neutral word counts one.
            if valence > 0 { positive += valence + 1 }
            if valence < 0 { negative += 1 - valence }
            if valence == 0 { neutral += 1 }
        }
        if sum != 0 { sum += sum > 0 ? emphasis : -emphasis }
        if positive > negative { positive += emphasis }
        if positive < negative { negative += emphasis }
        let total = positive + negative + neutral
        return Sentiment(
            compound: normalised(sum).roundedHalfEven(places: 4),
            positive: (positive / total).roundedHalfEven(places: 3),
            neutral: (neutral / total).roundedHalfEven(places: 3),
            negative: (negative / total).roundedHalfEven(places: 3))
    }

    /// Brings a sum into [-1, 1]. 15 is near the largest sum of an ordinary sentence.
    private static func normalised(_ sum: Double) -> Double {
        max(-1, min(1, sum / (sum * sum + 15).squareRoot()))
    }
}

extension Double {
    /// The nearest number of so many decimals, by the exact binary value; a tie goes to the even
    /// one. For magnitudes below 2^53 / 10^places.
    func roundedHalfEven(places: Int) -> Double {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let product = self * scale
        // What the product lost, exactly: decides near a tie.
        let lost = (-product).addingProduct(self, scale)
        let whole = product.rounded(.down)
        let pastTie = product - whole - 0.5
        if pastTie == 0 && lost != 0 { return (lost > 0 ? whole + 1 : whole) / scale }
        return product.rounded(.toNearestOrEven) / scale
    }
}
