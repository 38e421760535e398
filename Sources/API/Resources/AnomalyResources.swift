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

    static let limit = Parameter<Int>.integer(
        "limit", 1...1000, default: 500, "How many at most.")
    static let before = Parameter<EpisodeCursor?>.text(
        "before", EpisodeCursor.schema, "`next_before` of the page before.",
        range: "what next_before said"
    ) { EpisodeCursor($0) }
    static let id = ParameterDefinition(
        name: "id", place: .path, meaning: "The anomaly's `id`.", schema: .text)

    var routes: [Route] {
        let filters = [Parameters.hours.definition] + EpisodeFilter.parameters
        let page = [AnomalyResources.limit.definition, AnomalyResources.before.definition]
        let answer = Route.Answer.listing(.anomalies, member: "anomalies", rows: .anomaly)
        return [
            .get(
                "/anomalies", "Anomalies of the last hours, newest first.", filters + page,
                answer: answer, anomalies
            ).linked([Route.Link(parameter: "id", pointer: "/anomalies/0/id")]),
            .get(
                "/anomalies/{ticker}", "Anomalies of one ticker, newest first.",
                [Parameters.ticker.definition] + filters + page, answer: answer,
                statuses: [404], anomalies),
            .write(
                "POST", "/anomalies/{id}/ack", "Notes that somebody has seen the anomaly.",
                [AnomalyResources.id], answer: .json(.anomaly), body: .acknowledgementNote,
                statuses: [404], acknowledge),
            .write(
                "DELETE", "/anomalies/{id}/ack", "Takes the acknowledgement back.",
                [AnomalyResources.id], answer: .json(.anomaly), statuses: [404], unacknowledge),
        ]
    }

    private func anomalies(_ request: APIRequest) async throws(Problem) -> Reply {
        let filter = try EpisodeFilter(request)
        let hours = try request.value(Parameters.hours)
        let limit = try request.value(AnomalyResources.limit)
        let before = try request.value(AnomalyResources.before)
        let symbol = request.arguments.isEmpty ? nil : try request.value(Parameters.ticker)
        let now = reader.now
        var query = EpisodeQuery()
        query.symbol = symbol
        query.since = now.advanced(by: .seconds(-3600 * hours))
        query.limit = AnomalyResources.episodesMax
        let episodes = try await read(query)
        let asked = episodes.filter(filter.admits).filter { before?.isBefore($0.episode) ?? true }
        let page = asked.prefix(limit)
        return Reply([
            "ticker": .of(symbol), "hours": .of(hours),
            "anomalies": .list(page.map(JSON.episode)),
            "summary": JSON.summary(episodes, now: now),
            "next_before": asked.count > limit
                ? .of(page.last.map { EpisodeCursor($0.episode).description }) : .null,
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
        let reading = try await reader.acknowledge(request, by: AnomalyResources.tokenName)
        return Reply(JSON.episode(reading))
    }

    private func unacknowledge(_ request: APIRequest) async throws(Problem) -> Reply {
        let reading = try await reader.unacknowledge(request, by: AnomalyResources.tokenName)
        return Reply(JSON.episode(reading))
    }
}

/// Which episodes are listed; the summary counts all of them.
private struct EpisodeFilter {
    var isOpen: Bool?
    var isAcknowledged: Bool?
    var severity: Severity?
    var kind: AnomalyKind?

    static let parameters = [
        Parameters.episodeState.definition, Parameters.acknowledged.definition,
        Parameters.severity.definition, Parameters.anomalyKind.definition,
    ]

    init(_ request: APIRequest) throws(Problem) {
        isOpen = try request.value(Parameters.episodeState)
        isAcknowledged = try request.value(Parameters.acknowledged)
        severity = try request.value(Parameters.severity)
        kind = try request.value(Parameters.anomalyKind)
    }

    func admits(_ reading: EpisodeReading) -> Bool {
        (isOpen ?? reading.episode.isOpen) == reading.episode.isOpen
            && (isAcknowledged ?? reading.isAcknowledged) == reading.isAcknowledged
            && (severity ?? reading.episode.severity) == reading.episode.severity
            && (kind ?? reading.episode.kind) == reading.episode.kind
    }
}

/// Where a page of episodes ends: they are ordered by their last hit, then by their id.
struct EpisodeCursor: Equatable, CustomStringConvertible {
    static let schema = Schema.pattern("^[0-9]{1,18}~[A-Za-z0-9_./:^=-]{1,100}$")

    var lastAt: Timestamp
    var id: String

    init(_ episode: Episode) {
        lastAt = episode.lastAt
        id = episode.id
    }

    init?(_ text: String) {
        let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let nanoseconds = Int64(parts[0]), !parts[1].isEmpty else {
            return nil
        }
        lastAt = Timestamp(nanoseconds: nanoseconds)
        id = String(parts[1])
    }

    var description: String { "\(lastAt.nanoseconds)~\(id)" }

    /// True for an episode that comes after this place in a list, newest first.
    func isBefore(_ episode: Episode) -> Bool {
        episode.lastAt == lastAt ? episode.id < id : episode.lastAt < lastAt
    }
}

/// `{"note": "..."}`; no body at all is an empty note.
struct AcknowledgementBody: Decodable {
    private var note: String?

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
    static func episode(_ reading: EpisodeReading) -> JSON {
        .object(
            episodeMembers(reading.episode) + [
                ("acknowledged", .of(reading.isAcknowledged)),
                ("acknowledgement", reading.acknowledgement.map(acknowledgement) ?? .null),
            ])
    }

    /// The episode alone, whoever has seen it.
    static func episodeMembers(_ episode: Episode) -> [(name: String, value: JSON)] {
        [
            ("id", .of(episode.id)), ("ticker", .of(episode.symbol)),
            ("kind", .of(episode.kind.rawValue)), ("severity", .of(episode.severity.name)),
            ("state", .of(episode.isOpen ? "open" : "closed")),
            ("first_at", .of(episode.firstAt)), ("last_at", .of(episode.lastAt)),
            ("hits", .of(episode.hits)), ("worst_score", .of(episode.worstScore)),
            ("explanation", .of(episode.explanation)),
            ("features", episode.features.map { .object(featureMembers($0)) } ?? .null),
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

extension Schema {
    static let acknowledgementNote = Schema.object("Note", [("note", .nullable(.text))])

    static let anomaly = Schema.object(
        "Anomaly",
        [
            ("id", .text), ("ticker", .nullable(.ticker)),
            ("kind", .choice(AnomalyKind.allCases.map(\.rawValue))),
            ("severity", .choice(Severity.allCases.map(\.name))),
            ("state", .choice(["open", "closed"])), ("first_at", .timestamp),
            ("last_at", .timestamp), ("hits", .integer(0...Int.max)),
            ("worst_score", .nullable(.number)), ("explanation", .text),
            ("features", .nullable(.object("AnomalyFeatures", featureMembers))),
            ("acknowledged", .boolean),
            (
                "acknowledgement",
                .nullable(
                    .object(
                        "Acknowledgement",
                        [
                            ("by", .text), ("at", .timestamp), ("note", .text),
                            ("severity", .choice(Severity.allCases.map(\.name))),
                        ]))
            ),
        ])

    static let anomalies = Schema.object(
        "Anomalies",
        [
            ("ticker", .nullable(.ticker)), ("hours", .integer(1...168)),
            ("anomalies", .list(of: .anomaly)),
            (
                "summary",
                .object(
                    "AnomalySummary",
                    [
                        ("today", .integer(0...Int.max)), ("open", .integer(0...Int.max)),
                        ("unacknowledged", .integer(0...Int.max)),
                        ("high", .integer(0...Int.max)), ("most_active", .nullable(.ticker)),
                    ])
            ), ("next_before", .nullable(.text)), ("truncated", .boolean),
        ])
}
