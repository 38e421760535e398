extension AnalyticsSettings {
    /// Everything but forests.
    public static var withoutForests: AnalyticsSettings {
        var settings = AnalyticsSettings()
        settings.forest.isOn = false
        return settings
    }

    /// The rolling figures of analytics.md, section 2, and nothing beyond them: what other programs
    /// can be measured against.
    public static var windowsAlone: AnalyticsSettings {
        var settings = withoutForests
        settings.barIntervals = []
        settings.indicators.intervals = []
        settings.featureRowsAreOn = false
        settings.newsJoinIsOn = false
        settings.rules.priceSpikeIsOn = false
        settings.rules.volumeSpikeIsOn = false
        settings.rules.velocityIsOn = false
        settings.rules.crossedMarketIsOn = false
        settings.rules.sequenceGapIsOn = false
        settings.rules.newsCorrelationIsOn = false
        settings.rules.rsiExtremeIsOn = false
        settings.rules.staleFeedIsOn = false
        settings.rules.latencyIsOn = false
        return settings
    }
}
