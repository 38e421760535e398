import HTTPTypes
import Hummingbird

/// An answer in the bytes that are sent: made once, sent as often as it is asked for.
struct PreparedReply: Sendable {
    let status: Int
    /// Of answers that may be kept.
    private let tag: String?
    private let fields: HTTPFields
    private let body: ByteBuffer

    init(_ reply: Reply) {
        let bytes = reply.body
        status = reply.status
        tag = reply.cacheSeconds > 0 ? PreparedReply.entityTag(bytes) : nil
        body = ByteBuffer(bytes: bytes)
        var fields = reply.headerFields(bodyBytes: bytes.count)
        if let tag { fields[.eTag] = tag }
        self.fields = fields
    }

    var byteCount: Int { body.readableBytes }

    /// With the headers of the full answer and no body for HEAD; 304 for a client that has it.
    /// `ageSeconds` is how long the answer has been kept here.
    func response(isHead: Bool, ifNoneMatch: String?, ageSeconds: Int = 0) -> Response {
        var fields = fields
        if ageSeconds > 0, let age = HTTPField.Name("Age") { fields[age] = String(ageSeconds) }
        let isKnown = isKnown(to: ifNoneMatch)
        if isKnown {
            fields[.contentLength] = nil
            fields[.contentType] = nil
        }
        return Response(
            status: .init(code: isKnown ? 304 : status), headers: fields,
            body: isHead || isKnown ? ResponseBody() : ResponseBody(byteBuffer: body))
    }

    private func isKnown(to ifNoneMatch: String?) -> Bool {
        guard let tag, let ifNoneMatch else { return false }
        return ifNoneMatch.contains(tag) || ifNoneMatch == "*"
    }

    /// FNV-1a of the body: tells versions apart, guards nothing.
    private static func entityTag(_ body: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"" + String(hash, radix: 16) + "\""
    }
}
