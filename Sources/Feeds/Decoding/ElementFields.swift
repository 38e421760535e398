import MarketModel

/// The fields of one type of element while they are read, in whatever order they come.
protocol ElementFields {
    /// The field that names the type.
    static var type: FieldKey { get }

    init()

    /// Takes the value the cursor is at as the field `key`, or passes over it.
    mutating func take(_ key: UInt64, from cursor: inout JSONCursor)
}

extension JSONCursor {
    /// Reads an object's fields from behind its opening brace to behind the closing one.
    @inline(__always) mutating func fields<Fields: ElementFields>(_: Fields.Type) -> Fields {
        skipSpace()
        var fields = Fields()
        if current == UInt8(ascii: "}") {
            at += 1
        } else {
            remainingFields(&fields)
        }
        return fields
    }

    /// Reads from a field's name to behind the closing brace.
    @inline(__always)
    mutating func remainingFields<Fields: ElementFields>(_ fields: inout Fields) {
        repeat {
            fields.take(fieldKey(), from: &self)
        } while continues(until: UInt8(ascii: "}"))
        key = 0
    }

    /// Reads a whole number into nanoseconds since 1970, of `unit` or by its magnitude.
    @inline(__always) mutating func timestamp(_ unit: TimeUnit) -> Timestamp? {
        guard let count = integer() else { return nil }
        guard let timestamp = unit.timestamp(count) else {
            apart { $0.note(.time) }
            return nil
        }
        return timestamp
    }
}

/// What a provider's time field counts.
enum TimeUnit {
    case milliseconds
    /// Seconds, milliseconds, microseconds or nanoseconds: told apart by how large the number is.
    case byMagnitude

    /// `nil` outside the years 2000 to 2099, where no market event of ours lies.
    @inline(__always) func timestamp(_ count: Int64) -> Timestamp? {
        switch self {
        case .milliseconds: TimeUnit.plausible(count, nanosecondsEach: 1_000_000)
        case .byMagnitude: TimeUnit.plausible(count, nanosecondsEach: TimeUnit.unit(of: count))
        }
    }

    /// A moment of this century in seconds has 9 or 10 digits, in milliseconds 12 or 13, and so on.
    @inline(__always) private static func unit(of count: Int64) -> Int64 {
        count < 100_000_000_000
            ? 1_000_000_000
            : count < 100_000_000_000_000
                ? 1_000_000 : count < 100_000_000_000_000_000 ? 1_000 : 1
    }

    @inline(__always)
    private static func plausible(_ count: Int64, nanosecondsEach: Int64) -> Timestamp? {
        let earliest: Int64 = 946_684_800_000_000_000
        let latest: Int64 = 4_102_444_800_000_000_000
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: nanosecondsEach)
        guard !overflow, nanoseconds >= earliest, nanoseconds < latest else { return nil }
        return Timestamp(nanoseconds: nanoseconds)
    }
}
