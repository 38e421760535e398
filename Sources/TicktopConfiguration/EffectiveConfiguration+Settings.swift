import MarketModel

extension EffectiveConfiguration {
    /// `directories` give the store its place when the configuration names none.
    public func settings(_ directories: Directories) -> Settings {
        Settings(
            feed: feed, store: store(directories), analytics: analytics,
            indicators: indicators, rules: rules, news: news, forest: forest, screen: screen,
            api: api)
    }

    private var feed: FeedSettings {
        guard let provider = FeedSettings.Provider(rawValue: text("feed.name")) else {
            preconditionFailure("feed.name admits a provider that does not exist")
        }
        let url = text("feed.url")
        return FeedSettings(
            provider: provider, url: url.isEmpty ? nil : url,
            tickers: list("feed.tickers").compactMap { Symbol($0) },
            seed: UInt64(integer("feed.seed")), eventsPerSecond: number("feed.events_per_second"))
    }

    private func store(_ directories: Directories) -> StoreSettings {
        let path = text("store.path")
        let barKeys: [(BarInterval, String)] = [
            (.second, "store.bars_1s_ttl_days"), (.minute, "store.bars_1m_ttl_days"),
            (.fiveMinutes, "store.bars_5m_ttl_days"), (.fifteenMinutes, "store.bars_15m_ttl_days"),
            (.hour, "store.bars_1h_ttl_days"),
        ]
        var barsLife: [BarInterval: Duration] = [:]
        for (interval, key) in barKeys { barsLife[interval] = days(key) }
        return StoreSettings(
            path: path.isEmpty ? "\(directories.data)/market.db" : path,
            bytesMax: Int64(integer("store.bytes_max")),
            commitIntervalMilliseconds: Int64(integer("store.commit_interval_milliseconds")),
            commitEvents: integer("store.commit_events"),
            tradesLife: hours("store.trades_ttl_hours"),
            quotesLife: hours("store.quotes_ttl_hours"),
            featuresLife: days("store.features_ttl_days"), newsLife: days("store.news_ttl_days"),
            episodesLife: days("store.episodes_ttl_days"),
            signalsLife: days("store.signals_ttl_days"),
            deadLettersLife: days("store.dead_letters_ttl_days"), barsLife: barsLife,
            keepsJournal: flag("store.keep_journal"))
    }

    private var analytics: AnalyticsKeys {
        AnalyticsKeys(
            latenessSeconds: number("analytics.lateness_seconds"),
            volumeZScoreMode: text("analytics.volume_zscore_mode"),
            symbolsMax: integer("analytics.symbols_max"))
    }

    private var indicators: IndicatorKeys {
        IndicatorKeys(
            averagePeriods: list("indicators.average_periods").compactMap { Int($0) },
            rsiPeriod: integer("indicators.rsi_period"),
            rsiUpper: number("indicators.rsi_upper"), rsiLower: number("indicators.rsi_lower"),
            macdFastPeriod: integer("indicators.macd_fast_period"),
            macdSlowPeriod: integer("indicators.macd_slow_period"),
            macdSignalPeriod: integer("indicators.macd_signal_period"),
            bollingerPeriod: integer("indicators.bollinger_period"),
            bollingerDeviations: number("indicators.bollinger_deviations"),
            stochasticPeriod: integer("indicators.stochastic_period"),
            stochasticSlowK: integer("indicators.stochastic_slow_k"),
            stochasticSlowD: integer("indicators.stochastic_slow_d"),
            atrPeriod: integer("indicators.atr_period"),
            standardDeviationPeriod: integer("indicators.standard_deviation_period"),
            crossFastPeriod: integer("indicators.cross_fast_period"),
            crossSlowPeriod: integer("indicators.cross_slow_period"),
            signalIntervals: list("indicators.signal_intervals"))
    }

