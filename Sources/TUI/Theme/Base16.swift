/// Base16 schemes: sixteen colours by role, as hundreds of themes for editors and terminals have.
///
/// A theme file whose `[palette]` names `base00` to `base0F` needs no slots of its own; those it
/// has come before what is made here.
enum Base16 {
    static let names = (0..<16).map { "base0" + String($0, radix: 16, uppercase: true) }

    static func isComplete(_ palette: [String: String]) -> Bool {
        names.allSatisfy { palette[$0] != nil }
    }

    /// The palette with `#` before its digits, as base16 files leave it out.
    static func palette(_ palette: [String: String]) -> [String: String] {
        var whole = palette
        for name in names {
            guard let value = palette[name], value.count == 6, value.allSatisfy(\.isHexDigit) else {
                continue
            }
            whole[name] = "#" + value
        }
        return whole
    }

    /// Dark where white is easier to read on the ground than black.
    static func appearance(_ palette: [String: String]) -> Theme.Appearance {
        guard let ground = palette["base00"].flatMap({ Color(themeValue: $0) }),
            let white = Color.rgb(255, 255, 255).contrast(with: ground),
            let black = Color.rgb(0, 0, 0).contrast(with: ground)
        else { return .any }
        return white > black ? .dark : .light
    }

    /// Slots by the roles that base16 gives its colours: 00 ground, 01 raised, 02 selection, 03
    /// comments, 05 text, 08 red, 09 orange, 0A yellow, 0B green, 0C cyan, 0D blue, 0E violet.
    static let slots: [String: [String: String]] = [
        "ui": [
            "base": "base05 on base00", "dim": "base04", "border": "base03",
            "border_focus": "base0D", "title": "base05 bold",
            "title_focus": "base00 on base0D bold", "column_head": "base04", "key_hint": "base0D",
            "selection": "base05 on base01", "cursor": "base0D on base01 bold",
            "header": "base05", "accent": "base0D bold",
        ],
        "label": [
            "live": "base00 on base0C bold", "demo": "base00 on base0E bold",
            "replay": "base00 on base0D bold",
        ],
        "market": [
            "up": "base0B", "down": "base08", "flat": "base05", "flash_up": "base0B bold",
            "flash_down": "base08 bold", "stale": "base0A dim", "bid": "base05", "ask": "base05",
        ],
        "severity": [
            "low": "base05", "medium": "base0A", "high": "base0E bold",
            "critical": "base00 on base0E bold",
        ],
        "health": [
            "ok": "base0C", "warn": "base0A bold", "bad": "base0E bold",
            "banner": "base00 on base08 bold", "notice": "base00 on base0A bold",
        ],
        "chart": [
            "volume": "base0D", "vwap": "base0A", "line": "base0C", "ema": "base0E",
            "bands": "base0D", "oscillator": "base0C", "crosshair": "base05 bold",
            "scale": "base04", "last_price": "base00 on base0D bold",
        ],
        "sentiment": ["positive": "base0C", "negative": "base0E", "neutral": "base04"],
    ]
}
