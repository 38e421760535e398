import API
import Analytics
import Kafka
import MarketModel
import Storage
import TicktopConfiguration

/// The configuration in each module's own terms.
extension Settings {
    var analyticsSettings: AnalyticsSettings {
        var settings = AnalyticsSettings()
        settings.latenessSeconds = analytics.latenessSeconds
        settings.volumeZScoreMode = analytics.volumeZScoreMode == "trade" ? .trade : .slots
        settings.symbolsMax = analytics.symbolsMax
        settings.barIntervals = analytics.barIntervals
        settings.featureRowsAreOn = analytics.featureRowsAreOn
        settings.newsJoinIsOn = news.joinsVolume
        settings.rules.priceSpikeIsOn = rules.priceSpikeIsOn
        settings.rules.priceSpikePercent = rules.priceSpikePercent
        settings.rules.volumeSpikeIsOn = rules.volumeSpikeIsOn
        settings.rules.volumeSpikeRatio = rules.volumeSpikeRatio
        settings.rules.velocityIsOn = rules.velocityIsOn
        settings.rules.velocityPercent = rules.velocityPercent
        settings.rules.crossedMarketIsOn = rules.crossedMarketIsOn
        settings.rules.crossedMarketSeconds = rules.crossedMarketSeconds
        settings.rules.sequenceGapIsOn = rules.sequenceGapIsOn
        settings.rules.newsCorrelationIsOn = rules.newsCorrelationIsOn
        settings.sentimentLexicon = news.usesFinanceWords ? .finance : .vader
        settings.rules.rsiExtremeIsOn = rules.rsiExtremeIsOn
        settings.rules.rsiExtremeUpper = rules.rsiExtremeUpper
        settings.rules.rsiExtremeLower = rules.rsiExtremeLower
        settings.indicators = indicatorSettings
        settings.rules.staleFeedIsOn = rules.staleFeedIsOn
        settings.rules.staleFeedSeconds = rules.staleFeedSeconds
        settings.rules.latencyIsOn = rules.latencyIsOn
        settings.rules.latencyMilliseconds = rules.latencyMilliseconds
        settings.forest = forestSettings
        return settings
    }

    private var forestSettings: ForestSettings {
        var settings = ForestSettings()
        settings.isOn = forest.isOn
        settings.trees = forest.trees
        settings.samples = forest.samples
        settings.contamination = forest.contamination
        settings.scoreMax = forest.scoreMax
        settings.isCalibrated = forest.isCalibrated
        settings.hitDeviations = forest.hitDeviations
        settings.setAsideSeconds = forest.setAsideSeconds
        settings.trainEvery = forest.trainEvery
        settings.secondsBetween = forest.secondsBetween
        settings.tickersMax = forest.tickersMax
        return settings
    }

    private var indicatorSettings: IndicatorSettings {
        var settings = IndicatorSettings()
        settings.averagePeriods = indicators.averagePeriods
        settings.rsiPeriod = indicators.rsiPeriod
        settings.rsiUpper = indicators.rsiUpper
        settings.rsiLower = indicators.rsiLower
        settings.macdFastPeriod = indicators.macdFastPeriod
        settings.macdSlowPeriod = indicators.macdSlowPeriod
        settings.macdSignalPeriod = indicators.macdSignalPeriod
        settings.bollingerPeriod = indicators.bollingerPeriod
        settings.bollingerDeviations = indicators.bollingerDeviations
        settings.stochasticPeriod = indicators.stochasticPeriod
        settings.stochasticSlowK = indicators.stochasticSlowK
        settings.stochasticSlowD = indicators.stochasticSlowD
        settings.atrPeriod = indicators.atrPeriod
        settings.standardDeviationPeriod = indicators.standardDeviationPeriod
        settings.crossFastPeriod = indicators.crossFastPeriod
        settings.crossSlowPeriod = indicators.crossSlowPeriod
        settings.intervals = indicators.intervals
        settings.signalIntervals = indicators.signalIntervals
        return settings
    }

    var retention: RetentionSettings {
        var retention = RetentionSettings()
        retention.trades = store.tradesLife
        retention.quotes = store.quotesLife
        retention.features = store.featuresLife
        retention.news = store.newsLife
        retention.episodes = store.episodesLife
        retention.signals = store.signalsLife
        retention.deadLetters = store.deadLettersLife
        retention.bars = store.barsLife
        retention.storeBytesMax = store.bytesMax
        return retention
    }

    var retrySchedule: RetrySchedule {
        var schedule = RetrySchedule()
        schedule.attempts = deadLetters.attempts
        schedule.attemptPause = deadLetters.attemptPause
        schedule.interval = deadLetters.retryInterval
        schedule.retriesMax = deadLetters.retries
        return schedule
    }

    var writer: WriterSettings {
        var writer = WriterSettings()
        writer.lingerMilliseconds = store.commitIntervalMilliseconds
        writer.groupEvents = store.commitEvents
        return writer
    }

    func kafkaSettings(environment: [String: String]) throws -> KafkaSettings {
        var settings = KafkaSettings(brokers: kafka.brokers)
        settings.clientID = kafka.clientID
        settings.group = kafka.group
        settings.partitionCount = kafka.partitionCount
        settings.replicationFactor = kafka.replicationFactor
        settings.compression = KafkaCompression(rawValue: kafka.compression) ?? .lz4
        settings.assignment = kafka.assignment == .eager ? .eager : .cooperative
        settings.options = kafka.options
        settings.secrets = try KafkaSecrets.read(
            environment: environment,
            file: try kafka.passwordFile.map { (path: $0, text: try SecretFile.text($0)) })
        settings.topics.trades = kafka.topics.trades
        settings.topics.news = kafka.topics.news
        settings.topics.deadLetters = kafka.topics.deadLetters
        settings.topics.aggregations = kafka.topics.aggregations
        settings.topics.bars = kafka.topics.bars
        settings.topics.anomalies = kafka.topics.anomalies
        settings.topics.sentiment = kafka.topics.sentiment
        settings.topics.acknowledgements = kafka.topics.acknowledgements
        settings.topics.states = kafka.topics.states
        return settings
    }

    var apiSettings: APISettings {
        var port = APISettings()
        port.address = api.address
        port.port = api.port
        port.allowedHosts = api.allowedHosts
        port.requestsPerMinuteMax = api.requestsPerMinuteMax
        port.connectionsMax = api.connectionsMax
        port.staleAfter = screen.staleAfter
        return port
    }
}

extension FeedSettings {
    var source: FeedSource {
        switch provider {
        case .demo: .demo
        case .massive: .massive
        case .binance: .binance
        // Whose events these are, each record says.
        case .kafka: .ticktop
        }
    }
}
