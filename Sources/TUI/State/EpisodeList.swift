import MarketModel

/// The episodes of the last day, joined with their acknowledgements, newest first.
struct EpisodeList: Sendable {
    private(set) var readings: [EpisodeReading] = []
    /// Another whenever something in here has changed.
    private(set) var version = 0
    private var live: [Episode] = []
    private var stored: [EpisodeReading] = []
    /// What was asked for and is not yet stored: an acknowledgement, or its undoing.
    private var pending: [String: Acknowledgement?] = [:]

    /// Of a day: those that a person still has to look at.
    func unacknowledgedCount(_ time: Timestamp) -> Int {
        let dayAgo = time.advanced(by: .seconds(-86_400))
        return readings.count { !$0.isAcknowledged && $0.episode.lastAt >= dayAgo }
    }

    func isPending(_ episodeID: String) -> Bool { pending[episodeID] != nil }

    mutating func take(live: [Episode]) {
        guard live != self.live else { return }
        self.live = live
        join()
    }

    mutating func take(stored: [EpisodeReading]) {
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
        var byID: [String: EpisodeReading] = [:]
        for reading in stored { byID[reading.episode.id] = reading }
        for episode in live {
            if let known = byID[episode.id], known.episode.position > episode.position { continue }
            byID[episode.id] = EpisodeReading(
                episode: episode, acknowledgement: byID[episode.id]?.acknowledgement)
        }
        for (id, acknowledgement) in pending { byID[id]?.acknowledgement = acknowledgement }
        readings = byID.values.sorted {
            ($0.episode.firstAt, $0.episode.id) > ($1.episode.firstAt, $1.episode.id)
        }
    }
}
