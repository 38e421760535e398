import MarketModel

/// One piece of a record, small enough to go to one ticker's partition by itself.
public struct RecordPart: Equatable, Sendable {
    /// Where a part goes.
    public enum Place: Equatable, Sendable {
        /// The ticker's own partition.
        case ticker(Symbol)
        /// Nobody's in particular: what cannot be read, and what is no market event.
        case anywhere
        /// Every partition: clock, connection, settings.
        case everywhere
    }

    /// What the part holds.
    public enum Content: Equatable, Sendable {
        /// A stretch of the record's own payload.
        case slice(Range<Int>)
        case bytes([UInt8])
    }

    public var place: Place
    public var content: Content

    public init(place: Place, content: Content) {
        self.place = place
        self.content = content
    }

    /// Lends the part's bytes.
    public func withBytes<Result>(
        of record: LogRecord, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        switch content {
        case .bytes(let bytes): try bytes.withUnsafeBytes(body)
        case .slice(let range):
            try record.payload.withUnsafeBytes { all in
                try body(UnsafeRawBufferPointer(rebasing: all[range]))
            }
        }
    }
}

/// Cuts records into parts of one ticker each: a provider's frame into its elements.
///
/// Decoding the parts one after the other gives the events that decoding the whole record gives, in
/// the same order; only their positions differ, and the raw bytes of some refusals have a comma in
/// front. A payload too large to be decoded is cut to one byte
/// more than may be decoded, which is refused for the same reason.
public struct RecordSplitter {
    private var decoder: RecordDecoder
    private var batch = EventBatch()
    private var trial = EventBatch()

    public init(decoder: RecordDecoder = RecordDecoder()) { self.decoder = decoder }

    /// Appends the record's parts; none of an empty frame.
    public mutating func split(_ record: LogRecord, into parts: inout [RecordPart]) {
        switch record.kind {
        case .clock, .settings, .connection:
            return parts.append(RecordPart(place: .everywhere, content: record.whole))
        case .shed:
            // Counted once, so in one partition.
            return parts.append(RecordPart(place: .anywhere, content: record.whole))
        case .frame, .article, .reference, .retry: break
        }
        if record.payload.count > FrameDecoder.frameBytesMax {
            let cut = 0..<FrameDecoder.frameBytesMax + 1
            return parts.append(RecordPart(place: .anywhere, content: .slice(cut)))
        }
        decode(record)
        switch record.kind {
        case .frame: splitFrame(record, into: &parts)
        case .article: splitArticles(record, into: &parts)
        default: parts.append(RecordPart(place: place(at: 0), content: record.whole))
        }
    }

    private mutating func decode(_ record: LogRecord) {
        batch.removeAll()
        batch.bytes.append(contentsOf: record.payload)
        decoder.decode(
            kind: record.kind, source: record.source, receivedAt: record.receivedAt,
            position: .start, payload: 0..<batch.bytes.count, into: &batch)
        _ = decoder.takeControls()
    }

    private mutating func splitFrame(_ record: LogRecord, into parts: inout [RecordPart]) {
        for index in batch.events.indices {
            let event = batch.events[index]
            let start = Int(event.rawStart)
            let raw = start..<start + Int(event.rawCount)
            if case .refused(let refusal) = event.event {
                let reason = batch.refusals[Int(refusal)]
                let content = asRefused(raw, reason, of: record)
                parts.append(RecordPart(place: .anywhere, content: content))
            } else {
                parts.append(RecordPart(place: place(at: index), content: .slice(raw)))
            }
        }
    }

    /// The bytes of a refused element in a form that is refused for the same reason by itself: an
    /// array inside an array would else be a frame.
    private mutating func asRefused(_ raw: Range<Int>, _ refusal: Refusal, of record: LogRecord)
        -> RecordPart.Content
    {
        let bytes = Array(record.payload[raw])
        if isRefused(bytes, as: bytes, refusal, of: record) { return .slice(raw) }
        let inArray = [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]
        if isRefused(inArray, as: bytes, refusal, of: record) { return .bytes(inArray) }
        // Nothing, or a frame that breaks off: no JSON begins with a comma.
        return .bytes([UInt8(ascii: ",")] + bytes)
    }

    /// Whether the payload is refused once, for that reason, with `raw` for its bytes.
    private mutating func isRefused(
        _ payload: [UInt8], as raw: [UInt8], _ refusal: Refusal, of record: LogRecord
    ) -> Bool {
        trial.removeAll()
        trial.bytes = payload
        decoder.decode(
            kind: .frame, source: record.source, receivedAt: record.receivedAt, position: .start,
            payload: 0..<payload.count, into: &trial)
        _ = decoder.takeControls()
        return trial.events.count == 1 && trial.refusals == [refusal]
            && trial.rawBytes(of: trial.events[0]).elementsEqual(raw.prefix(DeadLetter.rawBytesMax))
    }

    /// An article about several tickers becomes one about each.
    private mutating func splitArticles(_ record: LogRecord, into parts: inout [RecordPart]) {
        guard batch.articles.count > 1 else {
            return parts.append(
                RecordPart(
                    place: batch.articles.first.map { .ticker($0.symbol) } ?? .anywhere,
                    content: record.whole))
        }
        for article in batch.articles {
            parts.append(
                RecordPart(
                    place: .ticker(article.symbol),
                    content: .bytes(RecordPayload.encode(article))))
        }
    }

    private func place(at index: Int) -> RecordPart.Place {
        index < batch.events.count ? place(of: batch.events[index].event) : .anywhere
    }

    /// A retried letter goes where its first event does.
    private func place(of event: MarketEvent) -> RecordPart.Place {
        switch event {
        case .trade(let trade): return .ticker(trade.symbol)
        case .quote(let quote): return .ticker(quote.symbol)
        case .bar(let bar): return .ticker(bar.symbol)
        case .band(let band): return .ticker(band.symbol)
        case .article(let article): return .ticker(batch.articles[Int(article)].symbol)
        case .notice(let notice):
            switch batch.notices[Int(notice)] {
            case .previousClose(let symbol, _, _): return .ticker(symbol)
            case .historicalBar(let bar, _): return .ticker(bar.symbol)
            case .listing(let listing): return .ticker(listing.symbol)
            case .earnings(let report): return .ticker(report.symbol)
            case .connected, .disconnected, .shed, .outage, .settings: return .anywhere
            }
        case .retry(let retry):
            let first = batch.retries[Int(retry)].events.first
            return first.map { place(of: $0.event) } ?? .anywhere
        case .clock, .refused, .ignored: return .anywhere
        }
    }
}

extension LogRecord {
    fileprivate var whole: RecordPart.Content { .slice(0..<payload.count) }
}
