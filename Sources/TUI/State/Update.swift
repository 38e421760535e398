import Engine
import MarketModel

/// Changes the state by one event and says what others have to do. No clock, no I/O.
func update(_ state: inout ScreenState, _ event: ScreenEvent, now: Timestamp) -> [ScreenCommand] {
    switch event {
    case .key(let key):
        let commands = state.press(key, now)
        state.workOutIndicators()
        return commands
    case .market(let snapshot, let status):
        state.take(snapshot, status, now)
        return state.questions(now) + state.ringIfNew()
    case .answer(.configuration(let news)): return state.take(news, now)
    case .answer(let answer):
        state.take(answer, now)
        return []
    case .tick:
        if let message = state.message, message.until <= now { state.message = nil }
        return state.questions(now) + state.saveIfChanged(now)
    }
}

extension ScreenState {
    fileprivate mutating func take(
        _ new: MarketSnapshot, _ status: PipelineStatus, _ now: Timestamp
    ) {
        self.status = status
        pulse.take(status, now)
        greet(now)
        guard new.takenAt != snapshot.takenAt || new.position != snapshot.position else { return }
        if status.label == .replay, new.takenAt < snapshot.takenAt { forgetLater() }
        let hasNews = new.articles != snapshot.articles
        snapshot = new
        guard frozen == nil else { return }
        noteFlashes(now)
        episodes.take(live: new.episodes)
        if hasNews { joinArticles() }
        arrangeIfDue(now)
        takeProvisionalBars()
    }

    /// Once, on the demo market, to somebody new.
    private mutating func greet(_ now: Timestamp) {
        guard options.isFirstRun, !hasGreeted, status.label == .demo else { return }
        hasGreeted = true
        message = Message(
            text: "A demo market · real ones: --feed binance, --feed massive with a key · ? keys"
                + " · settings: ticktop config defaults",
            isBad: false, until: now.advanced(by: .seconds(30)))
    }

    private mutating func noteFlashes(_ now: Timestamp) {
        for ticker in snapshot.tickers {
            guard let price = ticker.figures.price else { continue }
            guard let known = flashes[ticker.symbol] else {
                flashes[ticker.symbol] = Flash(price: price, direction: .flat, at: .distantPast)
                continue
            }
            if known.price != price {
                flashes[ticker.symbol] = Flash(
                    price: price, direction: price > known.price ? .up : .down, at: now)
            }
        }
    }

    private mutating func joinArticles() {
        var seen: Set<[String]> = []
        articles = (snapshot.articles + storedArticles).filter {
            seen.insert([$0.article.articleID, $0.article.symbol.description, $0.source.name])
                .inserted
        }
        articles.sort { $0.article.publishedAt > $1.article.publishedAt }
    }

    mutating func takeProvisionalBars() {
        guard let symbol = series?.symbol, let ticker = painted.ticker(symbol) else { return }
        series?.take(provisional: ticker.provisionalBars)
    }

    fileprivate mutating func take(_ answer: HistoryAnswer, _ now: Timestamp) {
        if case .failed = answer {} else { historyTrouble = nil }
        switch answer {
        case .bars(let symbol, let interval, let before, let bars):
            guard series?.symbol == symbol, series?.interval == interval else { return }
            if frozen != nil, series?.isLoaded == true { return }
            series?.take(stored: bars, before: before)
            takeProvisionalBars()
        case .trends, .episodes, .articles: takeList(answer)
        case .tape(let symbol, let trades): tape = (symbol, trades)
        case .features(let symbol, let vectors):
            if frozen == nil { featureHistory = (symbol, vectors) }
        case .acknowledged(let id, let reading):
            episodes.settle(id, reading)
            if reading == nil { say("the store does not know this episode yet", bad: true, now) }
        case .exported(let path): say(SafeText("written: \(path)"), now)
        case .recording(let text): say(SafeText(text), now)
        case .configuration: break
        case .failed(let what, let reason):
            historyTrouble = "\(what): \(reason)"
            episodes.forgetPending()
            say(SafeText("\(what): \(reason)"), bad: true, now)
        }
    }

    /// What changes by itself; not while the picture is frozen.
    private mutating func takeList(_ answer: HistoryAnswer) {
        guard frozen == nil else { return }
        switch answer {
        case .trends(let trends): self.trends.merge(trends) { $1 }
        case .episodes(let readings): episodes.take(stored: readings)
        case .articles(let stored):
            storedArticles = stored
            joinArticles()
        case .bars, .tape, .features, .acknowledged, .exported, .recording, .configuration, .failed:
            break
        }
    }

    mutating func say(_ text: SafeText, bad: Bool = false, _ now: Timestamp) {
        message = Message(text: text, isBad: bad, until: now.advanced(by: .seconds(bad ? 8 : 4)))
    }

