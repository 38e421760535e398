import MarketModel

/// The open episodes of one ticker, at most one a kind.
///
/// An episode is sent out when it opens, when its severity rises and when it closes, and otherwise
/// at most once a second of engine time, so that a storm of hits does not become a storm of writes.
public struct TickerEpisodes: Sendable {
    public private(set) var open: [OpenEpisode] = []
    /// Of the first of the open ones, perhaps of all: made when they are first sent out or shown.
    private var texts: [EpisodeTexts] = []

    public init() {}

    public var isEmpty: Bool { open.isEmpty }

    /// Joins a hit to the open episode of its kind, or opens one. `features` is asked at a worst
    /// moment only.
    public mutating func add(
        _ hit: RuleHit, of symbol: Symbol, at time: Timestamp, position: LogPosition,
        features: () -> FeatureVector?, into sent: inout [Episode]
    ) {
        if let index = open.firstIndex(where: { $0.kind == hit.kind }) {
            if open[index].isOver(at: time) {
                close(at: index, of: symbol, position: position, into: &sent)
            } else {
                if open[index].add(hit, at: time, position: position, features: features) {
                    send(index, of: symbol, into: &sent)
                }
                return
            }
        }
        open.append(OpenEpisode(hit, at: time, position: position, features: features()))
        send(open.count - 1, of: symbol, into: &sent)
    }

    /// A second of engine time has begun: closes what is over, sends what has changed.
    public mutating func turnSecond(
        to time: Timestamp, of symbol: Symbol, position: LogPosition, into sent: inout [Episode]
    ) {
        for index in open.indices.reversed() {
            if open[index].isOver(at: time) {
                close(at: index, of: symbol, position: position, into: &sent)
            } else if open[index].isUnsent {
                send(index, of: symbol, into: &sent)
            }
        }
    }

    private mutating func close(
        at index: Int, of symbol: Symbol, position: LogPosition, into sent: inout [Episode]
    ) {
        let texts = texts(of: index, symbol)
        sent.append(open[index].episode(of: symbol, isOpen: false, position: position, texts))
        open.remove(at: index)
        self.texts.remove(at: index)
    }

    private mutating func send(_ index: Int, of symbol: Symbol, into sent: inout [Episode]) {
        open[index].isUnsent = false
        sent.append(shown(index, of: symbol))
    }

    /// The open episode of an index as people and the store see it.
    public mutating func shown(_ index: Int, of symbol: Symbol) -> Episode {
        open[index].episode(
            of: symbol, isOpen: true, position: open[index].position, texts(of: index, symbol))
    }

    private mutating func texts(of index: Int, _ symbol: Symbol) -> EpisodeTexts {
        while texts.count <= index { texts.append(EpisodeTexts(open[texts.count], of: symbol)) }
        texts[index].follow(open[index])
        return texts[index]
    }
}

extension TickerEpisodes {
    public func encode(into writer: inout StateWriter) {
        writer.write(Int64(open.count))
        for episode in open { episode.encode(into: &writer) }
    }

    public init(from reader: inout StateReader) throws(StateCodecError) {
        for _ in 0..<(try reader.readCount("open episodes")) {
            open.append(try OpenEpisode(from: &reader))
        }
    }
}
