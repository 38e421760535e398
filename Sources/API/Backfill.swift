import MarketModel

/// Asking the feed's provider for bars of days that are over.
public struct Backfill: Sendable {
    /// How many bars came, of days and of minutes.
    public struct Fetched: Sendable {
        public var days: Int
        public var minutes: Int

        public init(days: Int, minutes: Int) {
            self.days = days
            self.minutes = minutes
        }
    }

    /// `massive` or `binance`
    public var provider: String
    /// Today in the provider's days.
    public var today: @Sendable () -> CivilDate
    /// From the first day to the last: asks, puts what comes into the log, and returns. What it
    /// throws describes itself in the provider's own words.
    public var fetch: @Sendable (Symbol, CivilDate, CivilDate) async throws -> Fetched

    public init(
        provider: String, today: @escaping @Sendable () -> CivilDate,
        fetch: @escaping @Sendable (Symbol, CivilDate, CivilDate) async throws -> Fetched
    ) {
        self.provider = provider
        self.today = today
        self.fetch = fetch
    }
}
