import TestSupport

/// Composes headlines from words that set off each of VADER's rules. One seed, one list.
struct HeadlineComposer {
    let seed: UInt64
    private var random: SeededRandom

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    func headlines(_ count: Int) -> [String] {
        var composer = self
        return (0..<count).map { _ in composer.headline() }
    }

    private mutating func headline() -> String {
        let words = (0..<Int.random(in: 1...16, using: &random)).map { _ in word() }
        return words.joined(separator: chance(0.03) ? "  " : " ") + pick(Self.endings)
    }

    private mutating func word() -> String {
        var word = pick(
            pick([
                Self.plain, Self.plain, Self.rated, Self.rated, Self.rated, Self.modifiers,
                Self.negations, Self.phrases, Self.pictures,
            ]))
        if chance(0.15) { word = word.uppercased() }
        if chance(0.1) { word = word.prefix(1).uppercased() + word.dropFirst() }
        if chance(0.2) { word += pick(Self.marks) }
        if chance(0.05) { word = pick(Self.marks) + word }
        if chance(0.03) { word += pick(Self.pictures) }
        return word
    }

    private mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < share
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: items.indices, using: &random)]
    }

    private static let plain = [
        "Apple", "NVDA", "shares", "quarter", "the", "a", "in", "Q3", "on", "board", "5%", "€2bn",
        "guidance", "U.S.", "Société", "Zürich", "東京", "S&P500", "of", "to", "and", "is", "ÅÄÖ",
    ]
    private static let rated = [
        "good", "great", "bad", "loss", "profit", "gains", "fraud", "strong", "weak", "fear", "win",
        "crisis", "lol", "excellent", "worst", "no", "like", "well", "growth", "debt", "killed",
        "gr8", "badass", "terrible", "kind", "heart", "die", "death", "kiss", "shit",
    ]
    private static let modifiers = [
        "very", "really", "hardly", "barely", "most", "slightly", "kind-of", "sort-of", "kindof",
        "extremely", "more", "less", "so", "fucking", "total", "marginally", "little",
    ]
    private static let negations = [
        "not", "never", "isn't", "WON'T", "cannot", "without", "doubt", "despite", "none", "nor",
        "neither", "or", "this", "so", "least", "at", "but", "But", "rarely", "uh-uh", "can’t",
        "xn't",
    ]
    private static let phrases = [
        "kind of", "sort of", "just enough", "the shit", "the bomb", "bad ass", "bus stop",
        "yeah right", "kiss of death", "to die for", "beating heart", "never so", "never this",
        "without doubt", "at least", "very least", "no or", "upper hand", "in the red",
    ]
    private static let pictures = [
        ":)", ":(", ":-D", ":'(", "<3", ";)", "😁", "💘", "📉", "🚀", "❤️", "👍🏽", "😭", "🆙", "©",
        "👩‍💻", "🇺🇸", "xD", "^_^", ":-Þ", "😡😡",
    ]
    private static let marks = [
        ",", ".", "!", "?", ":", ";", "'", "\"", "...", "!!", "??", "-", "—", ")", "(", "$", "…",
        "\u{A0}",
    ]
    private static let endings = [
        "", "", "", ".", "!", "!!!", "!!!!!!", "?", "??", "???", "????", "?!",
    ]
}
