import MarketModel

/// How long to wait before each new attempt: exponential with full jitter.
///
/// The delay starts over only after data has flowed for a while. A provider that accepts the key,
/// confirms the topics and then hangs up would otherwise be asked in a tight loop.
struct Backoff {
    struct Rule: Equatable, Sendable {
        var first = Duration.seconds(1)
        var longest = Duration.seconds(60)
        /// How long data must have flowed for the delay to start over.
        var resetAfter = Duration.seconds(30)
    }

    let rule: Rule
    private var random: SimulatedRandom
    private var failures = 0

    init(_ rule: Rule, seed: UInt64) {
        self.rule = rule
        random = SimulatedRandom(seed: seed)
    }

    /// Uniform between zero and the doubled-up ceiling.
    mutating func next() -> Duration {
        let ceiling = min(rule.longest, rule.first * (1 << min(failures, 20)))
        failures += 1
        return ceiling * random.unit()
    }

    mutating func connectionEnded(dataFlowedFor span: Duration) {
        if span >= rule.resetAfter { failures = 0 }
    }
}
