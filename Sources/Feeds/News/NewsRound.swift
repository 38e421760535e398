import MarketModel

/// What the poller knows: what it has seen, whom it asks next, and what to do about an answer.
struct NewsRound {
    var status: NewsStatus
    private let options: NewsPollerOptions
    private let clock: any MarketClock
    private var schedule: NewsSchedule
    private var backoff: Backoff
    private var seen: [Symbol: SeenArticles] = [:]
    private var isRefused = false

    init(_ options: NewsPollerOptions, clock: any MarketClock) {
        self.options = options
        self.clock = clock
        status = NewsStatus(provider: options.provider.rawValue)
        schedule = NewsSchedule(
            options.symbols, every: options.every, requestsPerMinute: options.requestsPerMinute)
        backoff = Backoff(
            Backoff.Rule(first: options.retryFirst, longest: options.retryLongest),
            seed: options.seed)
    }

    /// Whom to ask now.
    mutating func next() -> NewsSchedule.Turn {
        isRefused ? .nobody : schedule.next(at: clock.now)
    }

    /// An article that an earlier life gave to the log.
    mutating func recall(_ article: NewsArticle) {
        _ = seen[article.symbol, default: SeenArticles()]
            .insert(SeenArticles.identity(article.articleID.utf8))
    }

    /// A line for the screen.
    mutating func note(_ trouble: String) { status.lastError = options.key.redacted(trouble) }

    mutating func refuse(reason: String) {
        isRefused = true
        note(reason)
        status.state = .refused(
            reason: options.key.redacted(reason),
            remedy: "set \(options.provider.keyName), or news.provider to \"off\"")
    }

    /// Gives what is new in an answer to the log, or waits as long as it should.
    mutating func take(_ reply: NewsReply, about symbol: Symbol, into queue: FrameQueue) {
        status.requests += 1
        switch reply.verdict {
        case .answered: read(reply.body, about: symbol, into: queue)
        case .limited(let retryAfter):
            status.limited += 1
            note("too many requests for the provider")
            wait(retryAfter ?? backoff.next(), because: "too many requests for the provider")
        case .keyRefused(let reason):
            status.errors += 1
            refuse(reason: reason)
        case .notEntitled(let reason):
            status.errors += 1
            schedule.drop(symbol)
            note("no news about \(symbol): \(reason)")
            if schedule.isEmpty { refuse(reason: reason) }
        case .failed(let reason): fail(reason)
        }
    }

    private mutating func read(_ body: [UInt8], about symbol: Symbol, into queue: FrameQueue) {
        guard let answer = NewsAnswer(body, from: options.provider, about: symbol) else {
            let raw = Array(body.prefix(DeadLetter.rawBytesMax))
            offer(
                [NewsAnswer.Item(identity: SeenArticles.identity(raw), payload: raw)], symbol, queue
            )
            return fail("an answer about \(symbol) is no list of articles")
        }
        status.articles += offer(answer.items, symbol, queue)
        guard answer.isComplete else { return fail("an answer about \(symbol) breaks off") }
        status.lastPollAt = clock.now
        status.state = .live
        backoff.connectionEnded(dataFlowedFor: backoff.rule.resetAfter)
    }

    /// Gives what has not been seen to the log; how many those are.
    @discardableResult
    private mutating func offer(
        _ items: [NewsAnswer.Item], _ symbol: Symbol, _ queue: FrameQueue
    ) -> Int64 {
        var memory = seen[symbol] ?? SeenArticles()
        let fresh = items.filter { memory.insert($0.identity) }
        seen[symbol] = memory
        let now = clock.now
        queue.offer(
            contentsOf: fresh.map {
                LogRecord(
                    kind: .article, source: options.provider.source, receivedAt: now,
                    payload: $0.payload)
            })
        return Int64(fresh.count)
    }

    private mutating func fail(_ reason: String) {
        status.errors += 1
        note(reason)
        wait(backoff.next(), because: reason)
    }

    private mutating func wait(_ length: Duration, because reason: String) {
        let until = clock.now.advanced(by: length)
        schedule.hold(until: until)
        status.state = .disconnected(
            reason: options.key.redacted(reason), retryAt: until)
    }
}
