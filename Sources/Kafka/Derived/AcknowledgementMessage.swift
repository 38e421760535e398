import Foundation
import MarketModel

/// What somebody has acknowledged, on its way to every node. The topic is compacted: the key is the
/// episode's id, and a message without a value takes the acknowledgement back.
public struct AcknowledgementMessage: Equatable, Sendable {
    public var episodeID: String
    /// `nil` when it was taken back.
    public var acknowledgement: Acknowledgement?

    public init(episodeID: String, acknowledgement: Acknowledgement?) {
        self.episodeID = episodeID
        self.acknowledgement = acknowledgement
    }

    /// The value; `nil` when it was taken back.
    public var bytes: [UInt8]? {
        guard let given = acknowledgement else { return nil }
        var text = MessageText()
        text.add("v", Int64(DerivedMessage.version))
        text.add("anomaly_id", episodeID)
        text.add("by", given.by)
        text.add("at", given.at)
        text.add("note", given.note)
        text.add("severity", given.severity.name)
        return text.finished()
    }

    /// `value` is `nil` for a message without one.
    public init(key: some Sequence<UInt8>, value: [UInt8]?) throws {
        episodeID = String(decoding: Array(key), as: UTF8.self)
        guard let value else { return }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let form = try decoder.decode(Form.self, from: Data(value))
        guard form.v == DerivedMessage.version else {
            throw DerivedMessageError.unknown(type: "acknowledgement", version: form.v)
        }
        acknowledgement = Acknowledgement(
            episodeID: episodeID, by: form.by, at: try MarketText.moment(form.at), note: form.note,
            severity: try MarketText.need(Severity(name: form.severity), "severity"))
    }

    private struct Form: Decodable {
        var v: Int
        var by: String
        var at: String
        var note: String
        var severity: String
    }
}
