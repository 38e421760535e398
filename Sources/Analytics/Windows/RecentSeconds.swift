import MarketModel

/// Of each closed second of the last minute: its last eligible price and its number of trades.
///
/// Addressed by the slot's own number; the caller clears a second before it is reused.
struct RecentSeconds: ~Copyable {
    /// A minute and a few, so that an index is a mask.
    static let count = 64

    struct Second: BitwiseCopyable {
        static let empty = Second()

        var price: Int64 = 0
        var sequence: SequenceNumber = 0
        /// Of the last eligible trade, within the second; -1 without one.
        var nanosecond: Int32 = -1
        var tradeCount: UInt32 = 0

        var hasPrice: Bool { nanosecond >= 0 }
    }

    private let seconds: UnsafeMutablePointer<Second>

    init() {
        seconds = .allocate(capacity: RecentSeconds.count)
        seconds.initialize(repeating: .empty, count: RecentSeconds.count)
    }

    deinit { seconds.deallocate() }

    subscript(slot: Int64) -> Second {
        @inline(__always) get { seconds[Int(truncatingIfNeeded: slot & 63)] }
        @inline(__always) nonmutating set { seconds[Int(truncatingIfNeeded: slot & 63)] = newValue }
    }
}
