/// Text of a web page's making: `AT&amp;T&#39;s` stands for `AT&T's`.
enum HTMLText {
    private static let named: [Substring: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–",
        "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "hellip": "…",
        "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "reg": "®", "trade": "™", "copy": "©",
        "bull": "•", "middot": "·", "deg": "°", "frac12": "½", "times": "×", "eacute": "é",
    ]

    /// The text with its entities resolved, once; what is no known entity stays as it is.
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var decoded = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            decoded += rest[..<ampersand]
            rest = rest[rest.index(after: ampersand)...]
            if let end = rest.prefix(10).firstIndex(of: ";"), let letter = letter(rest[..<end]) {
                decoded.append(letter)
                rest = rest[rest.index(after: end)...]
            } else {
                decoded += "&"
            }
        }
        return decoded + rest
    }

    private static func letter(_ entity: Substring) -> Character? {
        guard entity.first == "#" else { return named[entity] }
        let digits = entity.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let code =
            isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        return code.flatMap { Unicode.Scalar($0) }.map { Character($0) }
    }
}
