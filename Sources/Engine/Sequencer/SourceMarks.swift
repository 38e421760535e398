import Analytics
import MarketModel

/// How a source tells one trade from another (feeds.md, section 14).
enum IdentityScheme {
    /// Trade ids rise per ticker for ever and seldom with a gap; quote ids rise with gaps. Whether
    /// a jump is a loss is another question: `FeedSource.tradeIDsAreContiguous`.
    case lasting
    /// Sequence numbers rise with gaps per ticker and start again on each trading date.
    case daily
    /// No ids, or each is its own: never a duplicate.
    case none

    init(_ source: FeedSource) {
        switch source {
        case .demo, .binance: self = .lasting
        case .massive: self = .daily
        case .finnhub, .retry, .ticktop: self = .none
        }
    }
}

/// What is remembered of the ids one source sent about one ticker.
struct SourceMarks: ~Copyable {
    let source: FeedSource
    let scheme: IdentityScheme
    /// Trading dates (days since 1970) that the two marks belong to; always 0 where ids never start
    /// again.
    private var tradesDay: Int32 = .min
    private var quotesDay: Int32 = .min
    private var trades = RingMark()
    private var quotes = RingMark()
    // Up to here, all that ids with gaps need.
    private var bitmap = BitmapMark()
    private var gaps = GapWatch()
    private let memory: MarketMemory
    /// What a provider's event without a sequence number carries: no two of them are the same event
    /// for that.
    private static let noSequence: SequenceNumber = 0

    init(source: FeedSource, memory: MarketMemory) {
        self.source = source
        self.memory = memory
        scheme = IdentityScheme(source)
    }

    deinit {
        trades.release(to: memory)
        quotes.release(to: memory)
    }

    /// Remembers a trade's id where ids start again each day. `day` is its trading date.
    @inline(__always)
    mutating func note(daily sequence: SequenceNumber, day: Int32) -> Memory {
        if sequence == SourceMarks.noSequence { return .new }
        if day != tradesDay {
            if day < tradesDay { return .forgotten }
            trades.removeAll(memory)
            tradesDay = day
        }
        return trades.note(sequence, memory)
    }

    /// The same where they never do, or where there are none. `time` is the ticker's engine time.
    @inline(never)
    mutating func note(lasting trade: Trade, at time: Timestamp, position: LogPosition) -> Memory {
        guard scheme == .lasting else { return .new }
        let expected = bitmap.newest &+ 1
        let isFirst = bitmap.isEmpty
        let memory = bitmap.note(trade.sequence)
        if source.tradeIDsAreContiguous, memory == .new, trade.sequence != expected, !isFirst {
            noteJump(trade, expected: expected, at: time, position: position)
        }
        gaps.lastExecutedAt = trade.executedAt
        return memory
    }

    /// Remembers a quote's id.
    @inline(__always)
    mutating func note(quote sequence: SequenceNumber, day: Int32) -> Memory {
        switch scheme {
        case .lasting: break
        case .daily:
            if sequence == SourceMarks.noSequence { return .new }
            if day != quotesDay {
                if day < quotesDay { return .forgotten }
                quotes.removeAll(memory)
                quotesDay = day
            }
        case .none: return .new
        }
        return quotes.note(sequence, memory)
    }

    @inline(never)
    private mutating func noteJump(
        _ trade: Trade, expected: SequenceNumber, at time: Timestamp, position: LogPosition
    ) {
        if trade.sequence < expected {
            gaps.fill(trade.sequence)
        } else {
            gaps.open(
                MissingRange(
                    first: expected, last: trade.sequence - 1, from: gaps.lastExecutedAt,
                    to: trade.executedAt, noticedAt: time, position: position))
        }
    }

    /// Where the next ids will be put, if that is not here.
    @inline(__always) var tradesEnd: UnsafeRawPointer? { trades.end }
    @inline(__always) var quotesEnd: UnsafeRawPointer? { quotes.end }

    /// So many ranges are open that some have to be called a loss at once.
    @inline(__always)
    var hasOverfullGaps: Bool { gaps.isOverfull }

    /// Ids have been jumped over and may still come.
    @inline(__always)
    var hasOpenGaps: Bool { !gaps.isEmpty }

    /// Ranges that nothing has filled within `lateness` of engine time: a loss. Oldest first, each
    /// once.
    @inline(__always)
    mutating func gapsDue(at time: Timestamp, latenessNanoseconds: Int64) -> [MissingRange] {
        gaps.isEmpty ? [] : gaps.takeDue(at: time, latenessNanoseconds: latenessNanoseconds)
    }
}

extension SourceMarks {
    func encode(into writer: inout StateWriter) {
        writer.write(source.rawValue)
        switch scheme {
        case .lasting:
            bitmap.encode(into: &writer)
            gaps.encode(into: &writer)
            quotes.encode(into: &writer)
        case .daily:
            trades.encode(into: &writer)
            quotes.encode(into: &writer)
            writer.write(tradesDay)
            writer.write(quotesDay)
        case .none: break
        }
    }

    static func decoded(
        from reader: inout StateReader, memory: MarketMemory
    ) throws(StateCodecError) -> SourceMarks {
        var marks = SourceMarks(source: try FeedSource(from: &reader), memory: memory)
        switch marks.scheme {
        case .lasting:
            marks.bitmap = try BitmapMark(from: &reader)
            marks.gaps = try GapWatch(from: &reader)
            marks.quotes = try RingMark(from: &reader, memory: memory)
        case .daily:
            marks.trades = try RingMark(from: &reader, memory: memory)
            marks.quotes = try RingMark(from: &reader, memory: memory)
            marks.tradesDay = try reader.read()
            marks.quotesDay = try reader.read()
        case .none: break
        }
        return marks
    }
}
