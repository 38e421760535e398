/// The ratings a `SentimentAnalyzer` works with.
public struct SentimentLexicon: Sendable {
    private var valences: [String: Double] = [:]
    private var emoji: [Unicode.Scalar: [UInt8]] = [:]

    /// VADER 3.3.2's words, slang, emoticons and emoji. Takes some milliseconds: make it once.
    public static func vader() -> SentimentLexicon {
        var lexicon = SentimentLexicon()
        let ratings = [
            StronglyNegativeWords.lines, MildlyNegativeWords.lines, PositiveWords.lines,
        ]
        for rating in ratings { lexicon.addWords(rating) }
        lexicon.addEmoji(EmojiDescriptions.lines)
        return lexicon
    }

    /// The lexicon with these words rated so, in [-4, 4], in place of any rating they had.
    ///
    /// Words are compared in lower case; those with a blank are never met.
    public func rating(_ ratings: [String: Double]) -> SentimentLexicon {
        var lexicon = self
        for (word, valence) in ratings { lexicon.valences[word.lowercased()] = valence }
        return lexicon
    }

    /// The UTF-8 of what the emoji shows, in words. `nil` for other scalars.
    func description(_ scalar: Unicode.Scalar) -> [UInt8]? { emoji[scalar] }

    /// Every word the rules look at: rated, modifying, negating or named.
    func table() -> WordTable {
        var words = valences.mapValues { SentimentWord(valence: $0) }
        for word in Modifiers.intensifiers.words {
            words[word, default: SentimentWord()].boost = Modifiers.boost
        }
        for word in Modifiers.dampeners.words {
            words[word, default: SentimentWord()].boost = -Modifiers.boost
        }
        for word in Modifiers.negations.words {
            words[word, default: SentimentWord()].isNegation = true
        }
        for (word, role) in WordRole.spellings {
            words[word, default: SentimentWord()].role = role
        }
        return WordTable(words)
    }

    private mutating func addWords(_ lines: String) {
        for line in lines.split(separator: "\n") {
            let columns = line.split(separator: " ")
            guard let valence = Double(columns[0]) else {
                preconditionFailure("a line of the lexicon opens with no valence: \(line)")
            }
            for word in columns.dropFirst() { valences[String(word)] = valence }
        }
    }

    private mutating func addEmoji(_ lines: String) {
        // By scalars: a skin tone would join the bar before it into one character.
        for entry in lines.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "|" }) {
            guard let scalar = entry.first else { continue }
            emoji[scalar] = Array(String(entry.dropFirst(2)).utf8)
        }
    }
}

extension String {
    fileprivate var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }
}
