import Testing

@testable import TUI

@Suite struct Themes {
    @Test func `all load and set every slot`() throws {
        let names = try ThemeFiles.names()
        #expect(names.count >= 7)
        for name in names {
            let theme = try ThemeFiles.theme(name)
            #expect(theme.name == name)
            #expect(Set(theme.styles.keys) == Set(Slot.allCases), "\(name)")
        }
    }

    @Test func `that are built in equal their files`() throws {
        #expect(try ThemeFiles.theme("default") == .terminal)
        #expect(try ThemeFiles.theme("mono") == .mono)
        #expect(try Set(ThemeFiles.names()) == Set(Theme.shipped.map(\.name)))
        for theme in Theme.shipped { #expect(try ThemeFiles.theme(theme.name) == theme) }
    }

    @Test(arguments: ["dusk", "paper", "high-contrast", "deuteranopia", "tritanopia"])
    func `can be read`(_ name: String) throws {
        let theme = try ThemeFiles.theme(name)
        let ground = theme.style(.base).background
        for slot in Slot.allCases {
            let style = theme.style(slot)
            let back = style.background == .terminal ? ground : style.background
            let contrast = try #require(style.foreground.contrast(with: back), "\(name) \(slot)")
            let least: Double =
                switch slot {
                case .dim, .scale, .columnHead, .neutral, .bands: 3
                case .border: 1.3
                case .volume: 2.5
                default: 4.5
                }
            #expect(contrast >= least, "\(name) \(slot.rawValue): \(contrast)")
        }
    }

    @Test func `tell up from down at every colour depth`() throws {
        for name in try ThemeFiles.names() where name != "mono" {
            let theme = try ThemeFiles.theme(name)
            for depth in [ColorDepth.truecolor, .indexed256, .ansi16] {
                for upDown in UpDownColors.allCases {
                    let look = Look(
                        theme: theme, capabilities: Capabilities(colorDepth: depth), upDown: upDown)
                    #expect(look[.up].foreground != look[.down].foreground, "\(name) \(depth)")
                }
            }
        }
    }

    /// 20 in L*a*b* is a difference nobody overlooks.
    @Test(arguments: ["dusk", "paper", "high-contrast", "deuteranopia", "tritanopia"])
    func `tell up from down to all eyes in blue and orange`(_ name: String) throws {
        let look = Look(
            theme: try ThemeFiles.theme(name), capabilities: Capabilities(colorDepth: .truecolor),
            upDown: .blueOrange)
        for vision in ColorVision.allCases {
            let distance = try #require(
                vision.distance(look[.up].foreground, look[.down].foreground))
            #expect(distance > 20, "\(name) \(vision): \(distance)")
        }
    }

