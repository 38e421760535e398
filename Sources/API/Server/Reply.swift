import HTTPTypes
import Hummingbird

/// What a resource answers.
struct Reply: Sendable {
    enum Content: Sendable {
        case json(JSON)
        case bytes([UInt8])
    }

    var status = 200
    var contentType = "application/json"
    /// How long a client may keep the answer; 0: not at all.
    var cacheSeconds = 0
    var headers: [(name: String, value: String)] = []
    var content: Content

    init(_ json: JSON, cacheSeconds: Int = 0, status: Int = 200) {
        self.status = status
        self.cacheSeconds = cacheSeconds
        content = .json(json)
    }

    init(text: String, contentType: String, cacheSeconds: Int = 0) {
        self.contentType = contentType
        self.cacheSeconds = cacheSeconds
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

    func headerFields(bodyBytes: Int) -> [(name: String, value: String)] {
        [
            ("Content-Type", contentType), ("Content-Length", String(bodyBytes)),
            ("Cache-Control", cacheSeconds > 0 ? "private, max-age=\(cacheSeconds)" : "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ] + headers
    }

    /// With the headers of the full answer and no body for HEAD; 304 for a client that has it.
    func response(isHead: Bool, ifNoneMatch: String? = nil) -> Response {
        let body = body
        var fields = HTTPFields()
        var named = headerFields(bodyBytes: body.count)
        var isKnown = false
        if status == 200, cacheSeconds > 0 {
            let tag = Reply.entityTag(body)
            named.append(("ETag", tag))
            isKnown = ifNoneMatch.map { $0.contains(tag) || $0 == "*" } ?? false
        }
        if isKnown { named.removeAll { $0.name == "Content-Length" || $0.name == "Content-Type" } }
        for (name, value) in named {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        let isEmpty = isHead || isKnown
        return Response(
            status: .init(code: isKnown ? 304 : status), headers: fields,
            body: isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// FNV-1a of the body: tells versions apart, guards nothing.
    private static func entityTag(_ body: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"" + String(hash, radix: 16) + "\""
    }
}
