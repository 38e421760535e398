import MarketModel

/// How far a partition's log reaches.
public struct LogExtent: Equatable, BitwiseCopyable, Sendable {
    /// The oldest record's offset.
    public var low: Int64
    /// The next record's offset.
    public var high: Int64

    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }

    public var isEmpty: Bool { low == high }
}

/// Where a partition's results end: the next record's offset, and what the record before it was.
public struct StoredLogPosition: Equatable, Sendable {
    public var next: Int64
    /// `nil` before the first record.
    public var last: RecordFingerprint?

    public init(next: Int64, last: RecordFingerprint?) {
        self.next = next
        self.last = last
    }
}

/// Whether a partition's log is the one that its stored results came from.
public enum LogContinuity: Equatable, Sendable {
    /// The log goes on where the results end.
    case continuous
    /// Retention removed records that were not consumed yet.
    case expired(missing: Int64)
    /// The log ends before the stored position: acknowledged records are gone. Going on is right
    /// only once the log has been looked at; what is written there now would be taken for the old.
    case truncated(by: Int64)
    /// The log ends where or after the results do, but with other records: it was cut and written
    /// on.
    case replaced
    /// The topic was deleted and made anew: nothing of what was consumed is in it.
    case recreated

    /// `previous` is the record before the stored position, `first` the one at offset 0; `nil` for
    /// what is not there.
    public static func judge(
        _ stored: StoredLogPosition, extent: LogExtent, previous: RecordFingerprint?,
        first: RecordFingerprint?
    ) -> LogContinuity {
        if stored.next < extent.low { return .expired(missing: extent.low - stored.next) }
        if stored.next > extent.high {
            return isAnew(stored, extent, first)
                ? .recreated : .truncated(by: stored.next - extent.high)
        }
        guard let known = stored.last, stored.next > extent.low, previous != known else {
            return .continuous
        }
        return isAnew(stored, extent, first) ? .recreated : .replaced
    }

    /// A log that is empty, or whose oldest record is newer than the last one consumed, is another.
    private static func isAnew(
        _ stored: StoredLogPosition, _ extent: LogExtent, _ first: RecordFingerprint?
    ) -> Bool {
        if extent.high == 0 { return true }
        guard let known = stored.last, let first else { return false }
        return first.receivedAt > known.receivedAt
    }
}

extension LogContinuity: CustomStringConvertible {
    public var description: String {
        switch self {
        case .continuous: "the log goes on where the results end"
        case .expired(let missing): "\(missing) records expired before they were consumed"
        case .truncated(let count): "the log was cut: \(count) consumed records are gone from it"
        case .replaced: "the log was cut and written on with other records"
        case .recreated: "the topic was made anew"
        }
    }
}
