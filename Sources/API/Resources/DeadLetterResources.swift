import MarketModel

/// What was refused, newest first.
struct DeadLetterResources: Sendable {
    /// Of one dead letter in a list; the store keeps more.
    static let rawBytesShown = 4096

    let reader: MarketReader
    /// `nil` where nothing can be taken up again, as in a replay.
    let actions: DeadLetterActions?

    static let id = Parameter<LogPosition>(
        definition: ParameterDefinition(
            name: "letter", place: .path, meaning: "The letter's `id`.", schema: .position)
    ) { (request) throws(Problem) in
        guard let id = LogPosition(request.arguments[0]) else {
            throw .parameter("letter", range: "epoch.offset.index", got: request.arguments[0])
        }
        return id
    }

    var routes: [Route] {
        let id = [DeadLetterResources.id.definition]
        return [
            .get(
                "/api/v1/dead-letters", "What was refused, and why; newest first.",
                [Parameters.limit.definition, Parameters.beforePosition.definition],
                answer: .listing(.deadLetters, member: "dead_letters", rows: .deadLetter),
                deadLetters
            ).linked([Route.Link(parameter: "letter", pointer: "/dead_letters/0/id")]),
            .get(
                "/api/v1/dead-letters/{letter}", "One of them, whatever has become of it.", id,
                answer: .json(.deadLetter), statuses: [404, 409], deadLetter),
            .write(
                "POST", "/api/v1/dead-letters/{letter}/retry",
                "Takes it up again: once, however often it is asked for.", id,
                answer: .json(.deadLetter), statuses: [404, 409], retry),
            .write(
                "POST", "/api/v1/dead-letters/{letter}/archive", "Puts it aside, into a file.", id,
                answer: .json(.deadLetter), statuses: [404, 409], archive),
            .write(
                "POST", "/api/v1/dead-letters/retry/all", "Takes all open ones up again.",
                answer: .json(.deadLettersAsked), statuses: [409], retryAll),
        ]
    }

    private func deadLetters(_ request: APIRequest) async throws(Problem) -> Reply {
        let limit = try request.value(Parameters.limit)
        let before = try request.value(Parameters.beforePosition)
        let (total, letters) = try await reader.stored {
            (try $0.deadLetterCount(), try $0.deadLetters(before: before, limit: limit))
        }
        return Reply([
            "total": .of(total), "dead_letters": .list(letters.map(JSON.deadLetter)),
            "next_before": .of(
                letters.count == limit ? letters.last?.position.description : nil),
        ])
    }
}

extension DeadLetterResources {
    private func deadLetter(_ request: APIRequest) async throws(Problem) -> Reply {
        try await answer(request, by: \.find)
    }

    private func retry(_ request: APIRequest) async throws(Problem) -> Reply {
        let letter = try await letter(request, by: \.find)
        guard !letter.mayBeCut else { throw .cutLetter(letter.position) }
        return try await answer(request, by: \.retry)
    }

    private func archive(_ request: APIRequest) async throws(Problem) -> Reply {
        try await answer(request, by: \.archive)
    }

    private func retryAll(_ request: APIRequest) async throws(Problem) -> Reply {
        guard let actions else { throw .noLetterActions }
        let count = try await reader.changed { _ in try actions.retryAll() }
        return Reply(["asked": .of(count)])
    }

    private typealias Action = @Sendable (LogPosition) throws -> DeadLetter?

    private func answer(
        _ request: APIRequest, by action: KeyPath<DeadLetterActions, Action>
    ) async throws(Problem) -> Reply {
        Reply(JSON.deadLetter(try await letter(request, by: action)))
    }

    private func letter(
        _ request: APIRequest, by action: KeyPath<DeadLetterActions, Action>
    ) async throws(Problem) -> DeadLetter {
        let id = try request.value(DeadLetterResources.id)
        guard let perform = actions?[keyPath: action] else { throw .noLetterActions }
        guard let letter = try await reader.changed({ _ in try perform(id) }) else {
            throw .unknownDeadLetter(id)
        }
        return letter
    }
}

extension Problem {
    fileprivate static let noLetterActions = Problem(
        status: 409, name: "not-live", title: "Not a live log",
        detail: "Here runs a recording: dead letters are taken up again where the feed is.")

    fileprivate static func cutLetter(_ id: LogPosition) -> Problem {
        Problem(
            status: 409, name: "cut", title: "Bytes were cut off",
            detail: "Of dead letter \(id) only the first \(DeadLetter.rawBytesMax) bytes are kept.")
    }

    fileprivate static func unknownDeadLetter(_ id: LogPosition) -> Problem {
        Problem(
            status: 404, name: "unknown-dead-letter", title: "Unknown dead letter",
            detail: "There is no dead letter \(id).")
    }
}

extension JSON {
    fileprivate static func deadLetter(_ letter: DeadLetter) -> JSON {
        let shown = letter.raw.prefix(DeadLetterResources.rawBytesShown)
        return [
            "id": .of(letter.position.description), "source": .of(letter.source.name),
            "received_at": .of(letter.receivedAt), "offset": .of(letter.position.offset),
            "reason": .of(letter.refusal.reason.rawValue), "field": .of(letter.refusal.field),
            "ticker": .of(letter.refusal.symbol),
            "raw": .of(String(decoding: shown, as: UTF8.self)),
            "raw_bytes": .of(letter.raw.count), "state": .of(letter.fate.rawValue),
            "retries": .of(letter.retries), "retried_at": .of(letter.retriedAt),
        ]
    }
}

extension Schema {
    static let deadLetter = Schema.object(
        "DeadLetter",
        [
            ("id", .position), ("source", .source), ("received_at", .timestamp),
            ("offset", .integer(0...Int.max)), ("reason", .text), ("field", .text),
            ("ticker", .nullable(.ticker)), ("raw", .text), ("raw_bytes", .integer(0...Int.max)),
            ("state", .choice(DeadLetter.Fate.allCases.map(\.rawValue))),
            ("retries", .integer(0...Int.max)), ("retried_at", .nullable(.timestamp)),
        ])
    static let deadLettersAsked = Schema.object(
        "DeadLettersAsked", [("asked", .integer(0...Int.max))])
    static let deadLetters = Schema.object(
        "DeadLetters",
        [
            ("total", .integer(0...Int.max)), ("dead_letters", .list(of: .deadLetter)),
            ("next_before", .nullable(.position)),
        ])
}
