/// Text that can do nothing to a terminal but be read: the only text the screen accepts.
///
/// Escape sequences, control and format characters (bidirectional overrides, zero widths, tags),
/// private and unassigned characters are gone; line breaks and tabs are single spaces; a character
/// carries at most two marks.
public struct SafeText: Equatable, Sendable {
    /// Longer texts are cut: no headline is worth more.
    public static let lengthMax = 300

    /// Nearly every text is short and of printable ASCII alone; it stays what it was, which takes
    /// no memory of its own.
    private enum Content {
        case plain(String)
        case glyphs([Glyph])
    }

    private let content: Content
    /// Columns it takes.
    let width: Int

    init(glyphs: [Glyph]) {
        content = .glyphs(glyphs)
        width = glyphs.reduce(0) { $0 + $1.width }
    }

    private init(plain: String) {
        content = .plain(plain)
        width = plain.utf8.count
    }

    /// Whatever a feed, a publisher or a file says.
    public init(_ text: String) {
        if SafeText.isPlain(text) {
            self.init(plain: text)
            return
        }
        var cleaner = TextCleaner()
        for scalar in text.unicodeScalars {
            if cleaner.glyphs.count > SafeText.lengthMax { break }
            cleaner.take(scalar)
        }
        self.init(glyphs: Array(cleaner.glyphs.prefix(SafeText.lengthMax)))
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count <= lengthMax && bytes.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// The text itself when all of it is printable ASCII, a column a byte.
    var plain: String? {
        if case .plain(let text) = content { text } else { nil }
    }

    var glyphs: [Glyph] {
        switch content {
        case .plain(let text): text.unicodeScalars.map { Glyph($0) }
        case .glyphs(let glyphs): glyphs
        }
    }

    public var text: String {
        switch content {
        case .plain(let text): text
        case .glyphs(let glyphs): glyphs.reduce(into: "") { $0 += $1.text }
        }
    }

    public var isEmpty: Bool { width == 0 }

    public static func == (left: SafeText, right: SafeText) -> Bool {
        switch (left.content, right.content) {
        case (.plain(let left), .plain(let right)): left == right
        default: left.width == right.width && left.glyphs == right.glyphs
        }
    }

    /// At most `columns` wide; what is cut off leaves an ellipsis, and no wide character is halved.
    func truncated(to columns: Int) -> SafeText {
        guard width > columns else { return self }
        guard columns > 0 else { return SafeText(glyphs: []) }
        var kept: [Glyph] = []
        var room = columns - 1
        for glyph in glyphs {
            guard glyph.width <= room else { break }
            kept.append(glyph)
            room -= glyph.width
        }
        return SafeText(glyphs: kept + [Glyph("…")])
    }

    static func + (left: SafeText, right: SafeText) -> SafeText {
        if case .plain(let left) = left.content, case .plain(let right) = right.content {
            return SafeText(plain: left + right)
        }
        return SafeText(glyphs: left.glyphs + right.glyphs)
    }
}

extension SafeText: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self.init(value) }
}

/// Walks over a text once and keeps what may be shown.
private struct TextCleaner {
    private enum Place { case text, escape, controlSequence, string, stringEscape }

    var glyphs: [Glyph] = []
    private var place = Place.text

    mutating func take(_ scalar: Unicode.Scalar) {
        switch place {
        case .text: takeText(scalar)
        case .escape:
            switch scalar {
            case "[": place = .controlSequence
            case "]", "P", "X", "^", "_": place = .string
            case " "..."/": break  // Intermediate bytes: the final one follows.
            default: place = .text
            }
        case .controlSequence:
            if ("@"..."~").contains(scalar) || scalar.value < 0x20 { place = .text }
        case .string:
            if scalar == "\u{7}" || scalar == "\u{9C}" { place = .text }
            if scalar == "\u{1B}" { place = .stringEscape }
        case .stringEscape: place = scalar == "\\" ? .text : .string
        }
    }

    private mutating func takeText(_ scalar: Unicode.Scalar) {
        if (0x20...0x7E).contains(scalar.value) {
            glyphs.append(Glyph(scalar))
            return
        }
        switch scalar.value {
        case 0x1B: place = .escape
        case 0x9B: place = .controlSequence
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: place = .string
        // What the screen draws with: arrows, rules, blocks, shapes, braille; · × µ ± – — … ≥ ⚠ ✓.
        case 0x2190...0x21FF, 0x2500...0x25FC, 0x2800...0x28FF, 0xB1, 0xB5, 0xB7, 0xD7, 0x2013,
            0x2014, 0x2026, 0x2265, 0x26A0, 0x2713:
            glyphs.append(Glyph(scalar))
        case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: appendSpace()
        case 0x1F1E6...0x1F1FF:  // Flags are pairs of letters; shown as such.
            glyphs.append(Glyph(Unicode.Scalar(UInt8(scalar.value - 0x1F1E6) + 65)))
        default: takeByCategory(scalar)
        }
    }

    private mutating func takeByCategory(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: break
        case .nonspacingMark, .enclosingMark: mark(scalar)
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: appendSpace()
        default:
            if (0x1160...0x11FF).contains(scalar.value) || scalar.value == 0x115F {
                mark(scalar)  // Vowels and finals of a Korean syllable join its first letter.
            } else if scalar.value != 0x3164, scalar.value != 0xFFA0 {  // Blank letters.
                glyphs.append(Glyph(scalar))
            }
        }
    }

    /// Variation selectors change widths and are left out; a mark without a letter is, too.
    private mutating func mark(_ scalar: Unicode.Scalar) {
        guard !scalar.properties.isVariationSelector, let last = glyphs.indices.last,
            glyphs[last] != .space
        else { return }
        glyphs[last].add(mark: scalar)
    }

    private mutating func appendSpace() {
        if glyphs.last != .space { glyphs.append(.space) }
    }
}
