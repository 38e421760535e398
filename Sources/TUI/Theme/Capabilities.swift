/// How many colours a terminal shows.
public enum ColorDepth: String, CaseIterable, Sendable {
    case none
    case ansi16 = "16"
    case indexed256 = "256"
    case truecolor
}

/// The configuration's `color`.
public enum ColorChoice: String, CaseIterable, Sendable {
    case auto
    case truecolor
    case indexed256 = "256"
    case ansi16 = "16"
    case none

    /// `nil` for auto.
    var depth: ColorDepth? {
        switch self {
        case .auto: nil
        case .truecolor: .truecolor
        case .indexed256: .indexed256
        case .ansi16: .ansi16
        case .none: ColorDepth.none
        }
    }
}

/// The configuration's `glyphs`: what the font and the link can carry.
public enum GlyphChoice: String, CaseIterable, Sendable { case unicode, ascii }

/// The configuration's `up_down`: the colours of rising and falling.
public enum UpDownColors: String, CaseIterable, Sendable {
    case greenRed = "green-red"
    case redGreen = "red-green"
    case blueOrange = "blue-orange"
}

/// What the terminal can do.
public struct Capabilities: Equatable, Sendable {
    public var colorDepth: ColorDepth
    public var glyphs: GlyphChoice

    public init(colorDepth: ColorDepth, glyphs: GlyphChoice = .unicode) {
        self.colorDepth = colorDepth
        self.glyphs = glyphs
    }

    /// `--color` before a non-empty `NO_COLOR`, before the configuration, before `COLORTERM`,
    /// before `TERM`.
    public init(
        environment: [String: String], colorFlag: ColorChoice?, colorConfigured: ColorChoice,
        glyphs: GlyphChoice
    ) {
        let type = environment["TERM"] ?? ""
        let guess: ColorDepth =
            if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
                || type.hasSuffix("-direct")
            {
                .truecolor
            } else if type.contains("256color") {
                .indexed256
            } else if ["dumb", "vt100", "vt220", ""].contains(type) {
                .none
            } else {
                .ansi16
            }
        let noColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        let wanted = colorFlag?.depth ?? (noColor ? ColorDepth.none : colorConfigured.depth)
        self.init(colorDepth: wanted ?? guess, glyphs: glyphs)
    }
}
