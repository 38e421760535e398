/// xterm's 256 colours, and the nearest of them to a shade.
enum XtermPalette {
    typealias Shade = (red: UInt8, green: UInt8, blue: UInt8)

    static let sixteen: [Shade] = [
        (0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188),
        (17, 168, 205), (204, 204, 204), (118, 118, 118), (241, 76, 76), (35, 209, 139),
        (245, 245, 67), (59, 142, 234), (214, 112, 214), (41, 184, 219), (255, 255, 255),
    ]
    static let steps: [UInt8] = [0, 95, 135, 175, 215, 255]

    static func shade(of index: UInt8) -> Shade {
        switch index {
        case 0..<16: return sixteen[Int(index)]
        case 16..<232:
            let cube = Int(index) - 16
            return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
        default:
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
    }

    /// Among the fixed 240: the first 16 belong to the terminal's owner.
    static func nearest256(_ shade: Shade) -> UInt8 {
        UInt8((16...255).min { distance(shade, $0) < distance(shade, $1) } ?? 16)
    }

    /// Hue first: a pale green must not become white.
    static func nearest16(_ shade: Shade) -> UInt8 {
        let high = max(shade.red, shade.green, shade.blue)
        let low = min(shade.red, shade.green, shade.blue)
        if Int(high) - Int(low) < 48 {
            return high < 48 ? 0 : high < 140 ? 8 : high < 225 ? 7 : 15
        }
        let middle = (Int(high) + Int(low)) / 2
        let hue =
            (Int(shade.red) > middle ? 1 : 0) + (Int(shade.green) > middle ? 2 : 0)
            + (Int(shade.blue) > middle ? 4 : 0)
        return UInt8(hue)
    }

    private static func distance(_ shade: Shade, _ index: Int) -> Int {
        let other = XtermPalette.shade(of: UInt8(index))
        let red = Int(shade.red) - Int(other.red)
        let green = Int(shade.green) - Int(other.green)
        let blue = Int(shade.blue) - Int(other.blue)
        return 2 * red * red + 4 * green * green + 3 * blue * blue
    }
}

extension Color {
    /// As near as a terminal of that depth comes.
    func mapped(to depth: ColorDepth) -> Color {
        switch (self, depth) {
        case (.terminal, _), (_, .truecolor): self
        case (_, .none): .terminal
        case (.indexed, .indexed256): self
        case (.indexed(let index), .ansi16):
            index < 16 ? self : .indexed(XtermPalette.nearest16(XtermPalette.shade(of: index)))
        case (.rgb(let red, let green, let blue), .indexed256):
            .indexed(XtermPalette.nearest256((red, green, blue)))
        case (.rgb(let red, let green, let blue), .ansi16):
            .indexed(XtermPalette.nearest16((red, green, blue)))
        }
    }

    /// WCAG contrast with another colour, 1 to 21; `nil` where either is the terminal's own
    /// business.
    func contrast(with other: Color) -> Double? {
        guard let mine = luminance, let theirs = other.luminance else { return nil }
        return (max(mine, theirs) + 0.05) / (min(mine, theirs) + 0.05)
    }

    private var luminance: Double? {
        guard case .rgb(let red, let green, let blue) = self else { return nil }
        func linear(_ channel: UInt8) -> Double {
            let share = Double(channel) / 255
            return share <= 0.040_45 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
