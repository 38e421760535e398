import MarketModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A mutex with one condition whose timed waits run on the clock that never steps.
///
/// For dedicated threads: it blocks.
final class WaitingLock: @unchecked Sendable {
    // Both are set up once in `init` and protect themselves.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Gives the lock up until someone calls `wakeAll`. Only inside `withLock`.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// The same, at most until `SystemClock.monotonicNanoseconds` reaches `deadline`.
    func wait(untilMonotonicNanoseconds deadline: Int64) {
        var time = timespec(
            tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &time)
    }

    /// Waits until the deadline or until `isOver`, whichever comes first. Only inside `withLock`.
    func wait(until deadline: Int64, or isOver: () -> Bool) {
        while !isOver(), SystemClock.monotonicNanoseconds < deadline {
            wait(untilMonotonicNanoseconds: deadline)
        }
    }

    func wakeAll() { pthread_cond_broadcast(condition) }
}
