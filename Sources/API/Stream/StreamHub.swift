import Dispatch
import MarketModel
import NIOCore
import NIOPosix
import Synchronization

/// Tells every client what it listens to, ten times a second: each message is encoded once, each
/// client gets at most one a key and look.
///
/// Works on a queue of its own: a look at thousands of tickers must hold up no request.
final class StreamHub: Sendable {
    static let looksPerSecond = 10
    /// Topics of one client.
    static let topicsMax = 6000

    private struct Client {
        let session: NIOLoopBound<StreamSession>
        let eventLoop: any EventLoop
        var topics: Set<StreamTopic> = []
    }

    private struct State {
        var clients: [Int: Client] = [:]
        /// How many clients listen to each topic.
        var interest: [StreamTopic: Int] = [:]
        /// How many of these are of a ticker.
        var symbols: [Symbol: Int] = [:]
        var source: StreamSource
        var looks = 0
        var isStopped = false
    }

    private let queue = DispatchQueue(label: "ticktop.streams")
    /// Locked for long by `queue` alone.
    private let state: Mutex<State>
    private let metrics: RequestMetrics
    private let ids = Atomic(0)
    private let timer: Mutex<RepeatedTask?> = Mutex(nil)
    /// A look that takes longer than a tenth of a second makes the next one wait, not queue up.
    private let isLooking = Atomic(false)

    init(source: StreamSource, metrics: RequestMetrics) {
        state = Mutex(State(source: source))
        self.metrics = metrics
    }

    func start() {
        let interval = TimeAmount.milliseconds(Int64(1000 / StreamHub.looksPerSecond))
        let looks = MultiThreadedEventLoopGroup.singleton.next().scheduleRepeatedTask(
            initialDelay: interval, delay: interval
        ) { [weak self] _ in
            guard let self, metrics.openStreams.load(ordering: .relaxed) > 0,
                !isLooking.exchange(true, ordering: .relaxed)
            else {
                return
            }
            queue.async {
                self.look()
                self.isLooking.store(false, ordering: .relaxed)
            }
        }
        timer.withLock { $0 = looks }
    }

    /// Closes every session; returns once their close frames are written.
    func stop() async {
        timer.withLock { look in
            look?.cancel()
            look = nil
        }
        let clients = await withCheckedContinuation { continuation in
            queue.async { [self] in
                continuation.resume(
                    returning: state.withLock { state in
                        state.isStopped = true
                        return Array(state.clients.values)
                    })
            }
        }
        for client in clients {
            let session = client.session
            await withCheckedContinuation { continuation in
                client.eventLoop.execute {
                    session.value.close(.goingAway, "the server stops")
                    continuation.resume()
                }
            }
        }
    }

    /// A session has opened, on its event loop. Returns the id it goes by.
    func join(_ session: StreamSession, on eventLoop: any EventLoop) -> Int {
        metrics.openStreams.add(1, ordering: .relaxed)
        let id = ids.add(1, ordering: .relaxed).newValue
        let client = Client(
            session: NIOLoopBound(session, eventLoop: eventLoop), eventLoop: eventLoop)
        queue.async { [self] in
            let isLate = state.withLock { state in
                if state.clients.isEmpty { state.source.start() }
                if !state.isStopped { state.clients[id] = client }
                return state.isStopped
            }
            guard isLate else { return }
            eventLoop.execute { client.session.value.close(.goingAway, "the server stops") }
        }
        return id
    }

    func leave(_ id: Int) {
        metrics.openStreams.subtract(1, ordering: .relaxed)
        queue.async { [self] in
            state.withLock { state in
                let topics = state.clients.removeValue(forKey: id)?.topics ?? []
                for topic in topics { StreamHub.loseInterest(in: topic, &state) }
            }
        }
    }

    /// The client hears how the topics stand, then every change. What it already listens to stays.
    func subscribe(_ id: Int, to topics: Set<StreamTopic>, answer: JSON?) {
        queue.async { [self] in
            state.withLock { state in
                guard var client = state.clients[id] else { return }
                let fresh = topics.subtracting(client.topics)
                var frames: [StreamUpdate] = []
                var reply = answer
                if client.topics.count + fresh.count > StreamHub.topicsMax {
                    reply = StreamRequest.Failure.tooManyTopics.json
                } else {
                    for topic in fresh.sorted(by: StreamHub.order) {
                        client.topics.insert(topic)
                        state.interest[topic, default: 0] += 1
                        if let symbol = topic.symbol { state.symbols[symbol, default: 0] += 1 }
                        frames += state.source.current(topic)
                    }
                }
                state.clients[id] = client
                StreamHub.deliver(frames, reply, to: client)
            }
        }
    }

