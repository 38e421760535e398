import MarketModel

/// Lets each client make so many requests a minute: a bucket of that many, filled evenly.
struct RateLimit {
    /// When full, the clients seen longest ago are forgotten: a forgotten one begins with a full
    /// bucket.
    static let clientsMax = 4096

    private struct Bucket {
        var tokens: Double
        var filledAt: Timestamp
    }

    private let perMinuteMax: Int
    private var buckets: [String: Bucket] = [:]

    init(perMinuteMax: Int) { self.perMinuteMax = perMinuteMax }

    /// `nil` when the request is let in, else the whole seconds to wait.
    mutating func secondsToWait(_ client: String, now: Timestamp) -> Int? {
        guard perMinuteMax > 0 else { return nil }
        let perSecond = Double(perMinuteMax) / 60
        var bucket = buckets[client] ?? Bucket(tokens: Double(perMinuteMax), filledAt: now)
        let elapsed = max(0, Double(now.nanosecondsSince(bucket.filledAt)) / 1e9)
        bucket.tokens = min(Double(perMinuteMax), bucket.tokens + elapsed * perSecond)
        bucket.filledAt = now
        let isLetIn = bucket.tokens >= 1
        if isLetIn { bucket.tokens -= 1 }
        buckets[client] = bucket
        if buckets.count > RateLimit.clientsMax { forgetOldest() }
        return isLetIn ? nil : max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
    }

    private mutating func forgetOldest() {
        let times = buckets.values.map(\.filledAt).sorted()
        let cut = times[times.count / 4]
        buckets = buckets.filter { $0.value.filledAt > cut }
    }
}
