/// What a style means. The raw value is `section.name` in a theme file.
public enum Slot: String, CaseIterable, Sendable {
    /// The whole screen: `fg` on `bg`.
    case base = "ui.base"
    case dim = "ui.dim"
    case border = "ui.border"
    case borderFocus = "ui.border_focus"
    case title = "ui.title"
    case titleFocus = "ui.title_focus"
    case columnHead = "ui.column_head"
    case keyHint = "ui.key_hint"
    /// The row of the cursor.
    case selection = "ui.selection"
    /// The ticker at the cursor.
    case cursor = "ui.cursor"
    case header = "ui.header"
    case accent = "ui.accent"

    case live = "label.live"
    case demo = "label.demo"
    case replay = "label.replay"

    case up = "market.up"
    case down = "market.down"
    case flat = "market.flat"
    case flashUp = "market.flash_up"
    case flashDown = "market.flash_down"
    case stale = "market.stale"
    case bid = "market.bid"
    case ask = "market.ask"

    case low = "severity.low"
    case medium = "severity.medium"
    case high = "severity.high"
    case critical = "severity.critical"

    case ok = "health.ok"
    case warn = "health.warn"
    case bad = "health.bad"
    /// A bar across the screen: disconnected, store failing.
    case banner = "health.banner"
    case notice = "health.notice"

    case volume = "chart.volume"
    case vwap = "chart.vwap"
    /// The closes, where the chart is a line.
    case line = "chart.line"
    case ema = "chart.ema"
    case bands = "chart.bands"
    /// RSI and MACD.
    case oscillator = "chart.oscillator"
    case crosshair = "chart.crosshair"
    case scale = "chart.scale"
    case lastPrice = "chart.last_price"

    case positive = "sentiment.positive"
    case negative = "sentiment.negative"
    case neutral = "sentiment.neutral"
}
