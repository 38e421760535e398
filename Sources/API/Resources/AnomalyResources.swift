import Foundation
import MarketModel

/// Episodes, and that somebody has seen them.
struct AnomalyResources: Sendable {
    /// More episodes than this are not read for one answer; `truncated` says so.
    static let episodesMax = 10_000
    static let noteCharactersMax = 1000
    /// Who acknowledges through the port: the token's name.
    static let tokenName = "api"

    let reader: MarketReader

    var routes: [Route] {
        [
            .get("/anomalies", anomalies), .get("/anomalies/{}", anomalies),
            .write("POST", "/anomalies/{}/ack", acknowledge),
            .write("DELETE", "/anomalies/{}/ack", unacknowledge),
        ]
    }

    private func anomalies(_ request: APIRequest) async throws(Problem) -> Reply {
        let filter = try EpisodeFilter(request)
        let hours = try request.integer("hours", in: 1...168, default: 24)
        let limit = try request.integer("limit", in: 1...1000, default: 500)
        let symbol = request.arguments.isEmpty ? nil : try request.ticker()
        let now = reader.now
        var query = EpisodeQuery()
        query.symbol = symbol
        query.since = now.advanced(by: .seconds(-3600 * hours))
        query.limit = AnomalyResources.episodesMax
        let episodes = try await read(query)
        let asked = episodes.filter(filter.admits)
        return Reply([
            "ticker": .of(symbol), "hours": .of(hours),
            "anomalies": .list(asked.prefix(limit).map(JSON.episode)),
            "summary": JSON.summary(episodes, now: now),
            "truncated": .of(
                asked.count > limit || episodes.count == AnomalyResources.episodesMax),
        ])
    }

    private func read(_ query: EpisodeQuery) async throws(Problem) -> [EpisodeReading] {
        guard let symbol = query.symbol else {
            _ = try reader.snapshot()
            return try await reader.stored { try $0.episodes(query) }
        }
        return try await reader.stored(of: symbol) { try $0.episodes(query) }
    }

    private func acknowledge(_ request: APIRequest) async throws(Problem) -> Reply {
        let id = request.arguments[0]
        let note = try AcknowledgementBody.note(request.body)
        let now = reader.clock.now
        let reading = try await reader.stored {
            try $0.acknowledge(id, by: AnomalyResources.tokenName, at: now, note: note)
        }
        guard let reading else { throw .unknownEpisode(id) }
        return Reply(JSON.episode(reading))
    }

    private func unacknowledge(_ request: APIRequest) async throws(Problem) -> Reply {
        let id = request.arguments[0]
        let now = reader.clock.now
        let reading = try await reader.stored {
            try $0.unacknowledge(id, by: AnomalyResources.tokenName, at: now)
        }
        guard let reading else { throw .unknownEpisode(id) }
        return Reply(JSON.episode(reading))
    }
}

/// Which episodes are listed; the summary counts all of them.
private struct EpisodeFilter {
    var isOpen: Bool?
    var isAcknowledged: Bool?
    var severity: Severity?
    var kind: AnomalyKind?

    init(_ request: APIRequest) throws(Problem) {
        isOpen = try request.choice("state", of: ["open", "closed"]) {
            ["open": true, "closed": false][$0]
        }
        isAcknowledged = try request.choice("acknowledged", of: ["true", "false"]) { Bool($0) }
        severity = try request.choice("severity", of: Severity.allCases.map(\.name)) {
            Severity(name: $0)
        }
        kind = try request.choice("kind", of: AnomalyKind.allCases.map(\.rawValue)) {
            AnomalyKind(rawValue: $0)
        }
    }

    func admits(_ reading: EpisodeReading) -> Bool {
        (isOpen ?? reading.episode.isOpen) == reading.episode.isOpen
            && (isAcknowledged ?? reading.isAcknowledged) == reading.isAcknowledged
            && (severity ?? reading.episode.severity) == reading.episode.severity
            && (kind ?? reading.episode.kind) == reading.episode.kind
    }
}

/// `{"note": "..."}`; no body at all is an empty note.
private struct AcknowledgementBody: Decodable {
    var note: String?

    static func note(_ bytes: [UInt8]) throws(Problem) -> String {
        guard !bytes.isEmpty else { return "" }
        let body: AcknowledgementBody
        do {
            body = try JSONDecoder().decode(AcknowledgementBody.self, from: Data(bytes))
        } catch {
            throw .malformed("The body is not {\"note\": \"...\"}.")
        }
        let note = body.note ?? ""
        guard note.count <= AnomalyResources.noteCharactersMax else {
            throw .parameter(
                "note", range: "0..\(AnomalyResources.noteCharactersMax) characters",
                got: "\(note.count) characters")
        }
        return note
    }
}

extension JSON {
    fileprivate static func episode(_ reading: EpisodeReading) -> JSON {
        let episode = reading.episode
        return [
            "id": .of(episode.id), "ticker": .of(episode.symbol),
            "kind": .of(episode.kind.rawValue), "severity": .of(episode.severity.name),
            "state": .of(episode.isOpen ? "open" : "closed"),
            "first_at": .of(episode.firstAt), "last_at": .of(episode.lastAt),
            "hits": .of(episode.hits), "worst_score": .of(episode.worstScore),
            "explanation": .of(episode.explanation),
            "features": episode.features.map { .object(featureMembers($0)) } ?? .null,
            "acknowledged": .of(reading.isAcknowledged),
            "acknowledgement": reading.acknowledgement.map(acknowledgement) ?? .null,
        ]
    }

    private static func acknowledgement(_ given: Acknowledgement) -> JSON {
        [
            "by": .of(given.by), "at": .of(given.at), "note": .of(given.note),
            "severity": .of(given.severity.name),
        ]
    }

    /// Over all the episodes read; `today` is the UTC day of `now`, `high` counts critical ones
    /// too.
    fileprivate static func summary(_ readings: [EpisodeReading], now: Timestamp) -> JSON {
        let today = now.secondsFloor.flooredQuotient(86_400)
        var countBySymbol: [Symbol: Int] = [:]
        for case let symbol? in readings.map(\.episode.symbol) {
            countBySymbol[symbol, default: 0] += 1
        }
        let busiest = countBySymbol.min {
            $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value
        }
        return [
            "today": .of(
                readings.count {
                    $0.episode.lastAt.secondsFloor.flooredQuotient(86_400) == today
                }),
            "open": .of(readings.count { $0.episode.isOpen }),
            "unacknowledged": .of(readings.count { !$0.isAcknowledged }),
            "high": .of(readings.count { $0.episode.severity >= .high }),
            "most_active": .of(busiest?.key),
        ]
    }
}
