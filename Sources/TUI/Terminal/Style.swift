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
///
/// One integer, because every cell of every frame is compared with the one before: 8 bits of
/// attributes, then 26 bits each of foreground and background.
public struct Style: Hashable, BitwiseCopyable, Sendable {
    private var packed: UInt64

    public init(
        _ foreground: Color = .terminal, on background: Color = .terminal,
        _ attributes: TextAttributes = []
    ) {
        packed =
            UInt64(attributes.rawValue) | foreground.packed << Style.foregroundPlace
            | background.packed << Style.backgroundPlace
    }

    public var foreground: Color {
        get { Color(packed: packed >> Style.foregroundPlace & Color.mask) }
        set { put(newValue.packed, at: Style.foregroundPlace) }
    }

    public var background: Color {
        get { Color(packed: packed >> Style.backgroundPlace & Color.mask) }
        set { put(newValue.packed, at: Style.backgroundPlace) }
    }

    public var attributes: TextAttributes {
        get { TextAttributes(rawValue: UInt8(truncatingIfNeeded: packed)) }
        set { packed = packed & ~0xFF | UInt64(newValue.rawValue) }
    }

    func adding(_ more: TextAttributes) -> Style {
        var style = self
        style.packed |= UInt64(more.rawValue)
        return style
    }

    /// Over what is there already: a background of `.terminal` leaves what lies beneath, and
    /// reversed stays reversed.
    func over(_ beneath: Style) -> Style {
        var style = self
        let ground = Color.mask << Style.backgroundPlace
        if packed & ground == 0 { style.packed |= beneath.packed & ground }
        style.packed |= beneath.packed & UInt64(TextAttributes.reverse.rawValue)
        return style
    }

    private mutating func put(_ color: UInt64, at place: UInt64) {
        packed = packed & ~(Color.mask << place) | color << place
    }

    private static let foregroundPlace: UInt64 = 8
    private static let backgroundPlace: UInt64 = 34
}

extension Color {
    fileprivate static let mask: UInt64 = 1 << 26 - 1

    /// The kind in the upper two bits, 0 for the terminal's own.
    fileprivate var packed: UInt64 {
        switch self {
        case .terminal: 0
        case .indexed(let index): 1 << 24 | UInt64(index)
        case .rgb(let red, let green, let blue):
            2 << 24 | UInt64(red) << 16 | UInt64(green) << 8 | UInt64(blue)
        }
    }

    fileprivate init(packed: UInt64) {
        switch packed >> 24 {
        case 0: self = .terminal
        case 1: self = .indexed(UInt8(truncatingIfNeeded: packed))
        default:
            self = .rgb(
                UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8),
                UInt8(truncatingIfNeeded: packed))
        }
    }
}
