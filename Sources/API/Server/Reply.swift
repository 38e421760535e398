import HTTPTypes
import MarketModel

/// What a resource answers.
struct Reply: Sendable {
    enum Content: Sendable {
        case json(JSON)
        case bytes([UInt8])
    }

    var status = 200
    var contentType = "application/json"
    /// How long the answer may be kept, as its route says; 0: not at all.
    var cacheSeconds = 0
    /// Made of the snapshot taken then alone: kept here only until there is a newer one.
    var snapshotTakenAt: Timestamp?
    var headers: [(name: String, value: String)] = []
    var content: Content

    init(_ json: JSON, of snapshotTakenAt: Timestamp? = nil, status: Int = 200) {
        self.status = status
        self.snapshotTakenAt = snapshotTakenAt
        content = .json(json)
    }

    init(text: String, contentType: String) {
        self.contentType = contentType
        content = .bytes(Array(text.utf8))
    }

    init(bytes: [UInt8]) {
        contentType = "application/octet-stream"
        content = .bytes(bytes)
    }

    init(_ problem: Problem) {
        status = problem.status
        contentType = "application/problem+json"
        headers = problem.headers
        if problem.closesConnection { headers.append(("Connection", "close")) }
        content = .json(problem.json)
    }

    var body: [UInt8] {
        switch content {
        case .json(let json): json.bytes
        case .bytes(let bytes): bytes
        }
    }

    /// The rows of the list alone, where the next page begins in a header.
    func csv(member: String, columns: [String]) -> Reply {
        guard case .json(.object(let members)) = content,
            case .list(let rows)? = members.first(where: { $0.name == member })?.value
        else { preconditionFailure("a listing without its list \(member)") }
        var reply = self
        reply.contentType = CSV.contentType
        reply.content = .bytes(CSV.bytes(rows, columns: columns))
        for name in ["next_before", "next_end"] {
            if case .text(let cursor)? = members.first(where: { $0.name == name })?.value {
                reply.headers.append(("X-" + name.replacing("_", with: "-"), cursor))
            }
        }
        return reply
    }

    func headerFields(bodyBytes: Int) -> HTTPFields {
        var fields = HTTPFields()
        let named: [(name: String, value: String)] = [
            ("Content-Type", contentType), ("Content-Length", String(bodyBytes)),
            ("Cache-Control", cacheSeconds > 0 ? "private, max-age=\(cacheSeconds)" : "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        for (name, value) in named + headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
