import Engine
import MarketModel

/// One line of the settings: something that can be switched while the screen runs.
struct ScreenSetting {
    /// What Enter does to it; the command's name and keys are shown beside it.
    let action: Action
    let name: SafeText
    let value: SafeText
}

extension ScreenState {
    /// Everything a person may switch, with how it stands. The rest is in the configuration.
    var settings: [ScreenSetting] {
        func line(_ action: Action, _ name: SafeText, _ value: String) -> ScreenSetting {
            ScreenSetting(action: action, name: name, value: SafeText(value))
        }
        let lines = ChartIndicator.allCases.filter { choices.indicators.contains($0) }
        let filter = choices.episodeFilter
        var settings = [
            line(.nextLayout, "layout", choices.layout.rawValue),
            line(.themes, "theme", theme.name),
            line(.clock, "clock", clockZone.rawValue),
            line(.sort, "quotes sorted by", sort.column.rawValue),
            line(.nextGroup, "watchlist group", group?.name ?? "all"),
            line(.longerInterval, "chart interval", interval.name),
            line(.chartStyle, "chart style", choices.chartStyle.rawValue),
            line(
                .indicators, "chart lines",
                lines.isEmpty ? "none" : lines.map(\.rawValue).joined(separator: " ")),
            line(.anomalyState, "anomalies shown", filter.state.rawValue),
            line(.anomalySeverity, "from severity", filter.severity),
            line(
                .anomalyKind, "of kind", filter.kind?.replacing("_", with: " ") ?? "all"),
            line(.bell, "bell", bellIsOn ? "on" : "off"),
            line(.mouse, "mouse", mouseIsOn ? "on" : "off"),
        ]
        if options.controls.record != nil {
            settings.append(line(.record, "recording", status.recording == nil ? "off" : "on"))
        }
        return settings
    }

    /// Up and down choose a line, Enter, Space, left and right switch it; anything else closes.
    mutating func changeSetting(at line: Int, _ key: Key, _ action: Action?, _ now: Timestamp)
        -> [ScreenCommand]?
    {
        let settings = settings
        let chosen = settings[min(line, settings.count - 1)].action
        switch action {
        case .some(let action) where action.isVertical:
            overlay = .settings(at: moved(line, count: settings.count, action))
        case .drill, .right, .left, .freeze:
            return perform(switching(chosen, back: action == .left), now)
        default: overlay = nil
        }
        return []
    }

    /// The chart's intervals end at a day, and begin again.
    private mutating func switching(_ action: Action, back: Bool) -> Action {
        switch action {
        case .nextLayout: return back ? .previousLayout : .nextLayout
        case .nextGroup: return back ? .previousGroup : .nextGroup
        case .longerInterval:
            if back { return .shorterInterval }
            if interval == BarInterval.allCases.last { choose(interval: .second) }
            return .longerInterval
        default: return action
        }
    }
}
