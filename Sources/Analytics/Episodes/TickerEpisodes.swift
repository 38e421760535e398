import MarketModel

/// The open episodes of one ticker, at most one a kind, in its market's memory.
///
/// An episode is sent out when it opens, when its severity rises and when it closes, and otherwise
/// at most once a second of engine time, so that a storm of hits does not become a storm of writes.
/// No text is made on the way; those of the episodes shown are kept until the worst moment changes.
public struct TickerEpisodes: ~Copyable {
    public private(set) var count = 0
    private var capacity = 0
    private var places: UnsafeMutablePointer<OpenEpisode>?
    /// Of the first of the open ones, perhaps of all: made when they are first shown.
    private var shownTexts: [EpisodeTexts] = []
    private let memory: MarketMemory

    public init(memory: MarketMemory) { self.memory = memory }

    deinit {
        if let places { memory.giveBack(places, count: capacity) }
    }

    public var isEmpty: Bool { count == 0 }

    /// In the order in which they opened.
    public var open: [OpenEpisode] { Array(UnsafeBufferPointer(start: places, count: count)) }

    /// Joins a hit to the open episode of its kind, or opens one. `features` is asked at a worst
    /// moment only.
    public mutating func add(
        _ hit: RuleHit, of symbol: Symbol, at time: Timestamp, position: LogPosition,
        features: () -> FeatureVector?, into sent: inout [Episode]
    ) {
        if let index = (0..<count).first(where: { episode($0).pointee.kind == hit.kind }) {
            if episode(index).pointee.isOver(at: time) {
                close(at: index, of: symbol, position: position, into: &sent)
            } else {
                let isWorse = episode(index).pointee.add(
                    hit, at: time, position: position, features: features)
                if isWorse { send(index, of: symbol, into: &sent) }
                return
            }
        }
        append(OpenEpisode(hit, at: time, position: position, features: features()))
        send(count - 1, of: symbol, into: &sent)
    }

    /// A second of engine time has begun: closes what is over, sends what has changed.
    public mutating func turnSecond(
        to time: Timestamp, of symbol: Symbol, position: LogPosition, into sent: inout [Episode]
    ) {
        for index in (0..<count).reversed() {
            if episode(index).pointee.isOver(at: time) {
                close(at: index, of: symbol, position: position, into: &sent)
            } else if episode(index).pointee.isUnsent {
                send(index, of: symbol, into: &sent)
            }
        }
    }

    /// The open episode of an index as people see it.
    public mutating func shown(_ index: Int, of symbol: Symbol) -> Episode {
        while shownTexts.count <= index {
            let next = episode(shownTexts.count).pointee
            shownTexts.append(EpisodeTexts(next.sent(of: symbol), worst: next.worst))
        }
        let sent = episode(index).pointee.sent(of: symbol)
        return shownTexts[index].written(sent, worst: episode(index).pointee.worst)
    }

    private func send(_ index: Int, of symbol: Symbol, into sent: inout [Episode]) {
        episode(index).pointee.isUnsent = false
        sent.append(episode(index).pointee.sent(of: symbol))
    }

    private mutating func close(
        at index: Int, of symbol: Symbol, position: LogPosition, into sent: inout [Episode]
    ) {
        var closed = episode(index).pointee.sent(of: symbol)
        closed.isOpen = false
        closed.position = position
        sent.append(closed)
        count -= 1
        for place in index..<count { episode(place).pointee = episode(place + 1).pointee }
        if index < shownTexts.count { shownTexts.remove(at: index) }
    }

    private func episode(_ index: Int) -> UnsafeMutablePointer<OpenEpisode> {
        guard let places else { preconditionFailure("there are no open episodes") }
        return places + index
    }

    private mutating func append(_ episode: OpenEpisode) {
        if count == capacity { grow() }
        count += 1
        self.episode(count - 1).initialize(to: episode)
    }

    private mutating func grow() {
        let larger = memory.take(OpenEpisode.self, count: max(1, capacity * 2))
        if let places {
            larger.update(from: places, count: count)
            memory.giveBack(places, count: capacity)
        }
        places = larger
        capacity = max(1, capacity * 2)
    }
}

extension TickerEpisodes {
    public func encode(into writer: inout StateWriter) {
        writer.write(Int64(count))
        for index in 0..<count { episode(index).pointee.encode(into: &writer) }
    }

    public static func decoded(
        from reader: inout StateReader, memory: MarketMemory
    ) throws(StateCodecError) -> TickerEpisodes {
        var episodes = TickerEpisodes(memory: memory)
        for _ in 0..<(try reader.readCount("open episodes")) {
            episodes.append(try OpenEpisode(from: &reader))
        }
        return episodes
    }
}
