import MarketModel

/// What the port has worked out from stored rows when somebody asks: analytics it does not know
/// itself.
public struct APICalculations: Sendable {
    /// The indicators at the last so many bars of a run of them.
    var indicatorSeries: @Sendable ([Bar], _ last: Int) -> [IndicatorPoint]
    /// Of one-minute bars, the oldest first; `nil` while they are too few.
    var forecast: @Sendable ([Bar]) -> PriceForecast?
    /// Of reports and daily bars, the oldest first, and returns over so many sessions.
    var earningsStudy: @Sendable ([EarningsReport], _ days: [Bar], _ sessions: Int) -> EarningsStudy

    public init(
        indicatorSeries: @escaping @Sendable ([Bar], _ last: Int) -> [IndicatorPoint],
        forecast: @escaping @Sendable ([Bar]) -> PriceForecast?,
        earningsStudy:
            @escaping @Sendable ([EarningsReport], _ days: [Bar], _ sessions: Int) -> EarningsStudy
    ) {
        self.indicatorSeries = indicatorSeries
        self.forecast = forecast
        self.earningsStudy = earningsStudy
    }
}