    func unsubscribe(_ id: Int, from topics: Set<StreamTopic>, answer: JSON) {
        queue.async { [self] in
            state.withLock { state in
                guard var client = state.clients[id] else { return }
                for topic in topics where client.topics.remove(topic) != nil {
                    StreamHub.loseInterest(in: topic, &state)
                }
                state.clients[id] = client
                StreamHub.deliver([], answer, to: client)
            }
        }
    }

    /// The snapshots from the next one on hold the indicators of these tickers.
    func watch(_ symbols: [Symbol]) {
        queue.async { [self] in
            state.withLock { state in
                for symbol in symbols { state.source.reader.board.watch(symbol) }
            }
        }
    }

    private static func loseInterest(in topic: StreamTopic, _ state: inout State) {
        state.interest[topic] = (state.interest[topic] ?? 1) - 1
        if state.interest[topic] == 0 {
            state.interest[topic] = nil
            if topic == .board { state.source.forgetBoard() }
        }
        guard let symbol = topic.symbol else { return }
        state.symbols[symbol] = (state.symbols[symbol] ?? 1) - 1
        if state.symbols[symbol] == 0 { state.symbols[symbol] = nil }
    }

    private static func order(_ left: StreamTopic, _ right: StreamTopic) -> Bool {
        (left.channel.rawValue, left.symbol?.description ?? "")
            < (right.channel.rawValue, right.symbol?.description ?? "")
    }

    private static func deliver(_ updates: [StreamUpdate], _ answer: JSON?, to client: Client) {
        let session = client.session
        let reply = answer.map(WebSocketFrames.text)
        client.eventLoop.execute {
            if let reply { session.value.answer(reply) }
            session.value.deliver(updates)
        }
    }

    /// One look at the market: what has changed goes to whoever listens.
    private func look() {
        state.withLock { state in
            guard !state.clients.isEmpty, !state.interest.isEmpty else { return }
            state.looks += 1
            let interest = state.interest
            let updates = state.source.updates(
                wanted: { topic in topic.withAll.contains { interest[$0] != nil } },
                symbols: Set(state.symbols.keys),
                asksHealth: state.looks % StreamHub.looksPerSecond == 0)
            guard !updates.isEmpty else { return }
            let byTopic = Dictionary(grouping: updates, by: \.key.topic)
            let byChannel = Dictionary(grouping: updates, by: \.key.topic.channel)
            var parcels: [ObjectIdentifier: Parcel] = [:]
            for client in state.clients.values {
                let mail = StreamHub.mail(for: client.topics, byTopic, byChannel)
                guard !mail.isEmpty else { continue }
                parcels[ObjectIdentifier(client.eventLoop), default: Parcel(client.eventLoop)]
                    .mail.append((session: client.session, updates: mail))
            }
            for parcel in parcels.values { parcel.send() }
        }
    }

    /// What a client that listens to these topics gets of a look: the frames themselves, shared.
    static func mail(
        for topics: Set<StreamTopic>, _ byTopic: [StreamTopic: [StreamUpdate]],
        _ byChannel: [StreamChannel: [StreamUpdate]]
    ) -> [StreamUpdate] {
        var mail: [StreamUpdate] = []
        for topic in topics {
            if topic.symbol == nil {
                mail += byChannel[topic.channel] ?? []
            } else if !topics.contains(StreamTopic(channel: topic.channel, symbol: nil)) {
                mail += byTopic[topic] ?? []
            }
        }
        return mail
    }
}

/// What one event loop's sessions get from one look, handed over in one go.
private struct Parcel {
    let eventLoop: any EventLoop
    var mail: [(session: NIOLoopBound<StreamSession>, updates: [StreamUpdate])] = []

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func send() {
        eventLoop.execute { [mail] in
            for (session, updates) in mail { session.value.deliver(updates) }
        }
    }
}