    private var rules: RuleKeys {
        RuleKeys(
            priceSpikeIsOn: flag("rules.price_spike"),
            priceSpikePercent: number("rules.price_spike_percent"),
            volumeSpikeIsOn: flag("rules.volume_spike"),
            volumeSpikeRatio: number("rules.volume_spike_ratio"),
            velocityIsOn: flag("rules.velocity"),
            velocityPercent: number("rules.velocity_percent"),
            crossedMarketIsOn: flag("rules.crossed_market"),
            crossedMarketSeconds: number("rules.crossed_market_seconds"),
            sequenceGapIsOn: flag("rules.sequence_gap"),
            newsCorrelationIsOn: flag("rules.news_correlation"),
            rsiExtremeIsOn: flag("rules.rsi_extreme"),
            rsiExtremeUpper: number("rules.rsi_extreme_upper"),
            rsiExtremeLower: number("rules.rsi_extreme_lower"),
            staleFeedIsOn: flag("rules.stale_feed"),
            staleFeedSeconds: number("rules.stale_feed_seconds"),
            latencyIsOn: flag("rules.latency"),
            latencyMilliseconds: number("rules.latency_milliseconds"))
    }

    private var news: NewsSettings {
        guard let provider = NewsSettings.Provider(rawValue: text("news.provider")) else {
            preconditionFailure("news.provider admits a provider that does not exist")
        }
        let url = text("news.url")
        return NewsSettings(
            provider: provider, url: url.isEmpty ? nil : url,
            pollInterval: .seconds(number("news.poll_seconds")),
            requestsPerMinute: integer("news.requests_per_minute"),
            usesFinanceWords: flag("news.finance_words"))
    }

    private var forest: ForestKeys {
        ForestKeys(
            isOn: flag("forest.enabled"), trees: integer("forest.trees"),
            samples: integer("forest.samples"), contamination: number("forest.contamination"),
            scoreMax: number("forest.score_max"), isCalibrated: flag("forest.calibrated"),
            hitDeviations: number("forest.hit_deviations"),
            setAsideSeconds: number("forest.set_aside_seconds"),
            trainEvery: integer("forest.train_every"),
            secondsBetween: number("forest.seconds_between"),
            tickersMax: integer("forest.tickers_max"))
    }

    private var screen: ScreenSettings {
        ScreenSettings(
            theme: text("screen.theme"), color: text("screen.color"),
            glyphs: text("screen.glyphs"), upDown: text("screen.up_down"),
            staleAfter: .seconds(number("screen.stale_after_seconds")),
            updatesPerSecond: integer("screen.update_hz"), mouseIsOn: flag("screen.mouse"),
            bellIsOn: flag("screen.bell"), clock: text("screen.clock"))
    }

    private var api: PortSettings {
        PortSettings(
            isEnabled: flag("api.enabled"), address: text("api.address"),
            port: integer("api.port"),
            requestsPerMinuteMax: integer("api.requests_per_minute_max"),
            allowedHosts: list("api.allowed_hosts"))
    }

    private func flag(_ path: String) -> Bool {
        if case .flag(let value) = value(path) { return value }
        preconditionFailure("\(path) is no flag")
    }

    private func integer(_ path: String) -> Int {
        if case .integer(let value) = value(path) { return value }
        preconditionFailure("\(path) is no integer")
    }

    private func number(_ path: String) -> Double {
        if case .number(let value) = value(path) { return value }
        preconditionFailure("\(path) is no number")
    }

    private func text(_ path: String) -> String {
        if case .text(let value) = value(path) { return value }
        preconditionFailure("\(path) is no text")
    }

    private func list(_ path: String) -> [String] {
        if case .list(let value) = value(path) { return value }
        preconditionFailure("\(path) is no list")
    }

    private func hours(_ path: String) -> Duration? {
        let count = integer(path)
        return count == 0 ? nil : .seconds(3600 * count)
    }

    private func days(_ path: String) -> Duration? {
        let count = integer(path)
        return count == 0 ? nil : .seconds(86_400 * count)
    }
}
