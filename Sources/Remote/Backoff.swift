/// How long to wait before each new attempt: exponential with full jitter.
struct Backoff {
    static let first = Duration.seconds(1)
    static let longest = Duration.seconds(15)

    private var state: UInt64
    private var failures = 0

    init(seed: UInt64) { state = seed }

    /// Uniform between zero and the doubled-up ceiling.
    mutating func next() -> Duration {
        let ceiling = min(Backoff.longest, Backoff.first * (1 << min(failures, 10)))
        failures += 1
        return ceiling * unit()
    }

    /// The connection has brought the market: the next loss begins anew.
    mutating func reset() { failures = 0 }

    /// SplitMix64, as a number in 0..<1.
    private mutating func unit() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        bits ^= bits >> 31
        return Double(bits >> 11) * 0x1p-53
    }
}