    @Test(arguments: [
        ("deuteranopia", [ColorVision.typical, .protanopia, .deuteranopia]),
        ("tritanopia", [.typical, .tritanopia]), ("dusk", [.typical]), ("paper", [.typical]),
        ("high-contrast", [.typical]),
    ])
    func `tell up from down, and their flashes, to the eyes they are for`(
        _ name: String, _ visions: [ColorVision]
    ) throws {
        let theme = try ThemeFiles.theme(name)
        for vision in visions {
            for (up, down) in [(Slot.up, Slot.down), (.flashUp, .flashDown)] {
                let distance = try #require(
                    vision.distance(theme.style(up).foreground, theme.style(down).foreground))
                #expect(distance > 20, "\(name) \(vision): \(distance)")
            }
        }
    }

    @Test func `are made of base16 palettes`() throws {
        let ocean = [
            "2b303b", "343d46", "4f5b66", "65737e", "a7adba", "c0c5ce", "dfe1e8", "eff1f5",
            "bf616a", "d08770", "ebcb8b", "a3be8c", "96b5b4", "8fa1b3", "b48ead", "ab7967",
        ]
        let palette = Dictionary(uniqueKeysWithValues: zip(Base16.names, ocean))
        let theme = try Theme(tables: [
            "meta": ["name": "ocean"], "palette": palette, "market": ["down": "base09"],
        ])
        #expect(theme.appearance == .dark)
        #expect(theme.style(.base) == Style(.rgb(0xC0, 0xC5, 0xCE), on: .rgb(0x2B, 0x30, 0x3B)))
        #expect(theme.style(.up).foreground == .rgb(0xA3, 0xBE, 0x8C))
        #expect(theme.style(.down).foreground == .rgb(0xD0, 0x87, 0x70))
        let made = Base16.slots.flatMap { section, slots in slots.keys.map { "\(section).\($0)" } }
        #expect(Set(made) == Set(Slot.allCases.map(\.rawValue)))
    }

    @Test func `swap up and down on request`() {
        let plain = Look(theme: .terminal, capabilities: Capabilities(colorDepth: .ansi16))
        let swapped = Look(
            theme: .terminal, capabilities: Capabilities(colorDepth: .ansi16), upDown: .redGreen)
        #expect(plain[.up] == swapped[.down])
        #expect(plain[.down] == swapped[.up])
    }

    @Test func `report every mistake at once`() {
        let tables = [
            "meta": ["appearance": "dusky"],
            "palette": ["sea": "#08f"],
            "market": ["up": "sea bold", "down": "#12345", "sideways": "red"],
            "ui": ["dim": "red blue", "border": "on"],
        ]
        #expect {
            try Theme(tables: tables)
        } throws: { error in
            let problems = (error as? ThemeError)?.problems.map(\.description) ?? []
            return problems == [
                "market.down: \"#12345\" is not a style", "market.sideways: no such slot",
                "ui.border: \"on\" is not a style", "ui.dim: \"red blue\" is not a style",
                "meta.appearance: expected dark, light or any, got \"dusky\"",
            ]
        }
    }

    @Test func `read colours in every notation`() {
        #expect(Color(themeValue: "#08f") == .rgb(0, 0x88, 0xFF))
        #expect(Color(themeValue: "#102030") == .rgb(16, 32, 48))
        #expect(Color(themeValue: "203") == .indexed(203))
        #expect(Color(themeValue: "bright-red") == .indexed(9))
        #expect(Color(themeValue: "default") == .terminal)
        #expect(Color(themeValue: "256") == nil)
        #expect(Color(themeValue: "#ggg") == nil)
        #expect(
            Style(themeValue: "sea on black bold", palette: ["sea": "#08f"])
                == Style(.rgb(0, 0x88, 0xFF), on: .indexed(0), .bold))
    }
}

@Suite struct `Colour depth` {
    @Test(arguments: [
        (["TERM": "xterm-256color"], nil, ColorChoice.auto, ColorDepth.indexed256),
        (["TERM": "xterm-256color", "COLORTERM": "truecolor"], nil, .auto, .truecolor),
        (["TERM": "xterm"], nil, .auto, .ansi16),
        (["TERM": "dumb"], nil, .auto, .none),
        (["TERM": "xterm", "NO_COLOR": "1"], nil, .truecolor, .none),
        (["TERM": "xterm", "NO_COLOR": ""], nil, .truecolor, .truecolor),
        (["TERM": "xterm", "NO_COLOR": "1"], ColorChoice.indexed256, .auto, .indexed256),
        (["TERM": "xterm-256color", "COLORTERM": "24bit"], nil, .ansi16, .ansi16),
    ])
    func `follows flag, NO_COLOR, configuration and terminal in this order`(
        _ environment: [String: String], _ flag: ColorChoice?, _ configured: ColorChoice,
        _ expected: ColorDepth
    ) {
        let capabilities = Capabilities(
            environment: environment, colorFlag: flag, colorConfigured: configured,
            glyphs: .unicode)
        #expect(capabilities.colorDepth == expected)
    }
}
