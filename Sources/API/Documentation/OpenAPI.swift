/// The OpenAPI 3.1 document of a route table: nothing in it is written by hand a second time.
struct OpenAPI {
    static let version = "1.0.0"

    let routes: [Route]

    var json: JSON {
        [
            "openapi": .text("3.1.0"),
            "info": [
                "title": .text("ticktop"), "version": .text(OpenAPI.version),
                "description": .text(
                    "Live market figures from the program on this machine. Prices and sizes are "
                        + "exact decimals; read them as such. What is missing is null."),
            ],
            "servers": .list([["url": .text("/")]]),
            "paths": paths,
            "components": components,
        ]
    }

    private var paths: JSON {
        var patterns: [String] = []
        for route in routes where !patterns.contains(route.pattern) {
            patterns.append(route.pattern)
        }
        return .object(
            patterns.map { pattern in
                let methods = routes.filter { $0.pattern == pattern }
                return (
                    name: pattern,
                    value: .object(
                        methods.map { (name: $0.method.lowercased(), value: operation($0)) })
                )
            })
    }

    private func operation(_ route: Route) -> JSON {
        var members: [(name: String, value: JSON)] = [
            ("operationId", .text(OpenAPI.operationID(route.method, route.pattern))),
            ("summary", .text(route.summary)),
            ("parameters", .list(route.allParameters.map(OpenAPI.parameter))),
            ("responses", responses(route)),
            ("security", OpenAPI.security(route)),
        ]
        if let body = route.body {
            members.append(
                (
                    "requestBody",
                    [
                        "required": .bool(false),
                        "content": ["application/json": ["schema": body.json]],
                    ]
                ))
        }
        return .object(members)
    }

