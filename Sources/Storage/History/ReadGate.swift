import MarketModel

/// The door between readers and checkpoints: it keeps the write-ahead log from growing, and the
/// writer from ever waiting for a reader.
///
/// SQLite begins its log anew only in a moment in which nobody reads from it. Readers that overlap
/// leave none; the log grows, and with it the work of each read. So the writer asks for such a
/// moment: who comes after that waits until those inside have left, or until the writer has waited
/// long enough.
final class ReadGate: @unchecked Sendable {
    // `lock` guards these.
    private let lock = WaitingLock()
    private var readersInside = 0
    private var heldUntil: Int64?

    /// Performs a read, and may wait before it.
    func pass<Result>(_ read: () throws -> Result) rethrows -> Result {
        lock.withLock {
            while let end = heldUntil, SystemClock.monotonicNanoseconds < end {
                lock.wait(untilMonotonicNanoseconds: end)
            }
            readersInside += 1
        }
        defer { lock.withLock { readersInside -= 1 } }
        return try read()
    }

    /// Lets nobody in until `open`, or until the deadline of the first call since then. True when
    /// nobody is inside, or that deadline is over.
    func hold(atMostUntil deadline: Int64) -> Bool {
        lock.withLock {
            let end = heldUntil ?? deadline
            heldUntil = end
            return readersInside == 0 || SystemClock.monotonicNanoseconds >= end
        }
    }

    func open() {
        lock.withLock {
            heldUntil = nil
            lock.wakeAll()
        }
    }
}
