extension SettingTable {
    private static let periods = SettingKind.integer(2...500)
    private static let smoothing = SettingKind.integer(1...8)

    static let indicators = [
        SettingKey(
            "indicators", "average_periods", .periods(1...500, countMax: 8),
            .list(["10", "12", "20", "26", "50", "100", "200"]), "Of SMA, EMA and WMA."),
        SettingKey("indicators", "rsi_period", periods, .integer(14), "Wilder's."),
        SettingKey(
            "indicators", "rsi_upper", .number(50...100), .number(70), "A signal beyond this."),
        SettingKey(
            "indicators", "rsi_lower", .number(0...50), .number(30), "And below this."),
        SettingKey("indicators", "macd_fast_period", periods, .integer(12), "The fast average."),
        SettingKey(
            "indicators", "macd_slow_period", periods, .integer(26),
            "The slow one: longer than the fast."),
        SettingKey(
            "indicators", "macd_signal_period", .integer(1...500), .integer(9),
            "The signal line's."),
        SettingKey("indicators", "bollinger_period", periods, .integer(20), "The bands'."),
        SettingKey(
            "indicators", "bollinger_deviations", .number(0.01...100), .number(2),
            "Standard deviations from the middle to a band."),
        SettingKey(
            "indicators", "stochastic_period", .integer(1...500), .integer(14), "Fast %K's."),
        SettingKey(
            "indicators", "stochastic_slow_k", smoothing, .integer(3), "Smooths %K."),
        SettingKey(
            "indicators", "stochastic_slow_d", smoothing, .integer(3), "Smooths it again to %D."),
        SettingKey("indicators", "atr_period", .integer(1...500), .integer(14), "Wilder's."),
        SettingKey(
            "indicators", "standard_deviation_period", periods, .integer(20), "Of closes."),
        SettingKey(
            "indicators", "cross_fast_period", .integer(1...499), .integer(50),
            "The average that crosses in a golden or death cross."),
        SettingKey(
            "indicators", "cross_slow_period", periods, .integer(200),
            "The one it crosses: longer than the fast."),
        SettingKey(
            "indicators", "intervals", .names(["1s", "1m", "5m", "15m", "1h", "1d"]),
            .list(["1s", "1m", "5m", "15m", "1h", "1d"]), "Bars that they are made on."),
        SettingKey(
            "indicators", "signal_intervals", .names(["1s", "1m", "5m", "15m", "1h", "1d"]),
            .list(["1m", "5m", "15m", "1h", "1d"]), "Bars whose signals are events."),
    ]

    /// Pairs of keys of which the first must be the lower.
    static let ascending = [
        ("indicators.macd_fast_period", "indicators.macd_slow_period"),
        ("indicators.cross_fast_period", "indicators.cross_slow_period"),
    ]
}
