import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A theme as one terminal can show it.
struct Look: Sendable {
    let capabilities: Capabilities
    private let styles: [Style]
    /// What an empty screen looks like.
    let ground: Style

    init(
        theme: Theme, capabilities: Capabilities, upDown: UpDownColors = .greenRed
    ) {
        self.capabilities = capabilities
        let theme = capabilities.colorDepth == .none ? .mono : theme
        styles = Slot.allCases.map { slot in
            var style = theme.style(slot.swapped(for: upDown))
            if upDown == .blueOrange { style = style.blueOrange(slot, theme.appearance) }
            style.foreground = style.foreground.mapped(to: capabilities.colorDepth)
            style.background = style.background.mapped(to: capabilities.colorDepth)
            return style
        }
        ground = styles[Slot.base.ordinal]
    }

    /// Text in the ground's own colour leaves the background that lies beneath, such as the
    /// cursor's row.
    subscript(slot: Slot) -> Style {
        var style = styles[slot.ordinal]
        if style.background == ground.background { style.background = .terminal }
        return style
    }

    /// Rising, falling or neither.
    func style(of direction: Direction) -> Style {
        switch direction {
        case .up: self[.up]
        case .down: self[.down]
        case .flat: self[.flat]
        }
    }
}

/// Which way a figure went.
enum Direction: Equatable, Sendable {
    case up, down, flat

    init(_ value: Double?) {
        self = value.map { $0 > 0 ? .up : $0 < 0 ? .down : .flat } ?? .flat
    }

    /// Of a change against the day's basis: the exact price decides, for a small change may round
    /// to zero.
    init(change figures: RollingFigures) {
        self.init(figures.change.map { Double($0.units.signum()) } ?? figures.changePercent)
    }

    var mark: SafeText {
        switch self {
        case .up: "▲"
        case .down: "▼"
        case .flat: "▬"
        }
    }
}

extension Slot {
    /// Its place in `allCases`, without a look into a table: every cell of every frame has one.
    ///
    /// An enumeration without payloads is stored as the number of its case.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    fileprivate func swapped(for upDown: UpDownColors) -> Slot {
        guard upDown == .redGreen else { return self }
        switch self {
        case .up: return .down
        case .down: return .up
        case .flashUp: return .flashDown
        case .flashDown: return .flashUp
        default: return self
        }
    }
}

extension Style {
    /// Blue and orange of Okabe and Ito's palette, which all eyes tell apart, darker on light
    /// grounds.
    fileprivate func blueOrange(_ slot: Slot, _ appearance: Theme.Appearance) -> Style {
        var style = self
        let light = appearance == .light
        switch (slot, appearance) {
        case (.up, .any), (.flashUp, .any): style.foreground = .indexed(4)
        case (.down, .any), (.flashDown, .any): style.foreground = .indexed(3)
        case (.up, _), (.flashUp, _):
            style.foreground = light ? .rgb(0, 92, 160) : .rgb(86, 180, 233)
        case (.down, _), (.flashDown, _):
            style.foreground = light ? .rgb(160, 80, 0) : .rgb(230, 159, 0)
        default: break
        }
        return style
    }
}

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
