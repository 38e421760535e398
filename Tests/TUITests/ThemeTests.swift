import Testing

@testable import TUI

@Suite struct Themes {
    @Test func `all load and set every slot`() throws {
        let names = try ThemeFiles.names()
        #expect(names.count >= 4)
        for name in names {
            let theme = try ThemeFiles.theme(name)
            #expect(theme.name == name)
            #expect(Set(theme.styles.keys) == Set(Slot.allCases), "\(name)")
        }
    }

    @Test func `that are built in equal their files`() throws {
        #expect(try ThemeFiles.theme("default") == .terminal)
        #expect(try ThemeFiles.theme("mono") == .mono)
    }

    @Test(arguments: ["dusk", "paper", "high-contrast"])
    func `can be read`(_ name: String) throws {
        let theme = try ThemeFiles.theme(name)
        let ground = theme.style(.base).background
        for slot in Slot.allCases {
            let style = theme.style(slot)
            let back = style.background == .terminal ? ground : style.background
            let contrast = try #require(style.foreground.contrast(with: back), "\(name) \(slot)")
            let least: Double =
                switch slot {
                case .dim, .scale, .columnHead, .neutral: 3
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
