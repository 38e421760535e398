import Analytics
import MarketModel

/// What the engine keeps of one ticker to join its news with its volume.
struct TickerNews: ~Copyable {
    /// More articles that wait for their 60 s to be over are not kept waiting.
    static let waitingMax = 256

    var scores: VolumeScores
    /// Trades applied when a score was noted last: more of them since then have a score to note.
    var tradesNoted: Int64 = 0
    /// Articles whose 60 s are not over, in log order.
    var waiting: [ScoredArticle] = []

    init(_ memory: MarketMemory) { scores = VolumeScores(memory: memory) }
}

/// News joined with the volume around it.
extension EngineState {
    /// Notes the score of the second that the windows stand at, when trades have been applied in
    /// it.
    ///
    /// Called before anything but another trade of that second moves the windows.
    @inline(__always)
    func noteScore(of ticker: UnsafeMutablePointer<TickerState>) {
        guard ticker.pointee.windows.tradesApplied != ticker.pointee.news.tradesNoted else {
            return
        }
        noteScore(of: ticker, second: ticker.pointee.windows.currentSecond)
    }

    @inline(never)
    func noteScore(of ticker: UnsafeMutablePointer<TickerState>, second: Int64) {
        ticker.pointee.news.tradesNoted = ticker.pointee.windows.tradesApplied
        guard let score = ticker.pointee.windows.volumeZScoreKept() else { return }
        ticker.pointee.news.scores.note(score, second: second)
    }

    /// Joins a new article, and keeps it waiting while its 60 s are not over.
    mutating func join(
        _ article: inout ScoredArticle, on ticker: UnsafeMutablePointer<TickerState>,
        into effects: inout EffectBatch
    ) {
        guard plan.joinsNews else { return }
        ticker.pointee.isAttended = true
        noteScore(of: ticker)
        catchUp(ticker)
        wakes.pointer(at: ticker.pointee.number).pointee = .distantPast
        let published = article.article.publishedAt
        let time = ticker.pointee.time
        if NewsJoin.isKept(published, at: time, since: ticker.pointee.firstExecutedAt) {
            article.correlation = correlation(of: article, on: ticker)
        }
        if !NewsJoin.isOver(published, at: time) {
            if ticker.pointee.news.waiting.count == TickerNews.waitingMax {
                ticker.pointee.news.waiting.removeFirst()
            }
            ticker.pointee.news.waiting.append(article)
        }
        recordWhenStrong(article, before: nil, on: ticker, article.position, into: &effects)
    }

    /// Joins the articles again whose 60 s engine time has just passed.
    @inline(never)
    mutating func joinAgain(
        on ticker: UnsafeMutablePointer<TickerState>, position: LogPosition,
        into effects: inout EffectBatch
    ) {
        let time = ticker.pointee.time
        let waiting = ticker.pointee.news.waiting
        ticker.pointee.news.waiting.removeAll {
            NewsJoin.isOver($0.article.publishedAt, at: time)
        }
        for var article in waiting where NewsJoin.isOver(article.article.publishedAt, at: time) {
            let before = article.correlation
            let first = ticker.pointee.firstExecutedAt
            guard let first,
                NewsJoin.seconds(around: article.article.publishedAt).upperBound
                    >= first.secondsFloor
            else { continue }
            article.correlation = correlation(of: article, on: ticker)
            guard article.correlation != before else { continue }
            articles.replace(article)
            effects.articles.append(article)
            recordWhenStrong(article, before: before, on: ticker, position, into: &effects)
        }
    }

    private func correlation(
        of article: ScoredArticle, on ticker: UnsafeMutablePointer<TickerState>
    ) -> NewsCorrelation {
        NewsJoin.correlation(
            compound: article.sentiment?.compound ?? 0,
            score: ticker.pointee.news.scores.largest(
                in: NewsJoin.seconds(around: article.article.publishedAt)))
    }

    /// An article is a hit when it becomes strongly correlated, once.
    private mutating func recordWhenStrong(
        _ article: ScoredArticle, before: NewsCorrelation?,
        on ticker: UnsafeMutablePointer<TickerState>, _ position: LogPosition,
        into effects: inout EffectBatch
    ) {
        guard settings.rules.newsCorrelationIsOn, let correlation = article.correlation,
            correlation.strength == .strong, before?.strength != .strong
        else { return }
        let compound = article.sentiment?.compound ?? 0
        let hit = RuleHit(
            kind: .newsCorrelation, severity: .high, score: correlation.volumeZScore ?? 0,
            threshold: NewsJoin.scoreStrong, amount: Int64((compound * 10_000).rounded()),
            reference: article.article.publishedAt.nanoseconds)
        record(hit, on: ticker, position: position, into: &effects)
    }
}

extension TickerNews {
    func encode(into writer: inout StateWriter) {
        scores.encode(into: &writer)
        writer.write(tradesNoted)
        writer.write(Int64(waiting.count))
        for article in waiting { article.encode(into: &writer) }
    }

    init(from reader: inout StateReader, _ memory: MarketMemory) throws(StateCodecError) {
        self.init(memory)
        scores = try VolumeScores(from: &reader, memory: memory)
        tradesNoted = try reader.read()
        for _ in 0..<(try reader.readCount("waiting articles")) {
            waiting.append(try ScoredArticle(from: &reader))
        }
    }
}
