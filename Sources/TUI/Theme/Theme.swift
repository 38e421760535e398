/// A style for every meaning on the screen.
public struct Theme: Equatable, Sendable {
    public let name: String
    /// The kind of terminal background it is made for; `any` follows the terminal.
    public let appearance: Appearance
    let styles: [Slot: Style]

    public enum Appearance: String, Sendable { case dark, light, any }

    /// From the tables of a theme file: section, key, value.
    ///
    /// `[meta]` holds `name` and `appearance`, `[palette]` names of one's own, the other sections
    /// the slots. A value is a colour, or `COLOUR on COLOUR`, and `bold dim underline reverse
    /// italic` in any order. A colour is `#rrggbb`, `#rgb`, 0 to 255, an ANSI name (`red`,
    /// `bright-red`), `default`, or a name of the palette. Slots that are left out are taken from
    /// `base`. All errors are reported at once.
    public init(tables: [String: [String: String]], base: Theme = .terminal) throws(ThemeError) {
        try self.init(tables: tables, startingFrom: base.styles)
    }

    init(tables: [String: [String: String]], startingFrom base: [Slot: Style])
        throws(ThemeError)
    {
        var problems: [ThemeError.Problem] = []
        var styles = base
        let palette = Base16.palette(tables["palette"] ?? [:])
        let isBase16 = Base16.isComplete(palette)
        let tables =
            isBase16
            ? Base16.slots.merging(tables) { made, own in made.merging(own) { $1 } } : tables
        for section in tables.keys.sorted() where !["meta", "palette"].contains(section) {
            for (key, value) in (tables[section] ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard let slot = Slot(rawValue: "\(section).\(key)") else {
                    problems.append(.init(section: section, key: key, value: value, kind: .slot))
                    continue
                }
                guard let style = Style(themeValue: value, palette: palette) else {
                    problems.append(.init(section: section, key: key, value: value, kind: .style))
                    continue
                }
                styles[slot] = style
            }
        }
        let meta = tables["meta"] ?? [:]
        let standard = isBase16 ? Base16.appearance(palette) : .any
        let appearance = Appearance(rawValue: meta["appearance"] ?? standard.rawValue)
        if appearance == nil {
            problems.append(
                .init(
                    section: "meta", key: "appearance", value: meta["appearance"] ?? "",
                    kind: .appearance))
        }
        guard problems.isEmpty else { throw ThemeError(problems: problems) }
        name = meta["name"] ?? "unnamed"
        self.appearance = appearance ?? .any
        self.styles = styles
    }

    func style(_ slot: Slot) -> Style { styles[slot] ?? Style() }
}

/// Everything that is wrong with a theme file.
public struct ThemeError: Error, Equatable, CustomStringConvertible {
    public struct Problem: Equatable, Sendable, CustomStringConvertible {
        public enum Kind: Sendable { case slot, style, appearance }

        public var section: String
        public var key: String
        public var value: String
        public var kind: Kind

        public var description: String {
            switch kind {
            case .slot: "\(section).\(key): no such slot"
            case .style: "\(section).\(key): \"\(value)\" is not a style"
            case .appearance: "\(section).\(key): expected dark, light or any, got \"\(value)\""
            }
        }
    }

    public var problems: [Problem]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension Style {
    /// `nil` for what is not a style.
    init?(themeValue: String, palette: [String: String]) {
        self.init()
        var words = themeValue.split(separator: " ").map(String.init)[...]
        var coloursSeen = 0
        while let word = words.popFirst() {
            if let attribute = Style.attributeNames[word] {
                attributes.insert(attribute)
            } else if word == "on", let name = words.popFirst() {
                guard let color = Color(themeValue: palette[name] ?? name) else { return nil }
                background = color
            } else {
                guard coloursSeen == 0, let color = Color(themeValue: palette[word] ?? word) else {
                    return nil
                }
                foreground = color
                coloursSeen += 1
            }
        }
    }

    private static let attributeNames: [String: TextAttributes] = [
        "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse,
        "italic": .italic,
    ]
}

extension Color {
    private static let ansiNames = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    ]

    /// `nil` for what is not a colour.
    init?(themeValue text: String) {
        if text == "default" {
            self = .terminal
        } else if let index = Color.ansiNames.firstIndex(of: text) {
            self = .indexed(UInt8(index))
        } else if text.hasPrefix("bright-"),
            let index = Color.ansiNames.firstIndex(of: String(text.dropFirst(7)))
        {
            self = .indexed(UInt8(index + 8))
        } else if text.hasPrefix("#"), let color = Color(hexDigits: text.dropFirst()) {
            self = color
        } else if text.allSatisfy({ $0.isASCII && $0.isNumber }), let index = UInt8(text) {
            self = .indexed(index)
        } else {
            return nil
        }
    }

    private init?(hexDigits: Substring) {
        guard hexDigits.allSatisfy({ $0.isHexDigit && $0.isASCII }) else { return nil }
        let full = hexDigits.count == 3 ? hexDigits.flatMap { [$0, $0] } : Array(hexDigits)
        guard full.count == 6, let value = UInt32(String(full), radix: 16) else { return nil }
        self = .rgb(
            UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
    }
}
