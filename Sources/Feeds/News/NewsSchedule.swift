import MarketModel

/// Whom to ask for news next, and when: one ticker after the other, each no more often than wished,
/// all together within the provider's budget.
struct NewsSchedule {
    enum Turn: Equatable {
        case ask(Symbol)
        case wait(Duration)
        /// No ticker is left to ask for.
        case nobody
    }

    /// Providers also limit the calls of one second.
    static let spacing = Duration.milliseconds(50)
    private static let budgetSpan = Duration.seconds(60)

    private let every: Duration
    private let requestsPerMinute: Int
    private var symbols: [Symbol]
    private var turn = 0
    private var askedAt: [Symbol: Timestamp] = [:]
    /// When the last `requestsPerMinute` requests were made, oldest first.
    private var requests: [Timestamp] = []
    private var heldUntil = Timestamp.distantPast

    init(_ symbols: [Symbol], every: Duration, requestsPerMinute: Int) {
        precondition(requestsPerMinute > 0)
        self.symbols = symbols
        self.every = every
        self.requestsPerMinute = requestsPerMinute
    }

    /// The ticker to ask for now, which is counted as asked.
    mutating func next(at now: Timestamp) -> Turn {
        guard !symbols.isEmpty else { return .nobody }
        let symbol = symbols[turn]
        var due = heldUntil
        if let last = askedAt[symbol] { due = max(due, last.advanced(by: every)) }
        if let last = requests.last { due = max(due, last.advanced(by: NewsSchedule.spacing)) }
        if requests.count == requestsPerMinute, let first = requests.first {
            due = max(due, first.advanced(by: NewsSchedule.budgetSpan))
        }
        guard due <= now else { return .wait(due.duration(since: now)) }
        askedAt[symbol] = now
        if requests.count == requestsPerMinute { requests.removeFirst() }
        requests.append(now)
        turn = (turn + 1) % symbols.count
        return .ask(symbol)
    }

    var isEmpty: Bool { symbols.isEmpty }

    /// Nobody is asked before `time`.
    mutating func hold(until time: Timestamp) { heldUntil = max(heldUntil, time) }

    /// The provider will never answer for this ticker.
    mutating func drop(_ symbol: Symbol) {
        guard let place = symbols.firstIndex(of: symbol) else { return }
        symbols.remove(at: place)
        if place < turn { turn -= 1 }
        if turn == symbols.count { turn = 0 }
    }
}
