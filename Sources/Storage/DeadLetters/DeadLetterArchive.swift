import Foundation
import MarketModel

/// Files of dead letters that were put aside: a JSON object a line, a file for each UTC day.
struct DeadLetterArchive: Sendable {
    let directory: String

    /// Durable when it returns.
    func append(_ letters: [DeadLetter], at now: Timestamp) throws {
        guard !letters.isEmpty else { return }
        let directory = try Directory(creating: directory)
        let name = now.description.prefix(10) + ".ndjson"
        let file = try OpenFile(directory.file(String(name)), flags: O_RDWR | O_CREAT | O_APPEND)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        // A line cut short by a full disk must not swallow the next.
        let end = file.byteCount
        if end > 0, try file.read(1, at: end - 1) != [UInt8(ascii: "\n")] {
            bytes.append(UInt8(ascii: "\n"))
        }
        for letter in letters {
            bytes += try encoder.encode(ArchivedLetter(letter, at: now))
            bytes.append(UInt8(ascii: "\n"))
        }
        try file.writeAll(bytes)
        try file.sync()
        try directory.sync()
    }
}

/// One line. The raw bytes are a text where they are one, else Base64.
private struct ArchivedLetter: Encodable {
    var id: String
    var source: String
    var receivedAt: String
    var reason: String
    var field: String
    var ticker: String?
    var retries: Int
    var retriedAt: String?
    var archivedAt: String
    var raw: String?
    var rawBase64: String?

    init(_ letter: DeadLetter, at now: Timestamp) {
        id = letter.position.description
        source = letter.source.name
        receivedAt = letter.receivedAt.description
        reason = letter.refusal.reason.rawValue
        field = letter.refusal.field
        ticker = letter.refusal.symbol?.description
        retries = letter.retries
        retriedAt = letter.retriedAt?.description
        archivedAt = now.description
        raw = String(validating: letter.raw, as: UTF8.self)
        rawBase64 = raw == nil ? Data(letter.raw).base64EncodedString() : nil
    }

    enum CodingKeys: String, CodingKey {
        case id, source, reason, field, ticker, retries, raw
        case receivedAt = "received_at"
        case retriedAt = "retried_at"
        case archivedAt = "archived_at"
        case rawBase64 = "raw_base64"
    }
}
