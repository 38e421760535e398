import MarketModel

/// Where one record's events come from, and the place of the next one.
struct EventOrigin {
    let source: FeedSource
    let receivedAt: Timestamp
    private(set) var position: LogPosition

    init(source: FeedSource, receivedAt: Timestamp, position: LogPosition) {
        self.source = source
        self.receivedAt = receivedAt
        self.position = position
    }

    @inline(__always)
    mutating func append(_ event: MarketEvent, raw: Range<Int>, to batch: inout EventBatch) {
        batch.events.append(
            LoggedEvent(
                event: event, receivedAt: receivedAt, position: position, source: source,
                rawStart: Int32(truncatingIfNeeded: raw.lowerBound),
                rawCount: Int32(truncatingIfNeeded: raw.count)))
        position.index &+= 1
    }

    mutating func refuse(
        _ reason: RefusalReason, field: String = "", symbol: Symbol? = nil, raw: Range<Int>,
        in batch: inout EventBatch
    ) {
        batch.refusals.append(Refusal(reason: reason, field: field, symbol: symbol))
        append(.refused(index: Int32(batch.refusals.count - 1)), raw: raw, to: &batch)
    }

    mutating func ignore(_ type: String, raw: Range<Int>, in batch: inout EventBatch) {
        batch.ignored.append(type)
        append(.ignored(index: Int32(batch.ignored.count - 1)), raw: raw, to: &batch)
    }

    mutating func notify(_ notice: Notice, raw: Range<Int>, in batch: inout EventBatch) {
        batch.notices.append(notice)
        append(.notice(index: Int32(batch.notices.count - 1)), raw: raw, to: &batch)
    }
}