    /// `GET /quotes/{ticker}` is `get_quotes_ticker`.
    static func operationID(_ method: String, _ pattern: String) -> String {
        let words = pattern.split { !$0.isLetter && !$0.isNumber }
        return ([method.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static func parameter(_ definition: ParameterDefinition) -> JSON {
        var schema = definition.schema.json
        if let fallback = definition.fallback, case .object(let members) = schema {
            schema = .object(members + [("default", fallback)])
        }
        return [
            "name": .text(definition.name), "in": .text(definition.place.rawValue),
            "required": .bool(definition.place == .path),
            "description": .text(definition.meaning), "schema": schema,
        ]
    }

    private static func security(_ route: Route) -> JSON {
        let bearer: JSON = ["token": .list([])]
        if route.isWrite || route.needsToken { return .list([bearer]) }
        return route.isPublic ? .list([]) : .list([.object([]), bearer])
    }
}

extension OpenAPI {
    /// Every status the route may answer with.
    private func responses(_ route: Route) -> JSON {
        var all: [(name: String, value: JSON)] = []
        if route.isWebSocket {
            all.append(("101", ["description": .text("The WebSocket is open.")]))
        } else {
            all.append(("200", success(route)))
        }
        if route.cacheSeconds > 0 { all.append(("304", OpenAPI.unchanged)) }
        for status in OpenAPI.statuses(route) {
            all.append((String(status), ["$ref": .text("#/components/responses/Problem")]))
        }
        if route.statuses.contains(503), case .json(let schema) = route.answer {
            all.removeAll { $0.name == "503" }
            all.append(("503", OpenAPI.content("As 200, when unhealthy.", schema)))
        }
        return .object(all)
    }

    /// Has the headers of the full answer, as RFC 9110 wants.
    private static let unchanged: JSON = [
        "description": .text("The same as the answer whose ETag If-None-Match names; no body."),
        "headers": keeping,
    ]

    /// Headers of an answer that may be kept.
    private static let keeping: JSON = [
        "ETag": [
            "description": .text("Tells versions of the answer apart."), "required": .bool(true),
            "schema": ["type": .text("string")],
        ],
        "Cache-Control": [
            "description": .text("How many seconds it may be kept."), "required": .bool(true),
            "schema": ["type": .text("string")],
        ],
    ]

    private static func statuses(_ route: Route) -> [Int] {
        var all: Set = [400, 421, 429, 431, 503]
        all.formUnion(route.statuses)
        if !route.allParameters.isEmpty { all.insert(422) }
        if !route.isPublic { all.insert(401) }
        if route.isWrite { all.formUnion([403, 413, 415]) }
        if route.isWebSocket { all.formUnion([403, 426]) }
        return all.sorted()
    }

    private func success(_ route: Route) -> JSON {
        guard route.cacheSeconds > 0, case .object(let members) = answered(route) else {
            return answered(route)
        }
        return .object(members + [(name: "headers", value: OpenAPI.keeping)])
    }

    private func answered(_ route: Route) -> JSON {
        let text = "Done."
        switch route.answer {
        case .json(let schema): return OpenAPI.content(text, schema, links(route))
        case .listing(let schema, _, _):
            return [
                "description": .text(text),
                "content": [
                    "application/json": ["schema": schema.json],
                    "text/csv": ["schema": ["type": .text("string")]],
                ],
                "links": links(route),
            ]
        case .text(let contentType):
            let type = contentType.prefix { $0 != ";" }
            return [
                "description": .text(text),
                "content": .object([
                    (name: String(type), value: ["schema": ["type": .text("string")]])
                ]),
            ]
        case .rows(let name):
            return [
                "description": .text("\(name), as ticktop's own screens read them."),
                "content": ["application/octet-stream": ["schema": .object([])]],
            ]
        case .webSocket: return .null
        }
    }

    private static func content(
        _ text: String, _ schema: Schema, _ links: JSON = .object([])
    ) -> JSON {
        [
            "description": .text(text), "content": ["application/json": ["schema": schema.json]],
            "links": links,
        ]
    }

    /// To every operation that has such a path parameter.
    private func links(_ route: Route) -> JSON {
        .object(
            route.links.flatMap { link in
                let targets = routes.filter { target in
                    !target.isWebSocket
                        && target.parameters.contains {
                            $0.name == link.parameter && $0.place == .path
                        }
                }
                return targets.map { target -> (name: String, value: JSON) in
                    let id = OpenAPI.operationID(target.method, target.pattern)
                    let value = JSON.text("$response.body#\(link.pointer)")
                    return (
                        name: id,
                        value: [
                            "operationId": .text(id),
                            "parameters": .object([(name: link.parameter, value: value)]),
                        ]
                    )
                }
            })
    }

    private var components: JSON {
        var named: [String: Schema] = [:]
        for route in routes {
            switch route.answer {
            case .json(let schema), .listing(let schema, _, _): schema.collectNamed(into: &named)
            case .text, .rows, .webSocket: break
            }
            route.body?.collectNamed(into: &named)
        }
        var schemas = named.sorted { $0.key < $1.key }.map {
            (name: $0.key, value: $0.key == "Note" ? OpenAPI.note : $0.value.definition)
        }
        schemas.append(("Problem", OpenAPI.problem))
        return [
            "schemas": .object(schemas),
            "responses": [
                "Problem": [
                    "description": .text("An RFC 9457 problem document."),
                    "content": [
                        "application/problem+json": [
                            "schema": ["$ref": .text("#/components/schemas/Problem")]
                        ]
                    ],
                ]
            ],
            "securitySchemes": [
                "token": [
                    "type": .text("http"), "scheme": .text("bearer"),
                    "description": .text("`ticktop token` shows it."),
                ]
            ],
        ]
    }

    /// What a body may be is wider than what an answer is: members may be left out.
    private static let note: JSON = [
        "type": .text("object"),
        "properties": [
            "note": [
                "type": .list([.text("string"), .text("null")]),
                "maxLength": .of(AnomalyResources.noteCharactersMax),
            ]
        ],
    ]

    private static let problem: JSON = [
        "type": .text("object"),
        "properties": [
            "type": ["type": .text("string")], "title": ["type": .text("string")],
            "status": ["type": .text("integer")], "detail": ["type": .text("string")],
            "parameter": ["type": .text("string")], "range": ["type": .text("string")],
        ],
        "required": .list(["type", "title", "status", "detail"].map { .text($0) }),
        "additionalProperties": .bool(false),
    ]
}
