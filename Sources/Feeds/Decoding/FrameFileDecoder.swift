import MarketModel

/// A file of provider frames, one a line, without receive times.
///
/// The receive time of an event is the largest event time so far (its own included), and one clock
/// event is derived per second of event time, before the event that enters the second. The provider
/// is told by the first line that is one.
public struct FrameFileDecoder: Sendable {
    /// `nil` until a line has told.
    public private(set) var source: FeedSource?
    /// Lines refused or ignored before any event have this receive time.
    private var newest = Timestamp(seconds: 0)
    private var clockSecond: Int64?
    private var massive: MassiveDecoder
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
            binance.decode(line, receivedAt: newest, position: position, into: &batch)
            if !binance.controls.isEmpty { binance.controls.removeAll(keepingCapacity: true) }
        default:
            massive.decode(line, receivedAt: newest, position: position, into: &batch)
            if !massive.controls.isEmpty { massive.controls.removeAll(keepingCapacity: true) }
        }
        stamp(from: first, &batch)
    }

    /// Gives the events their receive times, and puts the clock events between them.
    @inline(__always) private mutating func stamp(from first: Int, _ batch: inout EventBatch) {
        var index = first
        while index < batch.events.count {
            if let time = FrameFileDecoder.eventTime(of: batch.events[index].event), time > newest {
                newest = time
                if time.secondsFloor != clockSecond {
                    index += clock(before: index, at: time.secondsFloor, &batch)
                }
            }
            batch.events[index].receivedAt = newest
            index += 1
        }
    }

    /// Inserts the clock event of a second that begins; 1 when there was one to insert.
    ///
    /// Silent seconds get none of their own: a clock reading says that all before it has passed.
    /// The first event of a file enters its second without one.
    @inline(never)
    private mutating func clock(
        before index: Int, at second: Int64, _ batch: inout EventBatch
    ) -> Int {
        defer { clockSecond = second }
        guard clockSecond != nil else { return 0 }
        let position = batch.events[index].position
        for later in index..<batch.events.count { batch.events[later].position.index += 1 }
        batch.events.insert(
            LoggedEvent(
                event: .clock, receivedAt: Timestamp(seconds: second), position: position,
                source: .ticktop),
            at: index)
        return 1
    }

    /// The provider's time of an event; `nil` for what has none.
    @inline(__always) private static func eventTime(of event: MarketEvent) -> Timestamp? {
        switch event {
        case .trade(let trade): trade.executedAt
        case .quote(let quote): quote.hasExchangeTime ? quote.quotedAt : nil
        case .bar(let bar): bar.end
        case .band(let band): band.at
        case .clock, .refused, .article, .notice, .ignored: nil
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
