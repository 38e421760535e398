import MarketModel

/// Turns records of the log into events: the one way from bytes to the engine, live, in replay and
/// in recovery.
public struct RecordDecoder: Sendable {
    private var massive: MassiveDecoder
    private var binance = BinanceDecoder()

    /// `roundLot`: shares that one unit of a Massive quote's size stands for.
    public init(roundLot: Int64 = 100) { massive = MassiveDecoder(roundLot: roundLot) }

    /// Control messages met since the last call, in order.
    public mutating func takeControls() -> [ControlMessage] {
        let controls = massive.controls + binance.controls
        massive.controls.removeAll(keepingCapacity: true)
        binance.controls.removeAll(keepingCapacity: true)
        return controls
    }

    /// Appends the events of one record, whose payload lies at `payload` in `batch.bytes`.
    ///
    /// `position` is the record's; its events are numbered from index 0. What cannot be decoded
    /// becomes a `refused` event. A retried letter is one event, `retry`, with its own beside it.
    public mutating func decode(
        kind: LogRecordKind, source: FeedSource, receivedAt: Timestamp, position: LogPosition,
        payload: Range<Int>, into batch: inout EventBatch
    ) {
        precondition(
            payload.lowerBound >= 0 && payload.upperBound <= batch.bytes.count,
            "a payload outside the batch")
        if kind == .frame {
            return decodeFrame(
                of: source, as: source, receivedAt, position, payload, into: &batch)
        }
        var origin = EventOrigin(source: source, receivedAt: receivedAt, position: position)
        switch kind {
        case .frame: break
        case .clock: origin.append(.clock, raw: payload, to: &batch)
        case .article: ArticleDecoder.decode(payload, from: &origin, into: &batch)
        case .reference, .settings, .connection, .shed:
            guard let notice = RecordPayload.notice(batch.bytes[payload]) else {
                return origin.refuse(.malformed, raw: payload, in: &batch)
            }
            origin.notify(notice, raw: payload, in: &batch)
        case .retry: decodeRetry(payload, from: &origin, into: &batch)
        }
    }

    /// One event for the whole record, with the letter's events beside it.
    private mutating func decodeRetry(
        _ payload: Range<Int>, from origin: inout EventOrigin, into batch: inout EventBatch
    ) {
        guard let (letter, raw) = RetryPayload.decode(payload, in: batch.bytes) else {
            return origin.refuse(.malformed, raw: payload, in: &batch)
        }
        var retried = letter
        let first = batch.events.count
        if retried.source != .finnhub {
            decodeFrame(
                of: retried.source, as: .retry, retried.receivedAt, origin.position, raw,
                into: &batch)
        }
        // A letter does not say whether it was a frame or an article: every provider has both.
        if batch.events[first...].allSatisfy(\.isRefused) {
            var inner = EventOrigin(
                source: .retry, receivedAt: retried.receivedAt, position: origin.position)
            let asArticle = batch.events.count
            ArticleDecoder.decode(raw, from: &inner, into: &batch)
            let isArticle =
                retried.source == .finnhub
                || !batch.events[asArticle...].contains(where: \.isRefused)
            batch.events.removeSubrange(
                isArticle ? first..<asArticle : asArticle..<batch.events.count)
        }
        retried.events = Array(batch.events[first...])
        batch.events.removeSubrange(first...)
        batch.retries.append(retried)
        origin.append(.retry(index: Int32(batch.retries.count - 1)), raw: payload, to: &batch)
    }

    @inline(__always)
    private mutating func decodeFrame(
        of provider: FeedSource, as source: FeedSource, _ receivedAt: Timestamp,
        _ position: LogPosition, _ payload: Range<Int>, into batch: inout EventBatch
    ) {
        switch provider {
        case .massive, .demo:
            massive.decode(
                payload, source: source, receivedAt: receivedAt, position: position, into: &batch)
        case .binance:
            binance.decode(
                payload, source: source, receivedAt: receivedAt, position: position, into: &batch)
        case .finnhub, .retry, .ticktop:
            var origin = EventOrigin(source: source, receivedAt: receivedAt, position: position)
            origin.refuse(.malformed, raw: payload, in: &batch)
        }
    }
}

extension LoggedEvent {
    fileprivate var isRefused: Bool {
        if case .refused = event { true } else { false }
    }
}
