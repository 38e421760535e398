import Engine
import MarketModel

/// A model's word on a ticker's price some minutes ahead, and how such words have held so far.
struct PredictionResources: Sendable {
    /// One-minute bars that are looked at.
    private static let barsMax = 2000

    let reader: MarketReader
    /// Made of one-minute bars, the oldest first; `nil` while they are too few.
    let forecast: @Sendable ([Bar]) -> PriceForecast?

    var routes: [Route] {
        [
            .get(
                "/api/v1/predictions/{ticker}",
                "The price some minutes ahead, with the forecast's error beside the naive one's.",
                [Parameters.ticker.definition], answer: .json(.prediction), statuses: [404],
                cacheSeconds: 1, prediction)
        ]
    }

    private func prediction(_ request: APIRequest) async throws(Problem) -> Reply {
        let symbol = try request.value(Parameters.ticker)
        let bars = try await reader.stored(of: symbol) {
            try $0.bars(
                symbol, interval: .minute, from: nil, to: nil, limit: PredictionResources.barsMax)
        }
        // Fitting takes a millisecond or so: not on an event loop.
        let made = try await reader.stored { [forecast] _ in forecast(bars.filter(\.isFinal)) }
        return Reply(.object(JSON.prediction(made, of: symbol)))
    }
}

extension JSON {
    /// All `null` but the reason without a forecast.
    fileprivate static func prediction(_ forecast: PriceForecast?, of symbol: Symbol) -> [(
        name: String, value: JSON
    )] {
        let score = forecast?.score
        let forecastFor = forecast.map { $0.madeAt.advanced(by: $0.horizon) }
        return [
            ("ticker", .of(symbol)), ("model_version", .of(forecast?.model)),
            ("price", .of(forecast?.price)), ("forecast", .of(forecast?.forecast)),
            ("made_at", .of(forecast?.madeAt)),
            ("horizon_seconds", .of(forecast?.horizon.components.seconds)),
            ("forecast_for", .of(forecastFor)), ("trained_on", .of(forecast?.trainedOn)),
            ("scored", .of(score?.forecasts)), ("error", .of(score?.error)),
            ("naive_error", .of(score?.naiveError)),
            ("beats_naive", score.map { .of($0.beatsNaive) } ?? .null),
            ("reason", forecast == nil ? .text(tooFew) : .null),
        ]
    }

    private static let tooFew =
        "Fewer than 150 one-minute bars are stored with the ten minutes before them and the five"
        + " after, or one of the last eleven minutes has no bar."
}

extension Schema {
    fileprivate static let prediction = Schema.object(
        "Prediction",
        [
            ("ticker", .ticker), ("model_version", .nullable(.text)), ("price", .nullable(.number)),
            ("forecast", .nullable(.number)), ("made_at", .nullable(.timestamp)),
            ("horizon_seconds", .nullable(.integer(0...Int.max))),
            ("forecast_for", .nullable(.timestamp)),
            ("trained_on", .nullable(.integer(0...Int.max))),
            ("scored", .nullable(.integer(0...Int.max))), ("error", .nullable(.number)),
            ("naive_error", .nullable(.number)), ("beats_naive", .nullable(.boolean)),
            ("reason", .nullable(.text)),
        ])
}
