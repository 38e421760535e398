import MarketModel

/// What a value of the API's JSON looks like: OpenAPI, the tests' check of real answers and the
/// columns of CSV are all made from it.
indirect enum Schema: Sendable {
    typealias Member = (name: String, schema: Schema)

    case text
    case pattern(String)
    /// RFC 3339 in UTC with milliseconds.
    case timestamp
    case date
    case boolean
    case integer(ClosedRange<Int>? = nil)
    /// An exact decimal or a statistic.
    case number
    case choice([String])
    case list(of: Schema)
    /// Every member is always there; the name is the one under `components`.
    case object(String, [Member])
    case nullable(Schema)
    /// An object that another standard describes.
    case foreign
}

extension Schema {
    static let ticker = Schema.pattern("^[A-Za-z0-9./:_^=-]{1,\(Symbol.lengthMax)}$")
    static let position = Schema.pattern("^[0-9]{1,9}\\.[0-9]{1,18}\\.[0-9]{1,9}$")

    /// The names of an object's members, in their order; empty for anything else.
    var memberNames: [String] {
        if case .object(_, let members) = self { members.map(\.name) } else { [] }
    }

    /// The named objects in here, this one included, each once.
    func collectNamed(into named: inout [String: Schema]) {
        switch self {
        case .object(let name, let members):
            named[name] = self
            for member in members { member.schema.collectNamed(into: &named) }
        case .list(let element): element.collectNamed(into: &named)
        case .nullable(let value): value.collectNamed(into: &named)
        default: break
        }
    }

    /// As JSON Schema 2020-12; named objects are references.
    var json: JSON {
        switch self {
        case .text: ["type": .text("string")]
        case .pattern(let pattern): ["type": .text("string"), "pattern": .text(pattern)]
        case .timestamp: ["type": .text("string"), "format": .text("date-time")]
        case .date: ["type": .text("string"), "format": .text("date")]
        case .boolean: ["type": .text("boolean")]
        case .integer(let range): Schema.integerJSON(range)
        case .number: ["type": .text("number")]
        case .choice(let names):
            ["type": .text("string"), "enum": .list(names.map { .text($0) })]
        case .list(let element): ["type": .text("array"), "items": element.json]
        case .object(let name, _): ["$ref": .text("#/components/schemas/\(name)")]
        case .foreign: ["type": .text("object")]
        case .nullable(let value): ["anyOf": .list([value.json, ["type": .text("null")]])]
        }
    }

    /// A named object in full, as it stands under `components`.
    var definition: JSON {
        guard case .object(_, let members) = self else { return json }
        return [
            "type": .text("object"),
            "properties": .object(members.map { (name: $0.name, value: $0.schema.json) }),
            "required": .list(members.map { .text($0.name) }),
            "additionalProperties": .bool(false),
        ]
    }

    private static func integerJSON(_ range: ClosedRange<Int>?) -> JSON {
        guard let range else { return ["type": .text("integer")] }
        return [
            "type": .text("integer"), "minimum": .of(range.lowerBound),
            "maximum": .of(range.upperBound),
        ]
    }
}
