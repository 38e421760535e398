#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A queue between two threads whose rule for when it is full is *wait*: the giver sleeps until the
/// taker has made room.
///
/// Full means that the weights of what lies in it reach `weightMax`. One element that weighs more
/// than that is let in when the queue is empty, so that nothing can wait for ever. Blocks its
/// callers: for dedicated threads only.
public final class WaitingQueue<Element: Sendable>: @unchecked Sendable {
    // Unchecked: everything below is read and written under `mutex` only.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var entries: [(element: Element, weight: Int)?] = []
    private var first = 0
    private var weightHeld = 0
    private var closed = false
    private var waits = 0

    public let weightMax: Int

    public init(weightMax: Int) {
        precondition(weightMax > 0, "a queue that holds nothing")
        self.weightMax = weightMax
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Puts an element at the end, waiting while the queue is full. False, and the element is gone,
    /// once it is closed.
    public func push(_ element: Element, weight: Int) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if isFull(for: weight), !closed { waits += 1 }
        while isFull(for: weight), !closed { pthread_cond_wait(changed, mutex) }
        guard !closed else { return false }
        entries.append((element, weight))
        weightHeld += weight
        pthread_cond_broadcast(changed)
        return true
    }

    /// The oldest element, waiting up to `wait` for one. `nil` when none came, or when the queue is
    /// closed and empty.
    public func pop(wait: Duration) -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = WaitingQueue.deadline(after: wait)
        while first == entries.count, !closed {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
        }
        guard first < entries.count, let entry = entries[first] else { return nil }
        entries[first] = nil
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
        weightHeld -= entry.weight
        pthread_cond_broadcast(changed)
        return entry.element
    }

    /// No more is taken in; what lies in the queue can still be taken out. Wakes everybody.
    public func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        closed = true
        pthread_cond_broadcast(changed)
    }

    /// Closed, and everything has been taken out.
    public var isFinished: Bool { locked { closed && first == entries.count } }
    public var count: Int { locked { entries.count - first } }
    public var weight: Int { locked { weightHeld } }
    /// How often a giver had to wait: each is one act of back-pressure.
    public var waitCount: Int { locked { waits } }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private func isFull(for weight: Int) -> Bool {
        first < entries.count && weightHeld + weight > weightMax
    }

    private static func deadline(after wait: Duration) -> timespec {
        let (seconds, attoseconds) = wait.components
        let nanoseconds =
            SystemClock.monotonicNanoseconds + seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
