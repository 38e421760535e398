import MarketModel

extension EffectiveConfiguration {
    /// `directories` give the store its place when the configuration names none.
    public func settings(_ directories: Directories) -> Settings {
        Settings(
            feed: feed, store: store(directories), deadLetters: deadLetters,
            analytics: analytics, indicators: indicators, rules: rules, news: news, forest: forest,
            screen: screen, api: api, kafka: kafka)
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
            (.hour, "store.bars_1h_ttl_days"), (.day, "store.bars_1d_ttl_days"),
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

    private var deadLetters: DeadLetterKeys {
        DeadLetterKeys(
            attempts: integer("dead_letters.attempts"),
            attemptPause: .seconds(number("dead_letters.attempt_seconds")),
            retryInterval: .seconds(60 * number("dead_letters.retry_minutes")),
            retries: integer("dead_letters.retries"))
    }

    private var analytics: AnalyticsKeys {
        AnalyticsKeys(
            latenessSeconds: number("analytics.lateness_seconds"),
            volumeZScoreMode: text("analytics.volume_zscore_mode"),
            barIntervals: list("analytics.bar_intervals"),
            featureRowsAreOn: flag("analytics.feature_rows"),
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
            intervals: list("indicators.intervals"),
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
            usesFinanceWords: flag("news.finance_words"),
            joinsVolume: flag("news.join_volume"))
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
            connectionsMax: integer("api.connections_max"),
            allowedHosts: list("api.allowed_hosts"))
    }

    private var kafka: KafkaKeys {
        guard let role = KafkaKeys.Role(rawValue: text("kafka.role")) else {
            preconditionFailure("kafka.role admits a role that does not exist")
        }
        guard let assignment = KafkaKeys.Assignment(rawValue: text("kafka.assignment")) else {
            preconditionFailure("kafka.assignment admits one that does not exist")
        }
        let passwordFile = text("kafka.password_file")
        let options = list("kafka.options").compactMap { SettingKind.pair($0) }
        return KafkaKeys(
            brokers: text("kafka.brokers"), role: role, tellsDerived: flag("kafka.derived"),
            group: text("kafka.group"),
            clientID: text("kafka.client_id"), partitionCount: integer("kafka.partitions"),
            replicationFactor: integer("kafka.replication"),
            compression: text("kafka.compression"),
            assignment: assignment,
            options: Dictionary(
                options.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            passwordFile: passwordFile.isEmpty ? nil : passwordFile,
            topics: KafkaKeys.Topics(
                trades: text("kafka.trades_topic"), news: text("kafka.news_topic"),
                deadLetters: text("kafka.dead_letters_topic"),
                aggregations: text("kafka.aggregations_topic"), bars: text("kafka.bars_topic"),
                anomalies: text("kafka.anomalies_topic"),
                sentiment: text("kafka.sentiment_topic"),
                acknowledgements: text("kafka.acknowledgements_topic"),
                states: text("kafka.states_topic")),
            spillBytesMax: Int64(integer("kafka.spill_bytes_max")),
            commitMax: .milliseconds(integer("kafka.commit_milliseconds_max")),
            queuePercentMax: integer("kafka.queue_percent_max"),
            pauseMin: .milliseconds(integer("kafka.pause_milliseconds_min")))
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
