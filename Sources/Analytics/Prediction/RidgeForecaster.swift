import Foundation
import MarketModel

/// Foretells the price five minutes ahead from the last ten one-minute returns.
///
/// A small, honest model: ridge regression of the logarithmic return over the horizon on the
/// lagged logarithmic returns, fitted anew on the given bars. Its score is walk-forward: over the
/// newest `scoredMax` bars whose outcome is known, every `refitEvery` bars a model is fitted on
/// what was known by then, and its forecasts are compared with the price that came and with the
/// price that was.
public enum RidgeForecaster {
    public static let model = "ridge-1"
    /// More bars than this say nothing of today.
    public static let barsMax = 2000
    static let lags = 10
    static let horizonMinutes = 5
    /// On standardised features.
    static let penalty = 100.0
    static let trainedMin = 120
    static let scoredMin = 30
    /// One regular session.
    static let scoredMax = 390
    static let refitEvery = 30

    private static let minute = Duration.seconds(60)

    /// `bars` are a ticker's one-minute bars, oldest first; those that are not final or have no
    /// close break the run, as a missing minute does. `nil` when the newest eleven bars are not in
    /// one run, or fewer than 150 bars have both ten returns before them and an outcome.
    public static func forecast(_ bars: [Bar]) -> PriceForecast? {
        let bars = bars.suffix(barsMax).filter { $0.isFinal && $0.close ?? .zero > .zero }
        let examples = Examples(bars)
        guard let last = bars.last, let price = last.close,
            let features = examples.newest, let score = score(examples)
        else { return nil }
        var ridge = RidgeRegression(width: lags)
        for index in examples.targets.indices {
            ridge.add(examples.features(index), target: examples.targets[index])
        }
        guard let fit = ridge.fit(penalty: penalty) else { return nil }
        let forecast = Double(price.units) * exp(fit.value(features[...]))
        guard let units = Int64(exactly: forecast.rounded()) else { return nil }
        return PriceForecast(
            model: model, price: price, forecast: Price(units: units),
            madeAt: last.start.advanced(by: minute), horizon: minute * horizonMinutes,
            trainedOn: examples.targets.count, score: score)
    }

    private static func score(_ examples: Examples) -> PriceForecast.Score? {
        let count = examples.targets.count
        let scored = min(scoredMax, count - trainedMin)
        guard scored >= scoredMin else { return nil }
        var ridge = RidgeRegression(width: lags)
        var added = 0
        var fit: RidgeRegression.Fit?
        var error = 0.0
        var naiveError = 0.0
        for (turn, index) in (count - scored..<count).enumerated() {
            if turn % refitEvery == 0 {
                while added < index, examples.knownAt[added] <= examples.madeAt[index] {
                    ridge.add(examples.features(added), target: examples.targets[added])
                    added += 1
                }
                fit = ridge.fit(penalty: penalty)
            }
            guard let fit else { return nil }
            let price = examples.prices[index]
            let outcome = price * exp(examples.targets[index])
            error += abs(price * exp(fit.value(examples.features(index))) - outcome)
            naiveError += abs(price - outcome)
        }
        return PriceForecast.Score(
            forecasts: scored, error: error / Double(scored),
            naiveError: naiveError / Double(scored))
    }
}

/// Bars with what was known at each and what came of it, oldest first.
private struct Examples {
    /// Of each example its lagged returns, the newest first, end to end.
    private var rows: [Double] = []
    private(set) var targets: [Double] = []
    private(set) var prices: [Double] = []
    /// The end of the example's bar, in minutes.
    private(set) var madeAt: [Int64] = []
    private(set) var knownAt: [Int64] = []
    /// The lagged returns at the last bar; `nil` when the run is too short.
    private(set) var newest: [Double]?

    init(_ bars: [Bar]) {
        let lags = RidgeForecaster.lags
        let horizon = RidgeForecaster.horizonMinutes
        let minutes = bars.map { $0.start.secondsFloor.flooredQuotient(60) }
        let closes = bars.map { $0.close?.asDouble ?? 0 }
        for index in bars.indices where index >= lags {
            // Each minute has one bar, so the distance tells whether one is missing.
            guard minutes[index] - minutes[index - lags] == lags else { continue }
            let returns = (0..<lags).map { log(closes[index - $0] / closes[index - $0 - 1]) }
            if index == bars.count - 1 { newest = returns }
            let outcome = index + horizon
            guard outcome < bars.count, minutes[outcome] - minutes[index] == horizon else {
                continue
            }
            rows += returns
            targets.append(log(closes[outcome] / closes[index]))
            prices.append(closes[index])
            madeAt.append(minutes[index] + 1)
            knownAt.append(minutes[outcome] + 1)
        }
    }

    func features(_ index: Int) -> ArraySlice<Double> {
        let lags = RidgeForecaster.lags
        return rows[index * lags..<(index + 1) * lags]
    }
}
