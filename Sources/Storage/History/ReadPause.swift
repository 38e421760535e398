import MarketModel
import Synchronization

/// Readers pause while the writer waits for the disk.
///
/// A disk that is served by the processors of the program itself, as a virtual machine's is, takes
/// several times longer for an fsync beside a busy reader. A reader looks here every few steps; of
/// any stretch of time it pauses for about half at most, so that reads end on a slow disk, too.
final class ReadPause: @unchecked Sendable {
    /// Nanoseconds of one pause, however long the disk takes.
    private let longest: Int64
    private let isDiskAwaited = Atomic(false)
    // `lock` guards these.
    private let lock = WaitingLock()
    /// How long readers may pause: it grows with the time since they last did.
    private var patience: Int64
    private var resumedAt: Int64

    init(longest: Duration = .milliseconds(50)) {
        self.longest = Int64(longest / .nanoseconds(1))
        patience = self.longest
        resumedAt = SystemClock.monotonicNanoseconds
    }

    /// On the writer's thread: it is about to wait for the disk.
    func begin() { isDiskAwaited.store(true, ordering: .relaxed) }

    /// On the writer's thread; more often than `begin` is the same as once.
    func end() {
        guard isDiskAwaited.exchange(false, ordering: .relaxed) else { return }
        lock.withLock { lock.wakeAll() }
    }

    /// On a reader's thread: returns once nobody waits for the disk, or when patience is over.
    func take() {
        guard isDiskAwaited.load(ordering: .relaxed) else { return }
        lock.withLock {
            let now = SystemClock.monotonicNanoseconds
            patience = min(longest, patience + max(0, now - resumedAt))
            let deadline = now + patience
            lock.wait(until: deadline, or: { !isDiskAwaited.load(ordering: .relaxed) })
            resumedAt = SystemClock.monotonicNanoseconds
            patience = max(0, deadline - resumedAt)
        }
    }
}
