import MarketModel

extension AnomalyKind {
    /// Observed beside the log, by each process for itself.
    var isOperational: Bool { self == .staleFeed || self == .latency }
}
