import Foundation
import MarketModel
import TestSupport
import Testing

@testable import Feeds

@Suite struct `Cutting records into parts` {
    private func parts(_ record: LogRecord) -> [RecordPart] {
        var splitter = RecordSplitter()
        var parts: [RecordPart] = []
        splitter.split(record, into: &parts)
        return parts
    }

    private func frame(_ text: String, of source: FeedSource = .massive) -> LogRecord {
        LogRecord(
            kind: .frame, source: source, receivedAt: receivedAt, payload: Array(text.utf8))
    }

    private func bytes(_ part: RecordPart, of record: LogRecord) -> [UInt8] {
        part.withBytes(of: record) { Array($0) }
    }

    private func text(_ part: RecordPart, of record: LogRecord) -> String {
        String(decoding: bytes(part, of: record), as: UTF8.self)
    }

    /// Each event with what it was made of, but for where it lies.
    private func events(_ records: [LogRecord]) -> [String] {
        let batch = EventBatch(decoding: records)
        return batch.events.map { logged in
            let detail =
                switch logged.event {
                case .refused(let index): "\(batch.refusals[Int(index)])"
                case .ignored(let index): "ignored \(batch.ignored[Int(index)])"
                case .article(let index): "\(batch.articles[Int(index)])"
                case .notice(let index): "\(batch.notices[Int(index)])"
                default: "\(logged.event)"
                }
            let isArticle = if case .article = logged.event { true } else { false }
            var raw = isArticle ? [] : batch.rawBytes(of: logged)
            if case .refused = logged.event, raw.first == UInt8(ascii: ",") { raw.removeFirst() }
            return "\(logged.receivedAt) \(detail) \(String(decoding: raw, as: UTF8.self))"
        }
    }

    /// What the parts of a record are, read one after the other.
    private func eventsOfParts(_ record: LogRecord) -> [String] {
        events(
            parts(record).map { part in
                LogRecord(
                    kind: record.kind, source: record.source, receivedAt: record.receivedAt,
                    payload: bytes(part, of: record))
            })
    }

    private let mixed =
        #"[{"ev":"T","sym":"AAPL","i":"90210","x":4,"p":231.4401,"s":37,"ds":"37.5","c":[12,37],"#
        + #""t":1767286799123,"q":771204,"z":3},{"ev":"Q","sym":"BRK.B","bx":11,"bp":231.43,"#
        + #""bs":2,"ax":12,"ap":231.45,"as":4,"c":1,"t":1767286799124,"q":771205,"z":3},"#
        + #"{"ev":"LULD","T":"MSFT","h":254.58,"l":208.30,"i":[17],"t":1767286799120000,"q":1},"#
        + #"{"ev":"status","status":"success","message":"hello"},{"t":1,"ev":"T"},"#
        + #"{"sym":"A","v":1,"o":1,"c":1,"h":1,"l":1,"s":1767286740000,"ev":"A"}]"#

    @Test func `a frame's elements go each to its own ticker, what is none to nobody's`() {
        let record = frame(mixed)
        let found = parts(record)
        #expect(
            found.map(\.place) == [
                .ticker("AAPL"), .ticker("BRK.B"), .ticker("MSFT"), .anywhere, .anywhere,
                .ticker("A"),
            ])
        #expect(text(found[0], of: record).hasPrefix(#"{"ev":"T","sym":"AAPL""#))
        #expect(text(found[0], of: record).hasSuffix(#""z":3}"#))
        #expect(eventsOfParts(record) == events([record]))
    }

    @Test func `a wrapped trade of Binance stays whole`() {
        let record = frame(
            #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1610064000278,"s":"BTCUSDT","#
                + #""t":553287559,"p":"39432.48000000","q":"0.00026300","T":1610064000278,"#
                + #""m":true}}"#,
            of: .binance)
        #expect(parts(record).map(\.place) == [.ticker("BTCUSDT")])
        #expect(
            text(parts(record)[0], of: record) == String(decoding: record.payload, as: UTF8.self))
    }

    @Test func `garbage is refused for the same reason after it as before`() {
        for garbage in [
            "x", "[1,2]", "[[]]", #"[[{"ev":"T"}]]"#, mixed + "]", "[" + mixed + "]",
            String(mixed.dropLast()), String(mixed.dropLast(3)), #"[{"ev":"T" "sym":1},"a"]"#,
            "[,]", "[null]", #"{"ev":"T","sym":"AAPL"}{"#,
        ] {
            let record = frame(garbage)
            #expect(eventsOfParts(record) == events([record]), "\(garbage)")
        }
        #expect(parts(frame("")).isEmpty)
    }

    @Test func `mutated frames come apart into the events they are`() {
        let seed: UInt64 = 20260102
        var random = SeededRandom(seed: seed)
        let alphabet = Array(#"{}[]",:\u0eE+-.19tnTQ "#.utf8) + [0, 10, 31, 128, 255]
        for round in 0..<3000 {
            var payload = Array(mixed.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where payload.count > 1 {
                let place = Int.random(in: 0..<payload.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: payload.remove(at: place)
                case 1: payload.insert(alphabet.randomElement(using: &random)!, at: place)
                case 2: payload[place] = alphabet.randomElement(using: &random)!
                default: payload.removeLast(min(payload.count - 1, payload.count - place))
                }
            }
            let record = LogRecord(
                kind: .frame, source: .massive, receivedAt: receivedAt, payload: payload)
            let (whole, cut) = (events([record]), eventsOfParts(record))
            guard whole != cut else { continue }
            let frame = String(decoding: payload, as: UTF8.self)
            Issue.record("seed \(seed), round \(round): \(frame)\n\(whole)\n\(cut)")
            return
        }
    }

    @Test func `a frame too large to be read is cut and still too large`() {
        let record = LogRecord(
            kind: .frame, source: .massive, receivedAt: receivedAt,
            payload: [UInt8](repeating: 65, count: 3 << 20))
        let found = parts(record)
        #expect(found.map(\.place) == [.anywhere])
        #expect(bytes(found[0], of: record).count == (1 << 20) + 1)
        #expect(eventsOfParts(record) == events([record]))
    }

    @Test func `articles about several tickers become one about each`() {
        let text =
            #"{"datetime":1767286000,"headline":"Both rise","id":7,"related":"AAPL,MSFT","#
            + #""source":"Wire","summary":"They do.","url":"https://example.com/7"}"#
        let record = LogRecord(
            kind: .article, source: .finnhub, receivedAt: receivedAt, payload: Array(text.utf8))
        #expect(parts(record).map(\.place) == [.ticker("AAPL"), .ticker("MSFT")])
        #expect(eventsOfParts(record) == events([record]))
    }

    @Test func `time and connections go to every partition, what was shed to one`() {
        func record(_ kind: LogRecordKind, _ payload: [UInt8] = []) -> LogRecord {
            LogRecord(kind: kind, source: .ticktop, receivedAt: receivedAt, payload: payload)
        }
        #expect(parts(record(.clock)).map(\.place) == [.everywhere])
        let down = RecordPayload.encode(.disconnected(.massive, reason: "gone"))
        #expect(parts(record(.connection, down)).map(\.place) == [.everywhere])
        let shed = RecordPayload.encode(.shed(.massive, trades: 1, quotes: 2, other: 3))
        #expect(parts(record(.shed, shed)).map(\.place) == [.anywhere])
        let close = RecordPayload.encode(
            .previousClose("NVDA", "10.5", tradingDate: CivilDate(daysSince1970: 20_000)))
        #expect(parts(record(.reference, close)).map(\.place) == [.ticker("NVDA")])
    }
}
