import Analytics
import MarketModel

/// The settings as an event needs them: flat, worked out when they change. What is off costs a
/// comparison here and nothing more.
struct EnginePlan: BitwiseCopyable {
    let latenessNanoseconds: Int64
    let makesBars: Bool
    let sendsFeatures: Bool
    /// Some rule looks at every trade.
    let looksAtTrades: Bool
    /// Some rule compares trades with whole minutes.
    let comparesMinutes: Bool
    let velocityIsOn: Bool
    let velocityPercent: Double
    let crossedMarketIsOn: Bool
    let crossedMarketSeconds: Double
    let forestIsOn: Bool
    /// Articles are joined with the volume around them.
    let joinsNews: Bool
    /// Between its events a ticker has nothing to send but the last quote of a second, unless it is
    /// attended.
    let isPlain: Bool

    init(_ settings: AnalyticsSettings) {
        latenessNanoseconds = settings.latenessNanoseconds
        makesBars = settings.makesBars
        sendsFeatures = settings.featureRowsAreOn
        looksAtTrades = settings.rules.lookAtTrades
        comparesMinutes = settings.rules.compareMinutes
        velocityIsOn = settings.rules.velocityIsOn
        velocityPercent = settings.rules.velocityPercent
        crossedMarketIsOn = settings.rules.crossedMarketIsOn
        crossedMarketSeconds = settings.rules.crossedMarketSeconds
        forestIsOn = settings.forest.isOn
        joinsNews = settings.newsJoinIsOn
        isPlain = !makesBars && !sendsFeatures && !joinsNews && !crossedMarketIsOn
    }
}
