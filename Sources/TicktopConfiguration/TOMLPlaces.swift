/// Finds where each key and value of a valid TOML text stands; the parser itself does not say.
///
/// Only for text the parser has accepted: of any other the places mean nothing, but finding them
/// still ends.
struct TOMLPlaces {
    struct Place {
        var key: TextPosition
        var value: TextPosition
    }

    /// By path; an element of an array has its index as the last part.
    private(set) var places: [[String]: Place] = [:]
    /// Something missing that the parser (toml++ 3) asserts on, which stops the process, where it
    /// should complain.
    struct Gap {
        /// Where a table's name or a value should stand.
        var position: TextPosition
        /// The first line of the header or pair that has the gap.
        var statementLine: Int
        var expected: String
    }

    private(set) var firstGap: Gap?
    private var statementLine = 1
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var position = TextPosition(line: 1, column: 1)

    init(_ text: String) {
        let all = text.unicodeScalars
        scalars = Array(all.first == "\u{FEFF}" ? all.dropFirst() : all[...])
        var table: [String] = []
        while true {
            skipBlank(includingLines: true)
            guard let next = peek() else { return }
            statementLine = position.line
            if next == "[" {
                table = readHeader()
            } else {
                readPair(in: table)
            }
        }
    }

    private mutating func readHeader() -> [String] {
        let start = position
        advance()
        skipBlank()
        if peek() == "[" {
            advance()
            skipBlank()
        }
        if let next = peek(), !TOMLPlaces.mayFollowBracket(next) { noteGap("a table's name") }
        let path = readKey()
        places[path] = Place(key: start, value: start)
        skipToLineEnd()
        return path
    }

    private mutating func readPair(in table: [String]) {
        let start = position
        let path = table + readKey()
        skipBlank()
        if peek() == "=" { advance() }
        skipBlank()
        places[path] = Place(key: start, value: position)
        readValue(at: path)
        // Dotted keys make their parents without a header of their own.
        for depth in stride(from: path.count - 1, to: 0, by: -1) {
            let parent = Array(path.prefix(depth))
            if places[parent] == nil { places[parent] = Place(key: start, value: start) }
        }
    }

    /// A bare, quoted or dotted key; stops before `=` or `]`.
    private mutating func readKey() -> [String] {
        var path: [String] = []
        while true {
            skipBlank()
            guard let next = peek() else { return path }
            if next == "\"" || next == "'" {
                path.append(readQuoted())
            } else {
                var name = ""
                while let scalar = peek(), !"=].\n \t".unicodeScalars.contains(scalar) {
                    name.unicodeScalars.append(scalar)
                    advance()
                }
                path.append(name)
            }
            skipBlank()
            guard peek() == "." else { return path }
            advance()
        }
    }

    private mutating func readValue(at path: [String]) {
        switch peek() {
        case "\"", "'": _ = readQuoted()
        case "[":
            advance()
            var element = 0
            while let next = nextElement(), next != "]" {
                let elementPath = path + [String(element)]
                places[elementPath] = Place(key: position, value: position)
                readValue(at: elementPath)
                element += 1
            }
            advance()
        case "{":
            advance()
            while let next = nextElement(), next != "}" {
                readPair(in: path)
            }
            advance()
        default:
            if peek().map(TOMLPlaces.endsValue) ?? true { noteGap("a value") }
            // At least one step, so that every loop around this ends.
            repeat { advance() } while peek().map { !",]}#\n".unicodeScalars.contains($0) } ?? false
        }
    }

    /// What a key's quoted part spells; escapes are kept, for no key of ours has any.
    private mutating func readQuoted() -> String {
        guard let quote = peek() else { return "" }
        let isLong =
            index + 2 < scalars.count
            && scalars[index + 1] == quote && scalars[index + 2] == quote
        let length = isLong ? 3 : 1
        for _ in 0..<length { advance() }
        var text = ""
        while let next = peek() {
            if next == "\\", quote == "\"" {
                advance()
                advance()
                continue
            }
            let closing = scalars[index..<min(index + length, scalars.count)]
            if closing.count == length, closing.allSatisfy({ $0 == quote }) { break }
            text.unicodeScalars.append(next)
            advance()
        }
        // A long string may end in up to two quotes of its own.
        for _ in 0..<length { advance() }
        while isLong, peek() == quote { advance() }
        return text
    }

    /// Goes past blanks, lines, comments and commas to what stands next in an array or inline
    /// table.
    private mutating func nextElement() -> Unicode.Scalar? {
        skipBlank(includingLines: true)
        while peek() == "," {
            advance()
            skipBlank(includingLines: true)
        }
        return peek()
    }

    private mutating func skipBlank(includingLines: Bool = false) {
        while let next = peek() {
            if next == "#", includingLines {
                skipToLineEnd()
            } else if next == " " || next == "\t"
                || (includingLines && "\r\n".unicodeScalars.contains(next))
            {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func skipToLineEnd() {
        while peek() != nil, peek() != "\n" { advance() }
    }

    private mutating func noteGap(_ expected: String) {
        guard firstGap == nil else { return }
        firstGap = Gap(position: position, statementLine: statementLine, expected: expected)
    }

    /// What the parser takes for the end of a value, exotic blanks included.
    private static func endsValue(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ",", "]", "}", "#", "\u{180E}", "\u{200B}", "\u{2060}", "\u{FEFF}": true
        default: scalar.properties.isWhitespace
        }
    }

    /// A key's first character, or one that the parser complains about itself.
    private static func mayFollowBracket(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", "\"", "'", "]", "[": true
        default: false
        }
    }

    private func peek() -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func advance() {
        guard index < scalars.count else { return }
        if scalars[index] == "\n" {
            position = TextPosition(line: position.line + 1, column: 1)
        } else {
            position.column += 1
        }
        index += 1
    }
}
