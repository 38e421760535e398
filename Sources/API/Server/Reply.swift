import HTTPTypes
import Hummingbird

/// What a resource answers.
struct Reply: Sendable {
    var status = 200
    var contentType = "application/json"
    /// How long a client may keep the answer; 0: not at all.
    var cacheSeconds = 0
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]

    init(_ json: JSON, cacheSeconds: Int = 0, status: Int = 200) {
        self.status = status
        self.cacheSeconds = cacheSeconds
        body = json.bytes
    }

    init(text: String, contentType: String) {
        self.contentType = contentType
        body = Array(text.utf8)
    }

    init(_ problem: Problem) {
        status = problem.status
        contentType = "application/problem+json"
        headers = problem.headers
        if problem.closesConnection { headers.append(("Connection", "close")) }
        body = problem.json.bytes
    }

    var headerFields: [(name: String, value: String)] {
        [
            ("Content-Type", contentType),
            ("Content-Length", String(body.count)),
            ("Cache-Control", cacheSeconds > 0 ? "private, max-age=\(cacheSeconds)" : "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ] + headers
    }

    /// With the headers of the full answer and no body for HEAD.
    func response(isHead: Bool) -> Response {
        var fields = HTTPFields()
        for (name, value) in headerFields {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return Response(
            status: .init(code: status), headers: fields,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
