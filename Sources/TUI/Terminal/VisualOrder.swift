/// The order in which a text stands on the screen: Hebrew and Arabic run from right to left, the
/// numbers in them from left to right.
///
/// Unicode's bidirectional algorithm (UAX 9) for a line that as a whole runs from left to right, as
/// a row of a table does, without embeddings, whose characters `SafeText` leaves out. Letters are
/// not joined: that is the terminal's.
enum VisualOrder {
    private enum Kind {
        case left, right
        /// A digit, and what belongs to a number beside one.
        case number
        case separator, terminator
        case neutral
    }

    /// The glyphs as they are put, from the left; the same when nothing runs from the right.
    static func glyphs(_ glyphs: [Glyph]) -> [Glyph] {
        guard glyphs.contains(where: { isRight($0.base) }) else { return glyphs }
        let levels = levels(of: glyphs)
        var ordered = zip(glyphs, levels).map { glyph, level in
            (level: level, glyph: level == 1 ? mirrored(glyph) : glyph)
        }
        for level in [2, 1] {
            var start = 0
            while start < ordered.count {
                guard ordered[start].level >= level else {
                    start += 1
                    continue
                }
                let end = ordered[start...].firstIndex { $0.level < level } ?? ordered.count
                ordered[start..<end].reverse()
                start = end
            }
        }
        return ordered.map(\.glyph)
    }

    /// 0 runs from the left, 1 from the right, 2 are numbers within 1.
    private static func levels(of glyphs: [Glyph]) -> [Int] {
        var kinds = glyphs.map { kind($0.base) }
        joinNumbers(&kinds, glyphs)
        // A number belongs to the letters before it.
        var isRight = false
        for index in kinds.indices {
            switch kinds[index] {
            case .left: isRight = false
            case .right: isRight = true
            case .number where !isRight: kinds[index] = .left
            case .number, .neutral: break
            case .separator, .terminator: kinds[index] = .neutral
            }
        }
        pairBrackets(&kinds, glyphs)
        // What is neutral between two that run from the right runs with them.
        var index = 0
        while index < kinds.count {
            guard kinds[index] == .neutral else {
                index += 1
                continue
            }
            let end = kinds[index...].firstIndex { $0 != .neutral } ?? kinds.count
            let before = index > 0 ? kinds[index - 1] : .left
            let after = end < kinds.count ? kinds[end] : .left
            let kind: Kind = before != .left && after != .left ? .right : .left
            for place in index..<end { kinds[place] = kind }
            index = end
        }
        return kinds.map { $0 == .left ? 0 : $0 == .number ? 2 : 1 }
    }

    /// A point or comma between two digits is the number's, and so is a sign of currency or percent
    /// beside it, but not after Arabic.
    private static func joinNumbers(_ kinds: inout [Kind], _ glyphs: [Glyph]) {
        for index in kinds.indices.dropFirst().dropLast() where kinds[index] == .separator {
            if kinds[index - 1] == .number, kinds[index + 1] == .number { kinds[index] = .number }
        }
        var isArabic = false
        let mayJoin = zip(kinds, glyphs).map { kind, glyph in
            if kind == .left { isArabic = false }
            if kind == .right { isArabic = glyph.base >= 0x600 && glyph.base < 0xFB00 }
            return kind == .terminator && !isArabic
        }
        for index in kinds.indices.dropFirst()
        where mayJoin[index] && kinds[index - 1] == .number {
            kinds[index] = .number
        }
        for index in kinds.indices.dropLast().reversed()
        where mayJoin[index] && kinds[index + 1] == .number {
            kinds[index] = .number
        }
    }

    /// A pair of brackets around text from the right runs with it where such text is before it,
    /// too.
    private static func pairBrackets(_ kinds: inout [Kind], _ glyphs: [Glyph]) {
        var open: [Int] = []
        for index in glyphs.indices {
            switch glyphs[index] {
            case Glyph("("), Glyph("["), Glyph("{"): open.append(index)
            case Glyph(")"), Glyph("]"), Glyph("}"):
                guard let first = open.popLast(), mirrored(glyphs[first]) == glyphs[index]
                else { continue }
                let inside = kinds[first + 1..<index]
                guard inside.contains(.right) || inside.contains(.left) else { continue }
                let before = kinds[..<first].last { $0 != .neutral } ?? .left
                let kind: Kind = inside.contains(.left) || before == .left ? .left : .right
                kinds[first] = kind
                kinds[index] = kind
            default: break
            }
        }
    }

    private static func kind(_ value: UInt32) -> Kind {
        if isRight(value) { return .right }
        guard let scalar = Unicode.Scalar(value) else { return .neutral }
        switch scalar {
        case "0"..."9", "\u{660}"..."\u{669}", "\u{6F0}"..."\u{6F9}": return .number
        case ".", ",", ":", "/", "+", "-": return .separator
        case "%", "$", "#", "€", "£", "¥", "°", "‰": return .terminator
        default: break
        }
        return scalar.properties.isAlphabetic ? .left : .neutral
    }

    /// Hebrew, Arabic and their relatives.
    private static func isRight(_ value: UInt32) -> Bool {
        switch value {
        case 0x0590...0x065F, 0x066D...0x06EF, 0x06FA...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF,
            0x10800...0x10FFF, 0x1E800...0x1EFFF:
            true
        default: false
        }
    }

    /// Brackets open towards the text.
    private static func mirrored(_ glyph: Glyph) -> Glyph {
        switch glyph {
        case Glyph("("): Glyph(")")
        case Glyph(")"): Glyph("(")
        case Glyph("["): Glyph("]")
        case Glyph("]"): Glyph("[")
        case Glyph("<"): Glyph(">")
        case Glyph(">"): Glyph("<")
        case Glyph("{"): Glyph("}")
        case Glyph("}"): Glyph("{")
        case Glyph("«"): Glyph("»")
        case Glyph("»"): Glyph("«")
        default: glyph
        }
    }
}
