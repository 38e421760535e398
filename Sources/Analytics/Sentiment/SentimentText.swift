/// A text parted into words and emoticons, as VADER parts it.
struct SentimentText {
    struct Token {
        var word: SentimentWord
        var isCapitals: Bool
    }

    private(set) var tokens: [Token] = []
    private(set) var exclamationMarks = 0
    private(set) var questionMarks = 0

    /// Some words are in capitals and some are not, so capitals are emphasis.
    private(set) var hasEmphasis = false

    init(_ text: String, lexicon: SentimentLexicon, table: WordTable) {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            var text = text
            text.withUTF8 { part($0, table) }
        } else {
            Self.spelledOut(text, lexicon).withUnsafeBufferPointer { part($0, table) }
        }
        let capitals = tokens.count { $0.isCapitals }
        hasEmphasis = 0 < capitals && capitals < tokens.count
    }

    private mutating func part(_ text: UnsafeBufferPointer<UInt8>, _ table: WordTable) {
        tokens.reserveCapacity(text.count / 4)
        var start = 0
        for index in 0...text.count where index == text.count || text[index].isBlankASCII {
            if start < index {
                append(UnsafeBufferPointer(rebasing: text[start..<index]), table)
            }
            start = index + 1
        }
    }

    private mutating func append(_ raw: UnsafeBufferPointer<UInt8>, _ table: WordTable) {
        for byte in raw {
            if byte == UInt8(ascii: "!") { exclamationMarks += 1 }
            if byte == UInt8(ascii: "?") { questionMarks += 1 }
        }
        let token = Self.strippedUnlessEmoticon(raw)
        var word = table.word(token) ?? SentimentWord()
        word.isNegation = word.isNegation || Self.containsNT(token)
        tokens.append(Token(word: word, isCapitals: Self.isCapitals(token)))
    }

    /// Without leading and trailing punctuation; whole where two characters or fewer would remain,
    /// since that is an emoticon more often than a word.
    private static func strippedUnlessEmoticon(_ token: UnsafeBufferPointer<UInt8>)
        -> UnsafeBufferPointer<UInt8>
    {
        guard let first = token.firstIndex(where: { !$0.isPunctuationASCII }),
            let last = token.lastIndex(where: { !$0.isPunctuationASCII })
        else { return token }
        let stripped = UnsafeBufferPointer(rebasing: token[first...last])
        return stripped.count { !$0.isContinuation } > 2 ? stripped : token
    }

    private static func containsNT(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        guard token.count > 2 else { return false }
        for index in 1..<token.count - 1 where token[index] == UInt8(ascii: "'") {
            if token[index - 1].lowercasedASCII == UInt8(ascii: "n"),
                token[index + 1].lowercasedASCII == UInt8(ascii: "t")
            {
                return true
            }
        }
        return false
    }

    /// Has a capital letter, and no letter that is not one.
    private static func isCapitals(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        var hasCapital = false
        for byte in token {
            if byte.isSmallASCII { return false }
            if byte >= 0x80 { return isCapitals(String(decoding: token, as: UTF8.self)) }
            if byte.isCapitalASCII { hasCapital = true }
        }
        return hasCapital
    }

    private static func isCapitals(_ token: String) -> Bool {
        var hasCapital = false
        for scalar in token.unicodeScalars {
            let properties = scalar.properties
            if properties.isLowercase || properties.generalCategory == .titlecaseLetter {
                return false
            }
            if properties.isUppercase { hasCapital = true }
        }
        return hasCapital
    }
}

extension SentimentText {
    /// The Kelvin sign: the one letter beyond ASCII whose lower case is ASCII.
    private static let kelvin: Unicode.Scalar = "\u{212A}"

    /// The text's UTF-8 with emoji replaced by their descriptions, and with the blanks and letters
    /// of Unicode that count as ASCII ones replaced by those.
    ///
    /// A description is set off by a blank on its left only, as the reference does.
    fileprivate static func spelledOut(_ text: String, _ lexicon: SentimentLexicon) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count * 2)
        var followsBlank = true
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                result.append(UInt8(truncatingIfNeeded: scalar.value))
                followsBlank = scalar == " "
            } else if let description = lexicon.description(scalar) {
                if !followsBlank { result.append(0x20) }
                result += description
                followsBlank = false
            } else {
                if isBlank(scalar) {
                    result.append(0x20)
                } else if scalar == kelvin {
                    result.append(UInt8(ascii: "K"))
                } else {
                    result += UTF8.encode(scalar)!
                }
                followsBlank = false
            }
        }
        return result
    }

    /// What Python's `str.split` parts words at, beyond ASCII.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
