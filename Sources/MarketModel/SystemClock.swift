#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The wall clock: the one place that reads it.
public struct SystemClock: MarketClock {
    public init() {}

    public var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Nanoseconds of a clock that never steps, for measuring spans.
    public static var monotonicNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Blocks the calling thread. For dedicated threads only.
    public static func sleepThread(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var wanted = timespec(
            tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&wanted, nil)
    }
}
