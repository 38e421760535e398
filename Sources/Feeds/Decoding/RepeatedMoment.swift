import MarketModel

/// The time of an event, most often the one that the event before it had: compared as text, its
/// name and the next one included, and read only when it is another.
struct RepeatedMoment {
    /// `,"t":` and thirteen digits in three words, of which the last two overlap: contradictory,
    /// and so like no text, before there is one.
    private var words = (UInt64(0), UInt64(0), UInt64.max)
    private var nanoseconds: Int64 = 0

    private static let digitCount = 13

    /// A moment of this century in milliseconds, which has 12 or 13 digits, in nanoseconds; 0 for
    /// any other. `nil` where no time is next.
    @inline(__always) mutating func read(_ text: inout PlainText) -> Int64? {
        let start = text.at
        if text.word(start) == words.0, text.word(start &+ 8) == words.1,
            text.word(start &+ 10) == words.2
        {
            text.skip(FieldName.time.count &+ RepeatedMoment.digitCount)
            return nanoseconds
        }
        guard text.passes(.time) else { return nil }
        return Int64(bitPattern: text.take(another(PlainText(text.base, at: text.at))))
    }

    @inline(never) private mutating func another(_ start: PlainText) -> PlainReading {
        var text = start
        let milliseconds = text.integer()
        guard text.isPlain, let moment = TimeUnit.milliseconds.timestamp(milliseconds) else {
            return .notPlain
        }
        let count = text.at &- start.at
        if count == RepeatedMoment.digitCount {
            let name = start.at &- FieldName.time.count
            words = (text.word(name), text.word(name &+ 8), text.word(name &+ 10))
            nanoseconds = moment.nanoseconds
        }
        return PlainReading(value: UInt64(bitPattern: moment.nanoseconds), count: count)
    }
}
