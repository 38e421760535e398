import MarketModel

/// A file of provider frames, one a line, without receive times.
///
/// The receive time of an event is the largest event time so far (its own included), and one clock
/// event is derived per second of event time, before the event that enters the second. The provider
/// is told by the first line that is one.
public struct FrameFileDecoder: Sendable {
    /// `nil` until a line has told.
    public private(set) var source: FeedSource?
    var stamps = FrameFileStamps()
    var massive: MassiveDecoder
    private var binance = BinanceDecoder()

    public init(roundLot: Int64 = 100) { massive = MassiveDecoder(roundLot: roundLot) }

    /// Appends the events of one line, which lies at `line` in `batch.bytes`, its end-of-line left
    /// out or not.
    ///
    /// `position` is the line's: events and derived clocks are numbered from index 0.
    public mutating func decode(
        line: Range<Int>, position: LogPosition, into batch: inout EventBatch
    ) {
        batch.checksEventTime = false
        let source = source ?? recognise(line, in: batch)
        let first = batch.events.count
        switch source {
        case .binance:
            binance.decode(line, receivedAt: stamps.newest, position: position, into: &batch)
            if !binance.controls.isEmpty { binance.controls.removeAll(keepingCapacity: true) }
        default:
            massive.decode(line, receivedAt: stamps.newest, position: position, into: &batch)
            if !massive.controls.isEmpty { massive.controls.removeAll(keepingCapacity: true) }
        }
        stamp(from: first, &batch)
    }

    /// Gives the events their receive times, and puts the clock events between them.
    private mutating func stamp(from first: Int, _ batch: inout EventBatch) {
        var index = first
        while index < batch.events.count {
            if let time = FrameFileDecoder.eventTime(of: batch.events[index].event),
                stamps.beginsSecond(time)
            {
                insertClock(before: index, at: time, &batch)
                index += 1
            }
            batch.events[index].receivedAt = stamps.newest
            index += 1
        }
    }

    private func insertClock(before index: Int, at time: Timestamp, _ batch: inout EventBatch) {
        let position = batch.events[index].position
        for later in index..<batch.events.count { batch.events[later].position.index += 1 }
        batch.events.insert(FrameFileStamps.clock(at: time, position), at: index)
    }

    /// The provider's time of an event; `nil` for what has none.
    private static func eventTime(of event: MarketEvent) -> Timestamp? {
        switch event {
        case .trade(let trade): trade.executedAt
        case .quote(let quote): quote.hasExchangeTime ? quote.quotedAt : nil
        case .bar(let bar): bar.end
        case .band(let band): band.at
        case .clock, .refused, .article, .notice, .ignored, .retry: nil
        }
    }

    /// Massive's objects have `ev`; Binance's have `stream`, `e` or `u`. An empty or odd line tells
    /// nothing.
    private mutating func recognise(_ line: Range<Int>, in batch: EventBatch) -> FeedSource? {
        guard !line.isEmpty else { return nil }
        source = batch.bytes.withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, frame: line, speculates: false)
            cursor.skipSpace()
            if cursor.current == UInt8(ascii: "[") {
                cursor.at += 1
                cursor.skipSpace()
            }
            guard cursor.current == UInt8(ascii: "{"), cursor.opens(closing: UInt8(ascii: "}"))
            else { return nil }
            repeat {
                switch cursor.fieldKeySlowly() {
                case "ev": return .massive
                case "stream", "e", "u": return .binance
                default: cursor.skipValue()
                }
            } while cursor.continues(until: UInt8(ascii: "}"))
            return nil
        }
        return source
    }
}

/// The receive times of events that have none of their own, and where a clock event belongs.
struct FrameFileStamps: Sendable {
    /// Lines refused or ignored before any event have this receive time.
    private(set) var newest = Timestamp(seconds: 0)
    /// Nanoseconds; events before it lie in the newest event's second.
    private var nextSecond = Int64.min

    /// Notes an event's time; true when a clock event belongs before the event.
    ///
    /// Silent seconds get none of their own: a clock reading says that all before it has passed.
    /// The first event of a file enters its second without one.
    @inline(__always) mutating func beginsSecond(_ time: Timestamp) -> Bool {
        guard time > newest else { return false }
        newest = time
        guard time.nanoseconds >= nextSecond else { return false }
        let isFirst = nextSecond == .min
        nextSecond = (time.secondsFloor + 1) * 1_000_000_000
        return !isFirst
    }

    /// The clock event of the second that begins with an event of this time.
    static func clock(at time: Timestamp, _ position: LogPosition) -> LoggedEvent {
        LoggedEvent(
            event: .clock, receivedAt: Timestamp(seconds: time.secondsFloor), position: position,
            source: .ticktop)
    }
}
