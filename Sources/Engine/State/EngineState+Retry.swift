import MarketModel

/// What a retried letter needs of the state.
struct Retries {
    var memory = RetryMemory()
    /// The market of the letter at hand, for a ticker that it names first. Not part of the state.
    var market: Market?
}

extension EngineState {
    /// The rules of the market that a source's tickers follow; a retried letter's are those of the
    /// source it came from.
    func market(of source: FeedSource) -> Market {
        source == .retry ? retries.market ?? source.market : source.market
    }

    /// Takes a dead letter up again. Each event in it is received from source `retry`, and is a
    /// duplicate when it passed before; what is refused again stays the old letter's, and makes no
    /// new one.
    mutating func apply(
        _ retried: RetriedLetter, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch
    ) throws {
        var outcome = RetryOutcome(
            letter: retried.letter, position: logged.position, retriedAt: logged.receivedAt,
            refusal: nil)
        retries.market = retried.source.market
        defer { retries.market = nil }
        for event in retried.events {
            if case .ignored(let index) = event.event {
                tallies.ignore(batch.ignored[Int(index)])
                continue
            }
            let identity = RetryMemory.Identity(
                letter: retried.letter, number: event.position.index)
            guard !retries.memory.contains(identity) else {
                tallies.receive(.retry, as: .duplicate)
                continue
            }
            if let refusal = try applyAgain(event, logged, of: batch, into: &effects) {
                outcome.refusal = outcome.refusal ?? refusal
            } else {
                retries.memory.remember(identity)
            }
        }
        effects.retries.append(outcome)
    }

    /// Applies one event of a letter; says why when it is refused again.
    ///
    /// It counts as received when it was at first, however long ago. One dated after that, because
    /// the receiver's clock was behind, counts as received when it is dated, once that time has
    /// come.
    private mutating func applyAgain(
        _ event: LoggedEvent, _ logged: LoggedEvent, of batch: EventBatch,
        into effects: inout EffectBatch
    ) throws -> Refusal? {
        var event = event
        if let time = event.event.time, time > event.receivedAt {
            event.receivedAt = max(event.receivedAt, min(time, logged.receivedAt))
        }
        let ticker = event.event.symbol.flatMap { symbols.number(of: $0) }
        let seenAt = ticker.map { tickers.pointer(at: Int($0)).pointee.receivedAt }
        let lettersBefore = effects.deadLetters.count
        switch event.event {
        case .trade:
            _ = try withUnsafePointer(to: event) {
                try apply(tradeAt: $0, of: batch, into: &effects) { _, _ in nil }
            }
        case .quote:
            withUnsafePointer(to: event) { apply(quoteAt: $0, of: batch, into: &effects) }
        case .bar(let bar): apply(bar, event, of: batch, into: &effects)
        case .band(let band): apply(band, event, of: batch, into: &effects)
        case .article(let index): apply(batch.articles[Int(index)], event, into: &effects)
        case .refused(let index):
            refuse(event, batch.refusals[Int(index)], of: batch, into: &effects)
        case .clock, .notice, .ignored, .retry:
            preconditionFailure("no frame and no article holds a \(event.event)")
        }
        if let ticker, let seenAt {
            let shown = tickers.pointer(at: Int(ticker))
            shown.pointee.receivedAt = max(shown.pointee.receivedAt, seenAt)
        }
        guard effects.deadLetters.count > lettersBefore else { return nil }
        return effects.deadLetters.removeLast().refusal
    }
}

extension MarketEvent {
    fileprivate var time: Timestamp? {
        switch self {
        case .trade(let trade): trade.executedAt
        case .quote(let quote): quote.quotedAt
        case .bar(let bar): bar.end
        case .band(let band): band.at
        default: nil
        }
    }

    fileprivate var symbol: Symbol? {
        switch self {
        case .trade(let trade): trade.symbol
        case .quote(let quote): quote.symbol
        case .bar(let bar): bar.symbol
        case .band(let band): band.symbol
        default: nil
        }
    }
}
