/// A moment: nanoseconds since 1970-01-01 00:00:00 UTC.
///
/// Which clock stamped it is in the name of the property that holds it: executed, quoted, received.
public struct Timestamp: Hashable, Comparable, BitwiseCopyable, Sendable {
    public static let distantPast = Timestamp(nanoseconds: .min)

    public let nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable public init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }
    @inlinable public init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Whole seconds since 1970, rounded down: the number of the one-second slot that holds the
    /// moment.
    @inlinable public var secondsFloor: Int64 {
        let quotient = nanoseconds / 1_000_000_000
        return nanoseconds % 1_000_000_000 < 0 ? quotient - 1 : quotient
    }

    @inlinable public var milliseconds: Int64 { nanoseconds / 1_000_000 }

    /// Negative when `earlier` is in fact later.
    @inlinable public func duration(since earlier: Timestamp) -> Duration {
        .nanoseconds(nanosecondsSince(earlier))
    }

    /// Nanoseconds from `earlier` to here, saturating: for arithmetic on the hot path.
    @inlinable public func nanosecondsSince(_ earlier: Timestamp) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflow ? (nanoseconds < earlier.nanoseconds ? .min : .max) : difference
    }

    @inlinable public func advanced(byNanoseconds count: Int64) -> Timestamp {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(count)
        return Timestamp(nanoseconds: overflow ? (count < 0 ? .min : .max) : sum)
    }

    @inlinable public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return advanced(byNanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
