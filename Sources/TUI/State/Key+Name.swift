extension Key {
    /// As the configuration writes it: `j`, `Ctrl-d`, `PgDn`.
    public var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(let character): "Ctrl-\(character)"
        case .function(let number): "F\(number)"
        case .mouse: "mouse"
        case .focused(let isIn): isIn ? "focus-in" : "focus-out"
        case .resized: "resize"
        default: Key.named.first { $0.key == self }?.name ?? ""
        }
    }

    /// As the help prints it: arrows are arrows.
    var label: String {
        switch self {
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        default: name
        }
    }

    /// `nil` for what names no key.
    public init?(name: String) {
        if let known = Key.named.first(where: { $0.name.lowercased() == name.lowercased() }) {
            self = known.key
        } else if name.count == 1, let character = name.first, !character.isWhitespace {
            self = .character(character)
        } else if name.lowercased().hasPrefix("ctrl-"), name.count == 6,
            let letter = name.lowercased().last, letter.isASCII, letter.isLetter
        {
            self = .control(letter)
        } else if name.hasPrefix("F"), let number = Int(name.dropFirst()), (1...12).contains(number)
        {
            self = .function(number)
        } else {
            return nil
        }
    }

    private static let named: [(name: String, key: Key)] = [
        ("Space", .character(" ")), ("Enter", .enter), ("Esc", .escape), ("Tab", .tab),
        ("Shift-Tab", .backTab), ("Backspace", .backspace), ("Delete", .delete), ("Up", .up),
        ("Down", .down), ("Left", .left), ("Right", .right), ("Home", .home), ("End", .end),
        ("PgUp", .pageUp), ("PgDn", .pageDown),
    ]
}
