/// A colour as a theme names it: the terminal's own, one of its palette, or a shade of 24 bits.
public enum Color: Hashable, Sendable {
    /// Whatever the terminal uses; as a background, whatever lies beneath.
    case terminal
    /// 0 to 15 are the terminal's ANSI colours, 16 to 255 xterm's fixed cube and greys.
    case indexed(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

public struct TextAttributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = TextAttributes(rawValue: 1)
    public static let dim = TextAttributes(rawValue: 2)
    public static let underline = TextAttributes(rawValue: 4)
    public static let reverse = TextAttributes(rawValue: 8)
    public static let italic = TextAttributes(rawValue: 16)
}

/// How a cell looks.
public struct Style: Hashable, Sendable {
    public var foreground: Color
    public var background: Color
    public var attributes: TextAttributes

    public init(
        _ foreground: Color = .terminal, on background: Color = .terminal,
        _ attributes: TextAttributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    func adding(_ more: TextAttributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }
}
