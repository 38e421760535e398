/// The valence of one token among its neighbours.
struct TokenValence {
    /// Capitals among ordinary words add this much. Found by experiment, as all constants here.
    private static let capitals = 0.733
    private static let negation = -0.74
    /// "never so good" and "never this good" praise.
    private static let neverSo = 1.25
    /// A modifier counts for less the farther it stands from the word.
    private static let damping = [1, 0.95, 0.9]

    let text: SentimentText
    let index: Int

    var value: Double {
        guard let rated = rated else { return 0 }
        var valence = emphasised(rated)
        for distance in 1...3 where distance <= index && word(distance).valence == nil {
            valence += boost(distance, valence) * Self.damping[distance - 1]
            valence *= negation(distance)
            if distance == 3 { valence = idiomatic(valence) }
        }
        return isLeast ? valence * Self.negation : valence
    }

    /// The lexicon's valence, turned by a "no" before it. `nil` for a modifier or an unrated word.
    private var rated: Double? {
        let word = word(0)
        let isKindOf = word.role == .kind && following(1)?.role == .of
        guard word.boost == 0, !isKindOf, let valence = word.valence else { return nil }
        if followsNo { return valence * Self.negation }
        return word.role == .no && following(1)?.valence != nil ? 0 : valence
    }

    private var followsNo: Bool {
        preceding(1)?.role == .no || preceding(2)?.role == .no
            || preceding(3)?.role == .no
                && (preceding(1)?.role == .or || preceding(1)?.role == .nor)
    }

    private func emphasised(_ valence: Double) -> Double {
        guard text.hasEmphasis, text.tokens[index].isCapitals else { return valence }
        return valence > 0 ? valence + Self.capitals : valence - Self.capitals
    }

    /// What the word so many places before adds.
    private func boost(_ distance: Int, _ valence: Double) -> Double {
        let token = text.tokens[index - distance]
        guard token.word.boost != 0 else { return 0 }
        let boost = valence < 0 ? -token.word.boost : token.word.boost
        guard text.hasEmphasis, token.isCapitals else { return boost }
        return valence > 0 ? boost + Self.capitals : boost - Self.capitals
    }

    /// The factor by which the word so many places before turns the valence.
    private func negation(_ distance: Int) -> Double {
        let next = word(1).role
        let role = word(distance).role
        switch distance {
        case 2:
            if role == .never, next == .so || next == .this { return Self.neverSo }
            if role == .without, next == .doubt { return 1 }
        case 3:
            let middle = word(2).role
            // The reference asks for "never" only where "so" stands between: kept, to equal it.
            if role == .never && (middle == .so || middle == .this) || next == .so || next == .this
            {
                return Self.neverSo
            }
            if role == .without, middle == .doubt || next == .doubt { return 1 }
        default: break
        }
        return word(distance).isNegation ? Self.negation : 1
    }

    /// The valence of the idiom the token stands in, less the dampening phrases before it.
    private func idiomatic(_ valence: Double) -> Double {
        let (third, second, first, own) = (word(3).role, word(2).role, word(1).role, word(0).role)
        var valence = valence
        if let idiom = Idiom.valence(first, own) ?? Idiom.valence(second, first, own)
            ?? Idiom.valence(second, first) ?? Idiom.valence(third, second, first)
            ?? Idiom.valence(third, second)
        {
            valence = idiom
        }
        if let next = following(1)?.role {
            valence = Idiom.valence(own, next) ?? valence
            if let last = following(2)?.role { valence = Idiom.valence(own, next, last) ?? valence }
        }
        if Idiom.isDampener(third, second) { valence -= Modifiers.boost }
        if Idiom.isDampener(second, first) { valence -= Modifiers.boost }
        return valence
    }

    /// "least" negates, "at least" and "very least" do not.
    private var isLeast: Bool {
        guard let last = preceding(1), last.role == .least, last.valence == nil else {
            return false
        }
        let before = preceding(2)?.role
        return before != .at && before != .very
    }

    private func word(_ distance: Int) -> SentimentWord { text.tokens[index - distance].word }

    private func preceding(_ distance: Int) -> SentimentWord? {
        distance <= index ? word(distance) : nil
    }

    private func following(_ distance: Int) -> SentimentWord? {
        index + distance < text.tokens.count ? text.tokens[index + distance].word : nil
    }
}
