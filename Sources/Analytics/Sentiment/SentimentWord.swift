/// What the lexicon knows of one word, in lower case.
struct SentimentWord: Equatable, Sendable {
    /// Mean rating in [-4, 4]. `nil`: the lexicon does not rate the word.
    var valence: Double?
    /// What an intensifier ("very") adds to, and a dampener ("hardly") takes from, the word it
    /// precedes. Zero for other words.
    var boost = 0.0
    var isNegation = false
    var role = WordRole.other
}

/// A word the rules ask for by name.
enum WordRole: UInt8, Sendable {
    case other
    case no, nor, or
    case never, so, this, without, doubt
    case at, least, very
    case but
    case enough, just, kind, of, sort
    case ass, bad, beating, bomb, bus, death, die, `for`, heart, kiss, right, shit, stop, the, to
    case yeah

    static let spellings: [(String, WordRole)] = [
        ("no", .no), ("nor", .nor), ("or", .or),
        ("never", .never), ("so", .so), ("this", .this), ("without", .without), ("doubt", .doubt),
        ("at", .at), ("least", .least), ("very", .very), ("but", .but),
        ("enough", .enough), ("just", .just), ("kind", .kind), ("of", .of), ("sort", .sort),
        ("ass", .ass), ("bad", .bad), ("beating", .beating), ("bomb", .bomb), ("bus", .bus),
        ("death", .death), ("die", .die), ("for", .for), ("heart", .heart), ("kiss", .kiss),
        ("right", .right), ("shit", .shit), ("stop", .stop), ("the", .the), ("to", .to),
        ("yeah", .yeah),
    ]
}

/// Phrases that mean other than their words do.
enum Idiom {
    /// The valence that replaces the sum of the parts. `nil`: not an idiom.
    static func valence(_ first: WordRole, _ second: WordRole) -> Double? {
        switch (first, second) {
        case (.the, .shit), (.the, .bomb): 3
        case (.beating, .heart): 3.5
        case (.bad, .ass): 1.5
        case (.bus, .stop): 0
        case (.yeah, .right): -2
        default: nil
        }
    }

    static func valence(_ first: WordRole, _ second: WordRole, _ third: WordRole) -> Double? {
        switch (first, second, third) {
        case (.to, .die, .for): 3
        case (.kiss, .of, .death): -1.5
        default: nil
        }
    }

    static func isDampener(_ first: WordRole, _ second: WordRole) -> Bool {
        switch (first, second) {
        case (.kind, .of), (.sort, .of), (.just, .enough): true
        default: false
        }
    }
}
