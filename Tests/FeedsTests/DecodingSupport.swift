import Foundation
import MarketModel

@testable import Feeds

/// One frame decoded, with what came out beside the events.
struct Decoded {
    var batch = EventBatch()
    var controls: [ControlMessage] = []

    var events: [MarketEvent] { batch.events.map(\.event) }
    var trades: [Trade] {
        events.compactMap { if case .trade(let trade) = $0 { trade } else { nil } }
    }
    var quotes: [Quote] {
        events.compactMap { if case .quote(let quote) = $0 { quote } else { nil } }
    }
    var bars: [ProviderBar] {
        events.compactMap { if case .bar(let bar) = $0 { bar } else { nil } }
    }
    var bands: [PriceBand] {
        events.compactMap { if case .band(let band) = $0 { band } else { nil } }
    }
    var raw: [String] {
        batch.events.map { String(decoding: batch.rawBytes(of: $0), as: UTF8.self) }
    }

    /// Everything about the events, for comparing two ways of decoding.
    var trace: [String] {
        batch.events.map { logged in
            let detail =
                switch logged.event {
                case .refused(let index): "\(batch.refusals[Int(index)])"
                case .ignored(let index): batch.ignored[Int(index)]
                default: "\(logged.event)"
                }
            return "\(logged.position) \(logged.rawStart)+\(logged.rawCount) \(detail)"
        }
    }
}

let receivedAt = Timestamp(milliseconds: 1_767_286_799_500)

/// In a batch, other frames' bytes follow a frame: these, unless a test knows worse ones.
let bytesThatFollow = Array(repeatElement(#"7,"p":1}]"#.utf8, count: 16).joined())

func massive(
    _ bytes: some Sequence<UInt8>, speculates: Bool = true, followedBy rest: [UInt8]? = nil
) -> Decoded {
    var decoded = Decoded()
    decoded.batch.bytes = Array(bytes)
    let frame = 0..<decoded.batch.bytes.count
    decoded.batch.bytes += rest ?? bytesThatFollow
    var decoder = MassiveDecoder(speculates: speculates)
    decoder.decode(
        frame, receivedAt: receivedAt, position: .start,
        into: &decoded.batch)
    decoded.controls = decoder.controls
    return decoded
}

func massive(_ frame: String) -> Decoded { massive(frame.utf8) }

func binance(_ bytes: some Sequence<UInt8>, speculates: Bool = true) -> Decoded {
    var decoded = Decoded()
    decoded.batch.bytes = Array(bytes)
    var decoder = BinanceDecoder(speculates: speculates)
    decoder.decode(
        0..<decoded.batch.bytes.count, receivedAt: receivedAt, position: .start,
        into: &decoded.batch)
    decoded.controls = decoder.controls
    return decoded
}

func binance(_ frame: String) -> Decoded { binance(frame.utf8) }

/// The lines that `Reference/decode_frames.py` prints of the same events.
func referenceLines(_ decoded: Decoded) -> [String] {
    decoded.events.compactMap { event in
        switch event {
        case .trade(let trade):
            let conditions = trade.conditions.ids.map(String.init).joined(separator: ",")
            return "T \(trade.symbol) \(trade.price) \(trade.size) "
                + "\(trade.executedAt.milliseconds) \(trade.sequence) [\(conditions)]"
        case .quote(let quote):
            return "Q \(quote.symbol) \(quote.bid) \(quote.ask) \(quote.bidSize) "
                + "\(quote.askSize) \(quote.quotedAt.milliseconds) \(quote.sequence)"
        default: return nil
        }
    }
}

func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appending(path: "Fixtures/\(name)")))
}

extension EventBatch {
    /// What records of a log hold, each as if it were the log's first.
    init(decoding records: [LogRecord]) {
        self.init()
        var decoder = RecordDecoder()
        for record in records {
            let start = bytes.count
            bytes += record.payload
            decoder.decode(
                kind: record.kind, source: record.source, receivedAt: record.receivedAt,
                position: .start, payload: start..<bytes.count, into: &self)
        }
    }
}
