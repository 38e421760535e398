import MarketModel

/// Many lines of a file at once.
extension FrameFileDecoder {
    /// Appends the events of the lines at `lines` in `batch.bytes`, as if each was decoded by
    /// itself. Only the last may lack its line feed; a carriage return before one is no part of the
    /// line.
    ///
    /// `position` is that of the first line; the others follow it as their bytes do.
    public mutating func decode(
        lines: Range<Int>, position: LogPosition, into batch: inout EventBatch
    ) {
        batch.checksEventTime = false
        var start = lines.lowerBound
        while start < lines.upperBound {
            let rest = start..<lines.upperBound
            if source == .massive {
                let origin = position.offset - Int64(lines.lowerBound)
                start = decodePlain(
                    rest, LogPosition(epoch: position.epoch, offset: origin), &batch)
                guard start < lines.upperBound else { return }
            }
            let end = batch.bytes[start..<lines.upperBound].firstIndex(of: 10) ?? lines.upperBound
            let isCarriage = end > start && batch.bytes[end - 1] == UInt8(ascii: "\r")
            let offset = position.offset + Int64(start - lines.lowerBound)
            decode(
                line: start..<(isCarriage ? end - 1 : end),
                position: LogPosition(epoch: position.epoch, offset: offset),
                into: &batch)
            start = end + 1
        }
    }

    /// Decodes lines that hold one plain trade or quote each and nothing else; the start of the
    /// first that does not, or where the lines end.
    ///
    /// Such a line is found by reading it: its end is where the object ends.
    @inline(never)
    private mutating func decodePlain(
        _ lines: Range<Int>, _ bufferStart: LogPosition, _ batch: inout EventBatch
    ) -> Int {
        // Taken out, so that the events can be written meanwhile without a count of references.
        var bytes: [UInt8] = []
        swap(&bytes, &batch.bytes)
        defer { swap(&bytes, &batch.bytes) }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return lines.lowerBound }
            var reader = PlainLines(
                base: base, lines: lines, startMax: buffer.count - PlainMassive.roundBytesMax,
                bufferStart: bufferStart, stamps: stamps, plain: massive.elements.plain)
            while reader.goesOn {
                batch.events.append(addingCapacity: PlainLines.eventsAtOnce) {
                    reader.read(into: &$0)
                }
            }
            stamps = reader.stamps
            massive.elements.plain = reader.plain
            return reader.start
        }
    }
}

/// Reads plain lines straight into a batch's memory.
private struct PlainLines {
    /// Room is asked for so many events at a time, instead of for each.
    static let eventsAtOnce = 256

    let base: UnsafeRawPointer
    let lines: Range<Int>
    /// A line that starts here or before can be read without looking where the buffer ends.
    let startMax: Int
    /// The position that a line at the buffer's first byte would have.
    let bufferStart: LogPosition
    var stamps: FrameFileStamps
    var plain: PlainMassive
    /// Where the next line starts.
    private(set) var start: Int
    private(set) var goesOn = true

    init(
        base: UnsafeRawPointer, lines: Range<Int>, startMax: Int, bufferStart: LogPosition,
        stamps: FrameFileStamps, plain: PlainMassive
    ) {
        self.base = base
        self.lines = lines
        self.startMax = startMax
        self.bufferStart = bufferStart
        self.stamps = stamps
        self.plain = plain
        start = lines.lowerBound
    }

    @inline(__always)
    mutating func read(into events: inout OutputSpan<LoggedEvent>) {
        // A clock may come before an event.
        while events.freeCapacity >= 2 {
            guard start < lines.upperBound, start <= startMax else {
                goesOn = false
                return
            }
            var text = PlainText(base, object: start)
            switch PlainMassive.kind(text) {
            case .trade:
                guard let trade = plain.trade(&text, startMax: startMax), endsLine(text) else {
                    break
                }
                append(.trade(trade), at: trade.executedAt, upTo: text.at, &events)
                continue
            case .quote:
                guard let quote = plain.quote(&text, startMax: startMax), endsLine(text) else {
                    break
                }
                append(.quote(quote), at: quote.quotedAt, upTo: text.at, &events)
                continue
            case nil: break
            }
            goesOn = false
            return
        }
    }

    @inline(__always)
    private func endsLine(_ text: PlainText) -> Bool {
        text.at < lines.upperBound ? text.byte(text.at) == 10 : text.at == lines.upperBound
    }

    @inline(__always)
    private mutating func append(
        _ event: MarketEvent, at time: Timestamp, upTo end: Int,
        _ events: inout OutputSpan<LoggedEvent>
    ) {
        var position = bufferStart
        position.offset &+= Int64(start)
        if stamps.beginsSecond(time) {
            events.append(FrameFileStamps.clock(at: time, position))
            position.index = 1
        }
        events.append(
            LoggedEvent(
                event: event, receivedAt: stamps.newest, position: position, source: .massive,
                rawStart: Int32(truncatingIfNeeded: start),
                rawCount: Int32(truncatingIfNeeded: end &- start)))
        start = end &+ 1
    }
}
