import MarketModel

/// The episodes of the last day, joined with their acknowledgements, newest first.
struct EpisodeList: Sendable {
    private(set) var readings: [EpisodeReading] = []
    /// Another whenever something in here has changed.
    private(set) var version = 0
    /// The store has answered once.
    private(set) var isLoaded = false
    private var live: [Episode] = []
    private var stored: [EpisodeReading] = []
    /// What was asked for and is not yet stored: an acknowledgement, or its undoing.
    private var pending: [String: Acknowledgement?] = [:]
    /// Where in `readings` each episode is.
    private var places: [String: Int] = [:]

    /// Of a day: those that a person still has to look at, of all tickers or of one.
    func unacknowledgedCount(_ time: Timestamp, of symbol: Symbol? = nil) -> Int {
        let dayAgo = time.advanced(by: .seconds(-86_400))
        return readings.count { reading in
            !reading.isAcknowledged && reading.episode.lastAt >= dayAgo
                && (symbol == nil || reading.episode.symbol == symbol)
        }
    }

    func isPending(_ episodeID: String) -> Bool { pending[episodeID] != nil }

    /// Ten times a second: where only some episodes have gone on, only these are looked at.
    mutating func take(live new: [Episode]) {
        let old = live
        let isSame = old.count == new.count && zip(old, new).allSatisfy { $0.id == $1.id }
        live = new
        guard isSame else { return join() }
        var hasChanged = false
        for (old, episode) in zip(old, new) where old != episode {
            guard let place = places[episode.id] else { return join() }
            hasChanged = true
            if readings[place].episode.position <= episode.position {
                readings[place].episode = episode
            }
        }
        if hasChanged { version += 1 }
    }

    mutating func take(stored: [EpisodeReading]) {
        isLoaded = true
        guard stored != self.stored else { return }
        self.stored = stored
        join()
    }

    mutating func expect(_ acknowledgement: Acknowledgement?, for episodeID: String) {
        pending[episodeID] = .some(acknowledgement)
        join()
    }

    /// The store has answered; `nil` when it knows no such episode, and then nothing has changed.
    mutating func settle(_ episodeID: String, _ reading: EpisodeReading?) {
        pending[episodeID] = nil
        if let reading {
            stored.removeAll { $0.episode.id == episodeID }
            stored.append(reading)
        }
        join()
    }

    mutating func forgetPending() {
        pending = [:]
        join()
    }

    /// The later version of an episode wins; the acknowledgement is the store's, or the one on its
    /// way.
    private mutating func join() {
        version += 1
        places.removeAll(keepingCapacity: true)
        readings.removeAll(keepingCapacity: true)
        for reading in stored { put(reading) }
        for episode in live {
            guard let place = places[episode.id] else {
                put(EpisodeReading(episode: episode, acknowledgement: nil))
                continue
            }
            if readings[place].episode.position <= episode.position {
                readings[place].episode = episode
            }
        }
        for (id, acknowledgement) in pending {
            if let place = places[id] { readings[place].acknowledgement = acknowledgement }
        }
        readings.sort { ($0.episode.firstAt, $0.episode.id) > ($1.episode.firstAt, $1.episode.id) }
        for (place, reading) in readings.enumerated() { places[reading.episode.id] = place }
    }

    /// Instead of one with the same id, if there is one.
    private mutating func put(_ reading: EpisodeReading) {
        if let place = places[reading.episode.id] {
            readings[place] = reading
        } else {
            places[reading.episode.id] = readings.count
            readings.append(reading)
        }
    }
}
