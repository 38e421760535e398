import Analytics
import Engine
import MarketModel
import TestSupport

/// A log written by hand: one record an event, a hundred bytes apart.
struct LogScript {
    enum Entry {
        case event(MarketEvent)
        case refused(Refusal, raw: String)
        case article(NewsArticle)
        case notice(Notice)
        case ignored(String)
        case retry(RetriedLetter)
    }

    private(set) var entries: [(entry: Entry, source: FeedSource, receivedAt: Timestamp)] = []
    var checksEventTime = true

    static func position(_ index: Int) -> LogPosition {
        LogPosition(epoch: 1, offset: Int64(index) * 100)
    }

    var count: Int { entries.count }

    mutating func add(_ entry: Entry, source: FeedSource = .massive, second: Double) {
        let receivedAt = TestMorning.open.advanced(byNanoseconds: Int64((second * 1e9).rounded()))
        entries.append((entry, source, receivedAt))
    }

    /// Received a millisecond after it was executed, unless `received` (seconds from the open) says
    /// otherwise.
    mutating func trade(
        _ symbol: Symbol = "AAPL", at price: Price, size: Size = 100, second: Double,
        sequence: SequenceNumber, source: FeedSource = .massive, received: Double? = nil,
        conditions: [Int] = []
    ) {
        let trade = Trade.make(
            symbol, at: price, size: size, second: second, sequence: sequence,
            conditions: conditions)
        add(.event(.trade(trade)), source: source, second: received ?? second + 0.001)
    }

    mutating func quote(
        _ symbol: Symbol = "AAPL", bid: Price, ask: Price, second: Double,
        sequence: SequenceNumber, source: FeedSource = .massive
    ) {
        let quote = Quote(
            symbol: symbol, bid: bid, ask: ask, bidSize: 100, askSize: 100,
            quotedAt: TestMorning.open.advanced(byNanoseconds: Int64((second * 1e9).rounded())),
            sequence: sequence)
        add(.event(.quote(quote)), source: source, second: second + 0.001)
    }

    mutating func clock(second: Double) {
        add(.event(.clock), source: .ticktop, second: second)
    }

    mutating func clocks(_ seconds: ClosedRange<Int>) {
        for second in seconds { clock(second: Double(second)) }
    }

    /// The events from `first` up to `last` as one batch.
    func batch(_ range: Range<Int>) -> EventBatch {
        var batch = EventBatch()
        batch.checksEventTime = checksEventTime
        for index in range {
            let (entry, source, receivedAt) = entries[index]
            var raw = ""
            let event: MarketEvent
            switch entry {
            case .event(let plain): event = plain
            case .refused(let refusal, let text):
                raw = text
                event = .refused(index: Int32(batch.refusals.count))
                batch.refusals.append(refusal)
            case .article(let article):
                event = .article(index: Int32(batch.articles.count))
                batch.articles.append(article)
            case .notice(let notice):
                event = .notice(index: Int32(batch.notices.count))
                batch.notices.append(notice)
            case .ignored(let type):
                event = .ignored(index: Int32(batch.ignored.count))
                batch.ignored.append(type)
            case .retry(var letter):
                event = .retry(index: Int32(batch.retries.count))
                for number in letter.events.indices {
                    letter.events[number].position = LogScript.position(index)
                    letter.events[number].position.index = Int32(number)
                }
                batch.retries.append(letter)
            }
            batch.events.append(
                LoggedEvent(
                    event: event, receivedAt: receivedAt, position: LogScript.position(index),
                    source: source, rawStart: Int32(batch.bytes.count),
                    rawCount: Int32(raw.utf8.count)))
            batch.bytes += Array(raw.utf8)
        }
        batch.end = LogScript.position(range.upperBound)
        return batch
    }

    /// The whole log, cut into batches of at most `size` events.
    func batches(of size: Int) -> [EventBatch] {
        stride(from: 0, to: entries.count, by: size).map {
            batch($0..<min($0 + size, entries.count))
        }
    }
}

/// What one run over a log left behind.
struct Run {
    var effects: EffectBatch
    var hash: String
    var counts: SourceCounts
    var snapshot: MarketSnapshot

    /// Applies a whole log. The look-up answers from the trades that came out before.
    init(
        _ script: LogScript, batchSize: Int = 4096,
        settings: AnalyticsSettings = AnalyticsSettings(), restartEvery: Int? = nil,
        scoreText: @escaping @Sendable (String, SentimentLexiconName) -> Sentiment? = { _, _ in nil
        }
    ) throws {
        var state = EngineState(settings: settings, scoreText: scoreText)
        effects = EffectBatch()
        for (number, batch) in script.batches(of: batchSize).enumerated() {
            if let restartEvery, number % restartEvery == restartEvery - 1 {
                state = try EngineState.decoded(state.encoded(), scoreText: scoreText)
            }
            let stored = effects.trades
            try state.apply(batch, into: &effects) { trade, source in
                stored.first { $0.trade.sequence == trade.sequence && $0.source == source }?
                    .position
            }
        }
        hash = state.stateHash
        counts = state.counts
        snapshot = state.snapshot(takenAt: TestMorning.open)
    }
}

extension EffectBatch {
    /// Everything that is to be stored, as text: for comparing runs.
    var rows: [String] {
        trades.map { "\($0)" } + quotes.map { "\($0)" } + bars.map { "\($0)" }
            + features.map { "\($0)" } + episodes.map { "\($0)" } + articles.map { "\($0)" }
            + deadLetters.map { "\($0)" } + gaps.map { "\($0)" }
            + signals.map { "\($0)" } + retries.map { "\($0)" }
    }
}
