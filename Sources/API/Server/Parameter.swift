import MarketModel

/// What a path or query parameter may be: requests are read by it and OpenAPI is written from it.
struct Parameter<Value: Sendable>: Sendable {
    let definition: ParameterDefinition
    let read: @Sendable (APIRequest) throws(Problem) -> Value
}

struct ParameterDefinition: Sendable {
    enum Place: String { case path, query }

    var name: String
    var place = Place.query
    var meaning: String
    var schema: Schema
    /// What holds when it is not given.
    var fallback: JSON?
}

extension APIRequest {
    /// The parameter's value. The route must have declared it.
    func value<Value>(_ parameter: Parameter<Value>) throws(Problem) -> Value {
        assert(
            declared.contains(parameter.definition.name),
            "a handler reads \(parameter.definition.name), which its route does not declare")
        return try parameter.read(self)
    }
}

extension Parameter {
    static func integer(
        _ name: String, _ range: ClosedRange<Int>, default fallback: Int, _ meaning: String
    ) -> Parameter<Int> {
        Parameter<Int>(
            definition: ParameterDefinition(
                name: name, meaning: meaning, schema: .integer(range), fallback: .of(fallback))
        ) { (request) throws(Problem) in
            try request.integer(name, in: range, default: fallback)
        }
    }

    /// One of the names; `nil` when it is not given.
    static func choice<Choice: Sendable>(
        _ name: String, _ names: [String], _ meaning: String, default fallback: String? = nil,
        _ read: @escaping @Sendable (String) -> Choice?
    ) -> Parameter<Choice?> {
        Parameter<Choice?>(
            definition: ParameterDefinition(
                name: name, meaning: meaning, schema: .choice(names),
                fallback: fallback.map { .text($0) })
        ) { (request) throws(Problem) in
            let value = try request.choice(name, of: names, read)
            return value ?? fallback.flatMap(read)
        }
    }

    /// A text of the schema that `read` takes apart; `nil` when it is not given.
    static func text<Read: Sendable>(
        _ name: String, _ schema: Schema, _ meaning: String, range: String,
        _ read: @escaping @Sendable (String) -> Read?
    ) -> Parameter<Read?> {
        Parameter<Read?>(
            definition: ParameterDefinition(name: name, meaning: meaning, schema: schema)
        ) { (request) throws(Problem) in
            try request.choice(name, of: [range], read)
        }
    }
}

/// The parameters that several routes have.
enum Parameters {
    static let ticker = Parameter<Symbol>(
        definition: ParameterDefinition(
            name: "ticker", place: .path, meaning: "As its market spells it; `/` is sent as `%2F`.",
            schema: .ticker)
    ) { (request) throws(Problem) in try request.ticker() }

    static let hours = Parameter<Int>.integer(
        "hours", 1...168, default: 24, "How far back.")
    static let limit = Parameter<Int>.integer(
        "limit", 1...1000, default: 100, "How many at most.")

    static let beforePosition = Parameter<LogPosition?>.text(
        "before", .position, "`next_before` of the page before.", range: "epoch.offset.index"
    ) { LogPosition($0) }

    static let start = Parameter<Timestamp?>.text(
        "start", .timestamp, "Bars that start at this moment or later.", range: "RFC 3339"
    ) { moment($0) }
    static let end = Parameter<Timestamp?>.text(
        "end", .timestamp, "Bars that start before this moment.", range: "RFC 3339"
    ) { moment($0) }

    static let startDate = Parameter<Timestamp?>.text(
        "start_date", .date, "The first day.", range: "YYYY-MM-DD"
    ) { moment($0 + "T00:00:00Z") }
    /// As the first moment that is not asked for any more.
    static let endDate = Parameter<Timestamp?>.text(
        "end_date", .date, "The last day.", range: "YYYY-MM-DD"
    ) { moment($0 + "T00:00:00Z").map { $0.advanced(by: .seconds(86_400)) } }

    static let firstDay = Parameter<CivilDate?>.text(
        "from", .date, "The first day, at most 31 in all; the last one, when it is not given.",
        range: "YYYY-MM-DD"
    ) { CivilDate($0) }
    static let lastDay = Parameter<CivilDate?>.text(
        "to", .date, "The last day; today, when it is not given.", range: "YYYY-MM-DD"
    ) { CivilDate($0) }

    static let episodeState = Parameter<Bool?>.choice(
        "state", ["open", "closed"], "Only open or only closed ones."
    ) { ["open": true, "closed": false][$0] }
    static let acknowledged = Parameter<Bool?>.choice(
        "acknowledged", ["true", "false"], "Only those that somebody has seen, or nobody."
    ) { Bool($0) }
    static let severity = Parameter<Severity?>.choice(
        "severity", Severity.allCases.map(\.name), "Only those of this severity."
    ) { Severity(name: $0) }
    static let anomalyKind = Parameter<AnomalyKind?>.choice(
        "kind", AnomalyKind.allCases.map(\.rawValue), "Only those of this kind."
    ) { AnomalyKind(rawValue: $0) }

    static func interval(_ name: String, default fallback: BarInterval) -> Parameter<BarInterval?> {
        // The long names are what clients of other APIs send.
        let names = BarInterval.allCases.map(\.name) + ["1min", "5min", "15min"]
        return .choice(name, names, "The bars' length.", default: fallback.name) {
            BarInterval(name: $0)
        }
    }

    /// RFC 3339; beyond the years that a `Timestamp` holds, the nearest it does.
    private static func moment(_ text: String) -> Timestamp? {
        if let moment = Timestamp(rfc3339: text) { return moment }
        guard let year = Int(text.prefix(4)), Timestamp(rfc3339: "2000" + text.dropFirst(4)) != nil,
            !(1678...2261).contains(year)
        else { return nil }
        return year < 1970 ? .distantPast : Timestamp(nanoseconds: .max)
    }
}
