extension Theme {
    /// Only the terminal's own 16 colours: works on dark and light, and when no theme file is
    /// found.
    ///
    /// The same as `themes/default.toml`, which a test keeps true.
    public static let terminal = builtIn([
        "meta": ["name": "default", "appearance": "any"],
        "ui": [
            "base": "default", "dim": "default dim", "border": "default dim",
            "border_focus": "cyan", "title": "default bold", "title_focus": "cyan bold reverse",
            "column_head": "default dim", "key_hint": "cyan", "selection": "default bold",
            "cursor": "default bold reverse", "header": "default", "accent": "cyan bold",
        ],
        "label": [
            "live": "green bold reverse", "demo": "magenta bold reverse",
            "replay": "blue bold reverse",
        ],
        "market": [
            "up": "green", "down": "red", "flat": "default", "flash_up": "green bold",
            "flash_down": "red bold", "stale": "yellow dim", "bid": "default", "ask": "default",
        ],
        "severity": [
            "low": "default", "medium": "yellow", "high": "magenta bold",
            "critical": "magenta bold reverse",
        ],
        "health": [
            "ok": "cyan", "warn": "yellow bold", "bad": "magenta bold",
            "banner": "red bold reverse", "notice": "yellow bold reverse",
        ],
        "chart": [
            "volume": "blue", "vwap": "yellow", "line": "cyan", "ema": "magenta",
            "bands": "blue", "oscillator": "cyan", "crosshair": "bold",
            "scale": "default dim", "last_price": "bold reverse",
        ],
        "sentiment": ["positive": "cyan", "negative": "magenta", "neutral": "default dim"],
    ])

    /// No colour at all: bold, dim, underline and reverse carry what colours would. Also used for
    /// `NO_COLOR`.
    public static let mono = builtIn([
        "meta": ["name": "mono", "appearance": "any"],
        "ui": [
            "base": "default", "dim": "dim", "border": "dim", "border_focus": "bold",
            "title": "default", "title_focus": "bold reverse", "column_head": "dim",
            "key_hint": "bold", "selection": "bold", "cursor": "bold reverse", "header": "default",
            "accent": "bold",
        ],
        "label": ["live": "bold reverse", "demo": "bold reverse", "replay": "bold reverse"],
        "market": [
            "up": "default", "down": "default", "flat": "default", "flash_up": "bold",
            "flash_down": "bold", "stale": "dim", "bid": "default", "ask": "default",
        ],
        "severity": [
            "low": "default", "medium": "default", "high": "bold", "critical": "bold reverse",
        ],
        "health": [
            "ok": "default", "warn": "bold", "bad": "bold underline", "banner": "bold reverse",
            "notice": "reverse",
        ],
        "chart": [
            "volume": "dim", "vwap": "bold", "line": "default", "ema": "default", "bands": "dim",
            "oscillator": "default", "crosshair": "bold", "scale": "dim",
            "last_price": "bold reverse",
        ],
        "sentiment": ["positive": "default", "negative": "default", "neutral": "dim"],
    ])

    /// Traps on a mistake in the table: it is ours.
    static func builtIn(_ tables: [String: [String: String]]) -> Theme {
        do {
            return try Theme(tables: tables, startingFrom: [:])
        } catch {
            preconditionFailure("built-in theme: \(error)")
        }
    }
}
