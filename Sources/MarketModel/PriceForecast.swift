/// A model's word on a ticker's price some minutes ahead, with its own record against doing
/// nothing.
public struct PriceForecast: Equatable, Sendable {
    /// Its kind and version, such as `ridge-1`.
    public var model: String
    /// The close of the bar that it was made from.
    public var price: Price
    public var forecast: Price
    /// The end of that bar.
    public var madeAt: Timestamp
    /// How far ahead.
    public var horizon: Duration
    /// Examples that the model was fitted on.
    public var trainedOn: Int
    /// How it did on bars that it had not seen.
    public var score: Score

    /// Of forecasts made in hindsight, each by a model fitted only on what was known then.
    public struct Score: Equatable, Sendable {
        public var forecasts: Int
        /// Mean absolute error, in currency units.
        public var error: Double
        /// The same of the naive forecast, which is that the price stays.
        public var naiveError: Double

        public init(forecasts: Int, error: Double, naiveError: Double) {
            self.forecasts = forecasts
            self.error = error
            self.naiveError = naiveError
        }

        public var beatsNaive: Bool { error < naiveError }
    }

    public init(
        model: String, price: Price, forecast: Price, madeAt: Timestamp, horizon: Duration,
        trainedOn: Int, score: Score
    ) {
        self.model = model
        self.price = price
        self.forecast = forecast
        self.madeAt = madeAt
        self.horizon = horizon
        self.trainedOn = trainedOn
        self.score = score
    }
}
