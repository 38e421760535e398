import MarketModel

/// What was refused, newest first.
struct DeadLetterResources: Sendable {
    /// Of one dead letter in a list; the store keeps more.
    static let rawBytesShown = 4096

    let reader: MarketReader

    var routes: [Route] {
        [
            .get(
                "/api/v1/dead-letters", "What was refused, and why; newest first.",
                [Parameters.limit.definition, Parameters.beforePosition.definition],
                answer: .listing(.deadLetters, member: "dead_letters", rows: .deadLetter),
                deadLetters)
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

extension JSON {
    fileprivate static func deadLetter(_ letter: DeadLetter) -> JSON {
        let shown = letter.raw.prefix(DeadLetterResources.rawBytesShown)
        return [
            "id": .of(letter.position.description), "source": .of(letter.source.name),
            "received_at": .of(letter.receivedAt), "offset": .of(letter.position.offset),
            "reason": .of(letter.refusal.reason.rawValue), "field": .of(letter.refusal.field),
            "ticker": .of(letter.refusal.symbol),
            "raw": .of(String(decoding: shown, as: UTF8.self)),
            "raw_bytes": .of(letter.raw.count),
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
        ])
    static let deadLetters = Schema.object(
        "DeadLetters",
        [
            ("total", .integer(0...Int.max)), ("dead_letters", .list(of: .deadLetter)),
            ("next_before", .nullable(.position)),
        ])
}
