/// The themes with colours of their own, so that they are there wherever the program is.
///
/// The same as the files of their names in `themes/`, which a test keeps true.
extension Theme {
    /// Every theme that comes with the program; a file shadows the one of its name.
    public static let shipped = [
        terminal, mono, dusk, paper, highContrast, deuteranopia, tritanopia,
    ]

    private static let dusk = painted(
        "dusk", "dark", flashUp: "#8dffbe bold", flashDown: "#ffa0a0 bold",
        palette: [
            "ground": "#12151c", "raised": "#242b3a", "line": "#343c4d", "faint": "#8390a6",
            "soft": "#b4bfd0", "text": "#dfe5ee", "accent": "#7cc7ff", "slate": "#5f769c",
            "teal": "#5fd7c4", "sky": "#79b8ff", "violet": "#d79bff", "amber": "#f2c14e",
            "green": "#4fd68a", "red": "#ff6b6b", "alarm": "#b3242f",
        ])

    private static let paper = painted(
        "paper", "light", flashUp: "#005f2a bold", flashDown: "#8b0000 bold",
        palette: [
            "ground": "#faf7f0", "raised": "#e6e0d0", "line": "#c9c2b2", "faint": "#6d6759",
            "soft": "#4a463c", "text": "#23211c", "accent": "#0b5cad", "slate": "#7d8fae",
            "teal": "#00695c", "sky": "#0b5cad", "violet": "#7b2fa8", "amber": "#8a5a00",
            "green": "#0a7a3d", "red": "#b71c1c", "alarm": "#b3242f",
        ])

    private static let highContrast = painted(
        "high-contrast", "dark", flashUp: "#afffaf bold", flashDown: "#ffd7d7 bold",
        palette: [
            "ground": "#000000", "raised": "#303030", "line": "#8a8a8a", "faint": "#c6c6c6",
            "soft": "#ffffff", "text": "#ffffff", "accent": "#ffff5f", "slate": "#87afff",
            "teal": "#5fffff", "sky": "#87d7ff", "violet": "#ffafff", "amber": "#ffd75f",
            "green": "#5fff87", "red": "#ff8787", "alarm": "#d70000",
        ])

    private static let deuteranopia = painted(
        "deuteranopia", "dark", up: "rising", down: "falling", flashUp: "#9fd8ff bold",
        flashDown: "#ffcf66 bold",
        palette: [
            "ground": "#12151c", "raised": "#242b3a", "line": "#343c4d", "faint": "#8390a6",
            "soft": "#b4bfd0", "text": "#dfe5ee", "accent": "#7cc7ff", "slate": "#5f769c",
            "teal": "#5fd7c4", "sky": "#79b8ff", "violet": "#e6b3ff", "amber": "#f0e442",
            "rising": "#56b4e9", "falling": "#e69f00", "alarm": "#b3242f",
        ])

    private static let tritanopia = painted(
        "tritanopia", "dark", up: "rising", down: "falling", flashUp: "#8ff5e8 bold",
        flashDown: "#ff9eaa bold",
        palette: [
            "ground": "#12151c", "raised": "#242b3a", "line": "#343c4d", "faint": "#8390a6",
            "soft": "#b4bfd0", "text": "#dfe5ee", "accent": "#7cc7ff", "slate": "#5f769c",
            "teal": "#5fd7c4", "sky": "#79b8ff", "violet": "#d79bff", "amber": "#ffd0c0",
            "rising": "#35d0c0", "falling": "#ff5a6e", "alarm": "#b3242f",
        ])

    /// They differ in their palettes, and in how rising and falling look; what is painted with
    /// which colour is the same.
    private static func painted(
        _ name: String, _ appearance: String, up: String = "green", down: String = "red",
        flashUp: String, flashDown: String, palette: [String: String]
    ) -> Theme {
        builtIn([
            "meta": ["name": name, "appearance": appearance],
            "palette": palette,
            "ui": [
                "base": "text on ground", "dim": "faint", "border": "line",
                "border_focus": "accent",
                "title": "soft bold", "title_focus": "ground on accent bold",
                "column_head": "faint",
                "key_hint": "accent", "selection": "text on raised",
                "cursor": "accent on raised bold",
                "header": "text", "accent": "accent bold",
            ],
            "label": [
                "live": "ground on teal bold", "demo": "ground on violet bold",
                "replay": "ground on sky bold",
            ],
            "market": [
                "up": up, "down": down, "flat": "soft", "flash_up": flashUp,
                "flash_down": flashDown, "stale": "amber dim", "bid": "soft", "ask": "soft",
            ],
            "severity": [
                "low": "soft", "medium": "amber", "high": "violet bold",
                "critical": "ground on violet bold",
            ],
            "health": [
                "ok": "teal", "warn": "amber bold", "bad": "violet bold",
                "banner": "#ffffff on alarm bold", "notice": "ground on amber bold",
            ],
            "chart": [
                "volume": "slate", "vwap": "amber", "line": "sky", "ema": "violet",
                "bands": "slate",
                "oscillator": "teal", "crosshair": "text bold", "scale": "faint",
                "last_price": "ground on accent bold",
            ],
            "sentiment": [
                "positive": "sky", "negative": "violet", "neutral": "faint",
            ],
        ])
    }
}