    /// What the panes need from the store, each kind no more often than it can change.
    fileprivate mutating func questions(_ now: Timestamp) -> [ScreenCommand] {
        var asked: [ScreenCommand] = []
        openSeries()
        workOutIndicators()
        // An engine elsewhere cannot be asked before its connection is back.
        if isDetached { return [] }
        if let frozen { return questionsWhileFrozen(frozen.time, now) }
        if let series {
            let pace: Duration = series.interval == .second ? .seconds(2) : .seconds(5)
            if isDue(.bars(series.symbol, series.interval), every: pace, now) {
                asked.append(.ask(.bars(series.symbol, series.interval, before: nil)))
            }
            if !series.reachesBack, series.isLoaded, let oldest = series.bars.first?.start,
                series.pan > series.bars.count - 300, isDue(.barsBefore(oldest), every: pace, now)
            {
                asked.append(.ask(.bars(series.symbol, series.interval, before: oldest)))
            }
        }
        if isDue(.episodes, every: .seconds(2), now) { asked.append(.ask(.episodes)) }
        if options.reread != nil, isDue(.configuration, every: .seconds(1), now) {
            asked.append(.ask(.configuration(isAsked: false)))
        }
        if isDue(.articles, every: .seconds(10), now) { asked.append(.ask(.articles)) }
        // At first there is little behind the prices, and it becomes more at once.
        let isYoung = rows.contains { (trends[$0]?.count ?? 0) < 2 }
        if !rows.isEmpty, isDue(.trends, every: .seconds(isYoung ? 2 : 15), now) {
            asked.append(.ask(.trends(Array(rows.prefix(100)))))
        }
        if let drill, isDue(.tape(drill), every: .seconds(1), now) {
            asked.append(.ask(.tape(drill)))
        }
        if focus == .features, let symbol = drill ?? selection,
            isDue(.features(symbol), every: .seconds(2), now)
        {
            asked.append(.ask(.features(symbol)))
        }
        return asked
    }

    /// Only what a ticker newly looked at still lacks, as of the moment of freezing.
    private mutating func questionsWhileFrozen(_ time: Timestamp, _ now: Timestamp)
        -> [ScreenCommand]
    {
        var asked: [ScreenCommand] = []
        if let series, !series.isLoaded,
            isDue(.bars(series.symbol, series.interval), every: .seconds(5), now)
        {
            asked.append(.ask(.bars(series.symbol, series.interval, before: time)))
        }
        if let drill, tape?.symbol != drill, isDue(.tape(drill), every: .seconds(1), now) {
            asked.append(.ask(.tape(drill)))
        }
        return asked
    }

    mutating func isDue(_ asking: Asking, every pace: Duration, _ now: Timestamp) -> Bool {
        if let last = askedAt[asking], now.duration(since: last) < pace { return false }
        if askedAt.count > 200 { askedAt = [:] }
        askedAt[asking] = now
        return true
    }

    /// Of the chart's bars, when one of its lines needs them.
    fileprivate mutating func workOutIndicators() {
        guard choices.indicators.contains(where: \.isComputed) else { return }
        series?.work(out: options.indicators)
    }

    /// The chart is of the ticker that is drilled into, else of the selected one.
    private mutating func openSeries() {
        guard let symbol = drill ?? selection else { return }
        guard series?.symbol != symbol || series?.interval != interval else { return }
        series = ChartSeries(symbol: symbol, interval: interval)
        askedAt[.bars(symbol, interval)] = nil
        takeProvisionalBars()
    }
}

// MARK: - The order of the quotes

extension ScreenState {
    /// Sorted at most every two seconds, so that rows do not dance; new tickers appear at once.
    fileprivate mutating func arrangeIfDue(_ now: Timestamp) {
        let isDue = now.duration(since: sortedAt) >= .seconds(2)
        if isDue || snapshot.tickers.count != arrangedCount { arrange(now) }
    }

    mutating func arrange(_ now: Timestamp) {
        let matches = filter.matcher(time: time(now))
        let all = group?.symbols ?? knownTickers
        rows = ordered(all.filter { matches($0, painted.ticker($0)) }, time(now))
        sortedAt = now
        arrangedCount = snapshot.tickers.count
        if let selection, rows.contains(selection) { return }
        selection = rows.first ?? selection
    }

    private func ordered(_ symbols: [Symbol], _ time: Timestamp) -> [Symbol] {
        let ranked: [Symbol]
        switch sort.column {
        case .configured: ranked = symbols
        case .symbol: ranked = symbols.sorted()
        default:
            guard let figure = sort.column.figure else { return symbols }
            ranked = largestFirst(symbols) { figure.value($0, time: time) }
        }
        return sort.isReversed ? ranked.reversed() : ranked
    }

    /// The largest first; what has no value comes last; ties stay in their order.
    private func largestFirst(_ symbols: [Symbol], by key: (TickerSnapshot) -> Double?) -> [Symbol]
    {
        let keyed = symbols.enumerated().map { index, symbol in
            (symbol, index, painted.ticker(symbol).flatMap { key($0) } ?? -.infinity)
        }
        return keyed.sorted { $0.2 == $1.2 ? $0.1 < $1.1 : $0.2 > $1.2 }.map(\.0)
    }

    /// What a person chose is kept a moment after they chose it.
    fileprivate mutating func saveIfChanged(_ now: Timestamp) -> [ScreenCommand] {
        guard options.choicesPath != nil, choices != savedChoices,
            isDue(.saving, every: .seconds(2), now)
        else { return [] }
        savedChoices = choices
        return [.save(choices)]
    }
}

extension SortOrder.Column {
    /// `nil` for an order that is not by a figure.
    fileprivate var figure: TickerFigure? {
        switch self {
        case .configured, .symbol: nil
        case .changePercent: .chg
        case .volume: .vol
        case .zScore: .z
        case .price: .price
        case .momentum: .mom
        case .velocity: .vel
        case .spread: .spread
        case .age: .age
        }
    }
}
